/** Input neurons that bring their spikes: nothing is to be given to them. */
import { checkSpikeTrain, spikeTrainFromEvents, type SpikeTrain } from '../../encoding/spike-train.js';
import { invalidArgument } from '../../../errors.js';
import { type Field, list, numbers, readOptions, required, type Schema } from '../../../options.js';
import { countNeurons, type LayerShape, parseShape, shapeField } from '../shape.js';
import { countBegunSteps } from '../steps.js';
import { type InputParameters, inputModel } from './input.js';
import { type LayerDescription, type NeuronConstants, timeConstant } from './neuron-model.js';

export interface SpikeSourceParameters extends InputParameters {
  /**
   * Spikes since the state was reset: a train, or of every neuron the times of its spikes [ms]. A time belongs to the step in which it
   * lies, the first from 0 up to, not including, `dt`. After the last spike the neurons are silent.
   */
  spikes: SpikeTrain | readonly ArrayLike<number>[];
}

const timesOfNeurons = list(numbers);

const spikesField: Field<SpikeSourceParameters['spikes']> = (place, name, value) =>
  Array.isArray(value) ? timesOfNeurons(place, name, value) : (value as SpikeTrain);

const schema: Schema<SpikeSourceParameters> = {
  shape: required(shapeField),
  spikes: required(spikesField),
  tcTrace: timeConstant,
};

export class SpikeSource implements LayerDescription {
  readonly model = inputModel;
  readonly shape: LayerShape;
  readonly tcTracePre: number;
  readonly tcTracePost: number;
  readonly spikes: (dt: number) => SpikeTrain;
  readonly options: SpikeSourceParameters;

  constructor(parameters: SpikeSourceParameters) {
    this.options = readOptions('SpikeSource', schema, parameters);
    const { shape, spikes, tcTrace = 20 } = this.options;
    this.shape = parseShape(shape, 'SpikeSource');
    this.tcTracePre = tcTrace;
    this.tcTracePost = tcTrace;
    const size = countNeurons(this.shape);
    if (!Array.isArray(spikes)) {
      checkSpikeTrain(spikes as SpikeTrain, size, 'SpikeSource, spikes');
      this.spikes = () => spikes as SpikeTrain;
      return;
    }
    checkTimes(spikes, size);
    this.spikes = (dt) => trainOfTimes(spikes, dt);
  }

  constants(): NeuronConstants {
    return {};
  }
}

function checkTimes(times: readonly ArrayLike<number>[], size: number): void {
  const place = 'SpikeSource, spikes';
  if (times.length !== size) {
    throw invalidArgument(place, `a list of spike times for each of ${size} neurons`, times.length);
  }
  times.forEach((own, neuron) => {
    const wrong = Array.from(own).find((time) => !(time >= 0 && Number.isFinite(time)));
    if (wrong !== undefined) throw invalidArgument(place, `times ≥ 0 ms (neuron ${neuron})`, wrong);
  });
}

/** @throws LocusError where a neuron would spike twice in a step */
function trainOfTimes(times: readonly ArrayLike<number>[], dt: number): SpikeTrain {
  const place = 'SpikeSource, spikes';
  const steps: number[] = [];
  const neurons: number[] = [];
  times.forEach((own, neuron) => {
    const chosen = new Map<number, number>();
    for (const time of Array.from(own)) {
      const step = countBegunSteps(time, dt, place);
      const other = chosen.get(step);
      if (other !== undefined) {
        const expectation = `one spike at most of neuron ${neuron} in a step of ${dt} ms`;
        throw invalidArgument(place, expectation, `${other} ms and ${time} ms`);
      }
      chosen.set(step, time);
      steps.push(step);
      neurons.push(neuron);
    }
  });
  const length = steps.reduce((most, step) => Math.max(most, step + 1), 0);
  return spikeTrainFromEvents(steps, neurons, length, times.length);
}
