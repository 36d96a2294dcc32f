/** The spikes that a statistic is of: those of a list or a monitor, within a time window. */
import { checkSpikeTrain, cutTrain, type SpikeTrain } from '../core/encoding/spike-train.js';
import { Monitor } from '../core/network/monitors.js';
import { countWholeSteps } from '../core/network/steps.js';
import type { Precision } from '../core/precision.js';
import { invalidArgument } from '../errors.js';
import { count, number, oneOf, type Schema, text } from '../options.js';

/** A list of spikes, or a monitor that recorded them in every step. */
export type SpikeData = SpikeTrain | Monitor<Precision>;

export interface SpikeSelection {
  /** Length of a step of a list [ms]; a monitor knows that of its network. Default: 1. */
  dt?: number;
  /** The layer, where a monitor records several. */
  of?: string;
  /** Beginning of the time window [ms], whole steps after the first recorded one began. Default: 0. */
  from?: number;
  /** End of the time window [ms]. Default: that of the recording. */
  to?: number;
}

const size = count({ least: 0, unit: 'neurons' });

export const milliseconds = number({ above: 0, unit: 'ms' });

export const selectionFields: Schema<SpikeSelection> = {
  dt: milliseconds,
  of: text,
  from: number({ least: 0, unit: 'ms' }),
  to: number({ least: 0, unit: 'ms' }),
};

/** Spikes of a time window. */
export interface SelectedSpikes extends SpikeTrain {
  /** Length of a step [ms]. */
  readonly dt: number;
  /** When the first step begins [ms]. */
  readonly from: number;
}

/**
 * The spikes of the window.
 *
 * @param place names the caller in errors
 * @throws LocusError `INVALID_ARGUMENT` for what are no spikes, a monitor that left steps out, or a window beyond the recording;
 * `UNKNOWN_NAME` for a layer that the monitor does not record
 */
export function selectSpikes(place: string, spikes: SpikeData, selection: SpikeSelection): SelectedSpikes {
  const { train, dt } =
    spikes instanceof Monitor ? readMonitor(place, spikes, selection) : readList(place, spikes, selection);
  const { from = 0, to = train.steps * dt } = selection;
  const begin = countSteps(place, 'from', from, dt);
  const end = countSteps(place, 'to', to, dt);
  if (end > train.steps)
    throw invalidArgument(place, `to ≤ ${train.steps * dt} ms, the end of the spikes`, to);
  if (begin > end) throw invalidArgument(place, `from ≤ ${to} ms, the end of the window`, from);
  return { ...cutTrain(train, begin, end - begin), dt, from };
}

interface TimedSpikes {
  readonly train: SpikeTrain;
  readonly dt: number;
}

function readList(place: string, train: SpikeTrain, { dt = 1, of }: SpikeSelection): TimedSpikes {
  checkSpikeTrain(train, train?.size, place);
  size(place, 'size', train.size);
  if (of !== undefined) throw invalidArgument(place, 'of to be left out with a list of spikes', of);
  return { train, dt };
}

function readMonitor(place: string, monitor: Monitor<Precision>, { dt, of }: SpikeSelection): TimedSpikes {
  if (of !== undefined) oneOf(monitor.recorded)(place, 'of', of);
  const train = monitor.spikes(of);
  const { every, dt: own } = monitor.timing(of);
  if (every > 1) throw invalidArgument(place, 'a monitor of every step', `one of every ${every} steps`);
  if (dt !== undefined && dt !== own) {
    throw invalidArgument(place, `dt to be left out, or ${own} ms as in the network`, dt);
  }
  return { train, dt: own };
}

/** A duration in steps, which must be a whole number of them. */
export function countSteps(place: string, name: string, duration: number, dt: number): number {
  const steps = countWholeSteps(duration, dt);
  if (steps === null) throw invalidArgument(place, `${name} to be whole steps of ${dt} ms`, duration);
  return steps;
}
