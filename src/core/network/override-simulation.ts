/** A simulation some of whose calls are answered by others. */
import type { Precision } from '../precision.js';
import type { Simulation } from './simulation.js';

type Method = Exclude<keyof Simulation, 'engine' | 'program'>;

/** All there are: the compiler says which is missing. */
const methods = Object.keys({
  getWeights: true,
  setWeights: true,
  getVariable: true,
  setVariable: true,
  getConnectionVariable: true,
  setConnectionVariable: true,
  setSignal: true,
  inject: true,
  clamp: true,
  setPlastic: true,
  isPlastic: true,
  resetState: true,
  step: true,
  advance: true,
  run: true,
  normalize: true,
  present: true,
  dispose: true,
} satisfies Record<Method, true>) as Method[];

/** @param own calls that do not go to the simulation itself */
export function overrideSimulation<P extends Precision>(
  simulation: Simulation<P>,
  own: Partial<Simulation<P>>,
): Simulation<P> {
  const bound = methods.flatMap((name) => {
    const method: unknown = simulation[name];
    return typeof method === 'function' ? [[name, method.bind(simulation) as unknown] as const] : [];
  });
  const { engine, program } = simulation;
  return { engine, program, ...Object.fromEntries(bound), ...own } as Simulation<P>;
}
