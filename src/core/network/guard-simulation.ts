/** Stands before an engine's simulation: notices every write, and refuses calls that would meet it at work or gone. */
import { LocusError } from '../../errors.js';
import { readPresentOptions } from './check-presentation.js';
import type { Precision } from '../precision.js';
import type { Simulation } from './simulation.js';
import type { StateLog } from './state-log.js';

export type Write = 'set' | 'learn';

/**
 * The same simulation.
 *
 * `onWrite` is called at each call that may change weights or variables. A presentation (or `run`) that learns counts twice, when
 * it begins and when it ends, so that a look in between is never taken for the final state.
 *
 * `log` is told what engines cannot be asked for.
 *
 * While a presentation or `run` is at work, another presentation waits for its end, state can be read, and all else is an error
 * `BUSY`: it would change the state under a thread's hands. After `dispose` every call but another `dispose` is an error `DISPOSED`.
 */
export function guardSimulation<P extends Precision>(
  simulation: Simulation<P>,
  onWrite: (write: Write) => void,
  log: StateLog,
): Simulation<P> {
  let atWork = 0;
  let isDisposed = false;
  const checkAlive = () => {
    if (!isDisposed) return;
    throw new LocusError(
      'DISPOSED',
      'Network: was disposed; its state and its engine are gone. Make a new one.',
    );
  };
  const checkIdle = (call: string) => {
    checkAlive();
    if (atWork === 0) return;
    throw new LocusError('BUSY', `Network: is simulating; await the end of run or present before ${call}`);
  };
  const read = <Arguments extends unknown[], T>(work: (...given: Arguments) => T) => {
    return (...given: Arguments): T => {
      checkAlive();
      return work(...given);
    };
  };
  const write = <Arguments extends unknown[]>(call: string, work: (...given: Arguments) => void) => {
    return (...given: Arguments): void => {
      checkIdle(call);
      onWrite('set');
      work(...given);
    };
  };
  const present = async <T>(learn: boolean, work: () => Promise<T>): Promise<T> => {
    if (learn) onWrite('learn');
    atWork++;
    try {
      return await work();
    } finally {
      atWork--;
      if (learn) onWrite('learn');
    }
  };
  const run = simulation.run?.bind(simulation);
  const inject = simulation.inject?.bind(simulation);
  const clamp = simulation.clamp?.bind(simulation);
  return {
    engine: simulation.engine,
    program: simulation.program,
    getWeights: read((connection) => simulation.getWeights(connection)),
    getVariable: read((layer, variable) => simulation.getVariable(layer, variable)),
    setWeights: write('setWeights', (connection, weights, normalized) => {
      simulation.setWeights(connection, weights, normalized);
      log.setWeights(connection, normalized);
    }),
    setVariable: write('setVariable', (layer, variable, values) =>
      simulation.setVariable(layer, variable, values),
    ),
    getConnectionVariable: read((connection, variable) =>
      simulation.getConnectionVariable(connection, variable),
    ),
    setConnectionVariable: write('setVariable', (connection, variable, values) =>
      simulation.setConnectionVariable(connection, variable, values),
    ),
    setSignal: (name, value) => {
      checkIdle('setSignal');
      simulation.setSignal(name, value);
      log.signals.set(name, value);
    },
    normalize: write('normalize', (connection) => {
      simulation.normalize(connection);
      log.normalize(connection);
    }),
    setPlastic: (connection, plastic) => {
      checkIdle('setPlastic');
      simulation.setPlastic(connection, plastic);
      log.setPlastic(connection, plastic);
    },
    resetState: (number) => {
      checkIdle('resetState');
      simulation.resetState(number);
      log.resets = number ?? log.resets + 1;
    },
    // Neither changes what is learned or set: they belong to the step that follows.
    ...(inject && {
      inject: (layer, variable, values) => {
        checkIdle('the next step');
        inject(layer, variable, values);
      },
    }),
    ...(clamp && {
      clamp: (layer, forced, forbidden) => {
        checkIdle('the next step');
        clamp(layer, forced, forbidden);
      },
    }),
    step: (inputs, learn, draws) => {
      checkIdle('the next step');
      if (learn) onWrite('learn');
      if (learn) log.learn();
      simulation.step(inputs, learn, draws);
    },
    ...(run && {
      run: async (steps) => {
        checkIdle('another run');
        if (steps.learn) log.learn();
        return present(steps.learn, () => run(steps));
      },
    }),
    present: async (presentation, options) => {
      checkAlive();
      const { learn } = readPresentOptions(options);
      return present(learn, async () => {
        const done = await simulation.present(presentation, options);
        log.present(learn && done > 0);
        return done;
      });
    },
    dispose: () => {
      if (isDisposed) return;
      checkIdle('dispose');
      isDisposed = true;
      simulation.dispose();
    },
  };
}
