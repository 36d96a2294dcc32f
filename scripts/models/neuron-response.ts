/** What a neuron model does with a constant input: its first state variable over time, and its rate by the input. */
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import type { NeuronDefinition } from '../../src/core/definitions/neuron-definition.js';
import { spikeTrainFromRaster } from '../../src/core/encoding/spike-train.js';
import { Monitor } from '../../src/core/network/monitors.js';
import { Network } from '../../src/core/network/network.js';
import { Input } from '../../src/core/network/nodes/index.js';
import { Connection } from '../../src/core/network/topology/index.js';

/** How long rates are counted, and the trace is drawn [steps of 1 ms]. */
export const countedSteps = 1000;
export const tracedSteps = 200;

/** Inputs that a neuron model is drawn at, in the unit of its input. */
export interface Drive {
  /** Constant input of the trace. */
  readonly input: number;
  /** The largest one whose rate is drawn. */
  readonly most: number;
  /** The state variable that is traced: the first one. */
  readonly variable: string;
}

export interface NeuronResponse extends Drive {
  /** Value of the variable after each step. */
  readonly trace: Float32Array;
  /** Steps of the trace in which the neuron spikes. */
  readonly spikes: readonly number[];
  readonly inputs: readonly number[];
  /** Spikes in a second, by input. */
  readonly rates: readonly number[];
}

/** 10 of them a decade. */
const searched = Array.from({ length: 91 }, (_, i) => 10 ** (i / 10 - 4));

/** Inputs of which those that make a neuron spike 20 times a second more than without any are a quarter. */
export async function findDrive(definition: NeuronDefinition): Promise<Drive> {
  const [silent, ...found] = await countSpikes(definition, [0, ...searched]);
  const least = searched[found.findIndex((count) => count >= silent + 20)];
  if (least === undefined) throw new Error(`${definition.name}: no input up to 100,000 makes it spike`);
  const roundTo2Digits = (value: number) => Number(value.toPrecision(2));
  return {
    input: roundTo2Digits(1.5 * least),
    most: roundTo2Digits(4 * least),
    variable: Object.keys(definition.state)[0],
  };
}

export async function respondToInput(definition: NeuronDefinition): Promise<NeuronResponse> {
  const drive = await findDrive(definition);
  const { input, most, variable } = drive;
  const monitor = await run(definition, [input], { steps: tracedSteps, variables: [variable, 'spikes'] });
  const trace = monitor.get(variable).data;
  const inputs = Array.from({ length: 61 }, (_, i) => (most * i) / 60);
  const spiked = monitor.get('spikes').data;
  return {
    ...drive,
    trace,
    spikes: [...spiked.keys()].filter((step) => spiked[step] !== 0),
    inputs,
    rates: await countSpikes(definition, inputs),
  };
}

/** Spikes within a second of neurons that are given these inputs. */
export async function countSpikes(
  definition: NeuronDefinition,
  inputs: readonly number[],
): Promise<number[]> {
  const monitor = await run(definition, inputs, { steps: countedSteps, variables: ['spikes'] });
  const { data, size, steps } = monitor.get('spikes');
  return inputs.map((_, neuron) => {
    let count = 0;
    for (let step = 0; step < steps; step++) count += data[step * size + neuron];
    return count;
  });
}

/** A neuron for each input, which a source brings that spikes in every step; none of them learns. */
async function run(
  definition: NeuronDefinition,
  inputs: readonly number[],
  { steps, variables }: { steps: number; variables: readonly string[] },
): Promise<Monitor> {
  const Neuron = defineNeuron(definition);
  const monitor = new Monitor({ variables });
  // Neurons of which one spikes in a step would wait for each other.
  const apart = definition.select === undefined ? {} : { select: 'all' };
  const network = new Network({ threads: 1 })
    .addLayer('X', new Input({ shape: 1 }))
    .addLayer('Y', new Neuron({ shape: inputs.length, ...apart }))
    .addConnection('X', 'Y', new Connection({ w: Float32Array.from(inputs) }))
    .addMonitor('Y', monitor);
  const raster = new Uint8Array(steps).fill(1);
  await network.run({ X: spikeTrainFromRaster(raster, steps, 1) }, { learn: false });
  network.dispose();
  return monitor;
}
