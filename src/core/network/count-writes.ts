/** Notices every call that may change what a network has learned, whoever makes it. */
import { readPresentOptions } from './check-presentation.js';
import type { Simulation } from './simulation.js';

export type Write = 'set' | 'learn';

/**
 * The same simulation; `onWrite` is called at each call that may change weights or variables. A presentation (or `run`) that
 * learns counts twice, when it begins and when it ends, so that a look in between is never taken for the final state.
 */
export function countWrites(simulation: Simulation, onWrite: (write: Write) => void): Simulation {
  const counted = async <T>(learn: boolean, work: () => Promise<T>): Promise<T> => {
    if (learn) onWrite('learn');
    try {
      return await work();
    } finally {
      if (learn) onWrite('learn');
    }
  };
  const run = simulation.run?.bind(simulation);
  return {
    engine: simulation.engine,
    program: simulation.program,
    getWeights: (connection) => simulation.getWeights(connection),
    setWeights: (connection, weights, normalized) => {
      onWrite('set');
      simulation.setWeights(connection, weights, normalized);
    },
    getVariable: (layer, variable) => simulation.getVariable(layer, variable),
    setVariable: (layer, variable, values) => {
      onWrite('set');
      simulation.setVariable(layer, variable, values);
    },
    setPlastic: (connection, plastic) => simulation.setPlastic(connection, plastic),
    resetState: () => simulation.resetState(),
    step: (inputs, learn) => {
      if (learn) onWrite('learn');
      simulation.step(inputs, learn);
    },
    ...(run && { run: (steps) => counted(steps.learn, () => run(steps)) }),
    normalize: (connection) => {
      onWrite('set');
      simulation.normalize(connection);
    },
    present: async (presentation, options) => {
      const { learn } = readPresentOptions(options);
      return counted(learn, () => simulation.present(presentation, options));
    },
    dispose: () => simulation.dispose(),
  };
}
