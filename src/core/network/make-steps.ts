/** Makes the steps of a run, in blocks where the engine can and nothing has to be read or given in between. */
import {
  cutTrain,
  renumberSpikes,
  type SpikeTrain,
  spikesAt,
  spikeTrainFromRaster,
} from '../encoding/spike-train.js';
import { letEventsIn } from '../engine/let-events-in.js';
import type { Precision } from '../precision.js';
import type { GivenRun } from './given-draws.js';
import type { Track } from './monitors.js';
import { type RunSignal, signalValue } from './rule-inputs.js';
import type { Program } from './program.js';
import type { RunInputs } from './run-inputs.js';
import type { Simulation } from './simulation.js';

/** What a monitor records of a layer or connection. */
export interface RecordedPlace<P extends Precision> {
  readonly track: Track<P>;
  /** The layer whose spikes it lists: its index, and the published index of its neurons, null where that is the same. */
  readonly layer: { readonly index: number; readonly published: Uint32Array | null } | null;
  /** Values of a variable, published order. */
  readonly read: (variable: string) => ReturnType<Simulation<P>['getVariable']>;
}

export interface Steps<P extends Precision> {
  readonly steps: number;
  readonly learn: boolean;
  /** Spikes of input layers, engine order. */
  readonly trains: ReadonlyMap<number, SpikeTrain>;
  readonly outside: RunInputs;
  readonly given: GivenRun;
  /** What rules read, by name. */
  readonly signals: Readonly<Record<string, RunSignal>>;
  readonly recorded: readonly RecordedPlace<P>[];
  readonly onProgress?: (steps: number) => void;
  readonly signal?: AbortSignal;
}

/** Spikes that a block may list take no more memory than so many numbers. */
const mostListed = 2 ** 21;
const mostSteps = 1024;
/** Time after which a run lets other work of the program go on. */
const patience = 50;

/** Returns how many steps were made: all, unless the signal ended it. */
export async function makeSteps<P extends Precision>(
  simulation: Simulation<P>,
  run: Steps<P>,
): Promise<number> {
  const { steps, recorded, onProgress, signal } = run;
  // A function may read the network between two steps.
  const isClosedLoop = Object.values(run.signals).some((values) => typeof values === 'function');
  const isAlone = run.outside.isEmpty && run.given.isEmpty && !isClosedLoop;
  const advance = isAlone && simulation.advance?.bind(simulation);
  const layers = [...new Set(recorded.flatMap(({ layer }) => (layer ? [layer.index] : [])))];
  const longest = longestBlockOf(simulation.program, layers);
  let rested = performance.now();
  let t = 0;
  while (t < steps) {
    if (signal?.aborted) break;
    const waits = recorded.flatMap(({ track }) => (track.valued.length > 0 ? [track.stepsToNext] : []));
    const n = advance ? Math.min(steps - t, longest, ...waits) : 1;
    const spikes = advance
      ? makeBlock(advance, (step) => setSignals(simulation, run, t + step), run, layers, t, n)
      : makeStep(simulation, run, layers, t);
    for (const place of recorded) {
      recordSteps(place, n, place.layer && spikes[layers.indexOf(place.layer.index)]);
    }
    t += n;
    if (performance.now() - rested < patience) continue;
    onProgress?.(t);
    await letEventsIn();
    rested = performance.now();
  }
  onProgress?.(t);
  return t;
}

/** Most steps of a block that lists the spikes of these layers. */
export function longestBlockOf({ layers }: Program, spikesOf: readonly number[]): number {
  const sizes = spikesOf.reduce((sum, layer) => sum + layers[layer].size, 0);
  return Math.max(1, Math.min(mostSteps, Math.floor(mostListed / Math.max(1, sizes))));
}

/** Makes a block of steps from step `first` of the trains on; returns the spikes of the layers. */
export function makeBlock<P extends Precision>(
  advance: NonNullable<Simulation<P>['advance']>,
  setSignals: (step: number) => void,
  { trains, learn }: Pick<Steps<P>, 'trains' | 'learn'>,
  spikesOf: readonly number[],
  first: number,
  steps: number,
): readonly SpikeTrain[] {
  const inputs = new Map([...trains].map(([layer, train]) => [layer, cutTrain(train, first, steps)]));
  // Of inputs the spikes are known.
  const neurons = spikesOf.filter((layer) => !trains.has(layer));
  const found = advance({ inputs, steps, learn, spikesOf: neurons, setSignals });
  return spikesOf.map((layer) => inputs.get(layer) ?? found[neurons.indexOf(layer)]);
}

function makeStep<P extends Precision>(
  simulation: Simulation<P>,
  run: Steps<P>,
  spikesOf: readonly number[],
  t: number,
): readonly SpikeTrain[] {
  const { trains, learn, outside, given } = run;
  setSignals(simulation, run, t);
  outside.give(simulation, t);
  const inputs = new Map([...trains].map(([index, train]) => [index, spikesAt(train, t)]));
  simulation.step(inputs, learn, given.at(t));
  given.checkChoices(t, (layer) => simulation.getVariable(layer, 'spikes'));
  return spikesOf.map((layer) => listSpikes(simulation, layer));
}

function setSignals<P extends Precision>(simulation: Simulation<P>, { signals }: Steps<P>, t: number): void {
  for (const [name, values] of Object.entries(signals)) {
    if (typeof values === 'function') {
      simulation.setSignal(name, signalValue('Network.run', `signal ${name}`, values(t)));
    } else simulation.setSignal(name, typeof values === 'number' ? values : values[t]);
  }
}

/** Records a step of an engine that makes all steps itself. */
export function recordStep<P extends Precision>(place: RecordedPlace<P>, simulation: Simulation<P>): void {
  recordSteps(place, 1, place.layer && listSpikes(simulation, place.layer.index));
}

/** @param spikes of the layer, engine order, where they are listed */
function recordSteps<P extends Precision>(
  { track, layer, read }: RecordedPlace<P>,
  steps: number,
  spikes: SpikeTrain | null,
): void {
  const isRecorded = track.stepsToNext === steps;
  track.advance(steps, spikes && layer?.published ? renumberSpikes(spikes, layer.published) : spikes);
  if (!isRecorded) return;
  for (const variable of track.valued) track.record(variable, read(variable));
}

/** The spikes that a layer has made in the last step, as a train of it. */
export function listSpikes<P extends Precision>(simulation: Simulation<P>, layer: number): SpikeTrain {
  const spikes = simulation.getVariable(layer, 'spikes');
  return spikeTrainFromRaster(spikes, 1, spikes.length);
}
