/** Spikes of layers that bring their own: what they are in the steps since the state was reset. */
import { cutTrain, type SpikeTrain, spikesAt } from '../encoding/spike-train.js';
import type { Precision } from '../precision.js';
import { overrideSimulation } from './override-simulation.js';
import type { Program } from './program.js';
import type { Simulation } from './simulation.js';

const none = new Uint32Array();

class SourceSpikes {
  /** In engine order, by layer. */
  readonly #trains: ReadonlyMap<number, SpikeTrain>;
  /** Steps since the state was reset. */
  #step = 0;

  constructor({ layers }: Program) {
    this.#trains = new Map(
      layers.flatMap(({ spikes }, layer): [number, SpikeTrain][] => (spikes ? [[layer, spikes]] : [])),
    );
  }

  reset(): void {
    this.#step = 0;
  }

  /** The inputs of the next step, with the spikes of sources. */
  next(inputs: ReadonlyMap<number, Uint32Array>): ReadonlyMap<number, Uint32Array> {
    const step = this.#step++;
    const all = new Map(inputs);
    for (const [layer, train] of this.#trains)
      all.set(layer, step < train.steps ? spikesAt(train, step) : none);
    return all;
  }

  /** The inputs of the next steps, with the spikes of sources. */
  nextSteps(inputs: ReadonlyMap<number, SpikeTrain>, steps: number): ReadonlyMap<number, SpikeTrain> {
    const first = this.#step;
    this.#step += steps;
    const all = new Map(inputs);
    for (const [layer, train] of this.#trains) all.set(layer, cutTrain(train, first, steps));
    return all;
  }
}

/** The simulation, in which layers that bring their own spikes make them. */
export function feedSources<P extends Precision>(simulation: Simulation<P>): Simulation<P> {
  const { program } = simulation;
  if (program.layers.every(({ spikes }) => spikes === null)) return simulation;
  const sources = new SourceSpikes(program);
  const advance = simulation.advance?.bind(simulation);
  const run = simulation.run?.bind(simulation);
  return overrideSimulation(simulation, {
    resetState: (image) => {
      sources.reset();
      simulation.resetState(image);
    },
    step: (inputs, learn, draws) => simulation.step(sources.next(inputs), learn, draws),
    ...(advance && {
      advance: (block) => {
        const inputs = sources.nextSteps(block.inputs, block.steps);
        const spikesOf = block.spikesOf.filter((layer) => !inputs.has(layer));
        const found = advance({ ...block, inputs, spikesOf });
        return block.spikesOf.map((layer) => inputs.get(layer) ?? found[spikesOf.indexOf(layer)]);
      },
    }),
    ...(run && { run: (given) => run({ ...given, inputs: sources.nextSteps(given.inputs, given.steps) }) }),
    present: (presentation, options) => {
      sources.reset();
      return simulation.present(presentation, options);
    },
  });
}
