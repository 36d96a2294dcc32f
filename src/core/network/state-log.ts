/** What of a running network outlives an image, and engines cannot be asked for: written down where it is set. */
import type { Precision } from '../precision.js';
import { overrideSimulation } from './override-simulation.js';
import type { Program } from './program.js';
import type { Simulation } from './simulation.js';

export interface ConnectionLog {
  /** Whether its weights are known to sum to its norm. */
  normalized: boolean;
  /** Whether it learns when the network does. */
  plastic: boolean;
}

export class StateLog {
  /** Resets and presentations so far, on which draws depend. */
  resets = 0;
  /** Images of presentations that it learned from, counted with repeats. */
  images = 0;
  /** What `setSignal` said last, by name. */
  readonly signals = new Map<string, number>();
  readonly #connections: ConnectionLog[];
  /** Of connections whose rules change their weights. */
  readonly #learning: ConnectionLog[];

  constructor({ connections }: Program) {
    this.#connections = connections.map(() => ({ normalized: false, plastic: true }));
    this.#learning = this.#connections.filter((_, index) => {
      const connection = connections[index];
      return connection.kind === 'synapses' && connection.rule.kernel !== 'none';
    });
  }

  ofConnection(connection: number): Readonly<ConnectionLog> {
    return this.#connections[connection];
  }

  /** The same simulation, whose calls are written down. */
  follow<P extends Precision>(simulation: Simulation<P>): Simulation<P> {
    const advance = simulation.advance?.bind(simulation);
    const run = simulation.run?.bind(simulation);
    return overrideSimulation(simulation, {
      setWeights: (connection, weights, normalized) => {
        simulation.setWeights(connection, weights, normalized);
        this.#connections[connection].normalized = normalized;
      },
      setSignal: (name, value) => {
        simulation.setSignal(name, value);
        this.signals.set(name, value);
      },
      setPlastic: (connection, plastic) => {
        simulation.setPlastic(connection, plastic);
        this.#connections[connection].plastic = plastic;
      },
      resetState: (image = { purpose: 0, item: this.resets + 1 }) => {
        simulation.resetState(image);
        if (image.purpose === 0) this.resets = image.item;
      },
      normalize: (connection) => {
        simulation.normalize(connection);
        if (connection === undefined) this.#normalizePlastic();
        else this.#connections[connection].normalized = true;
      },
      step: (inputs, learn, draws) => {
        if (learn) this.#learn();
        simulation.step(inputs, learn, draws);
      },
      ...(advance && {
        advance: (block) => {
          if (block.learn) this.#learn();
          return advance(block);
        },
      }),
      ...(run && {
        run: (steps) => {
          if (steps.learn) this.#learn();
          return run(steps);
        },
      }),
      present: async (presentation, options) => {
        const done = await simulation.present(presentation, options);
        this.resets++;
        if (options.learn && done > 0) this.#normalizePlastic();
        return done;
      },
    });
  }

  /** Steps that learn, without normalisation. */
  #learn(): void {
    for (const log of this.#learning) if (log.plastic) log.normalized = false;
  }

  #normalizePlastic(): void {
    for (const log of this.#connections) if (log.plastic) log.normalized = true;
  }
}
