/** Numbers given to a run instead of what its neurons draw. */
import { invalidArgument } from '../../errors.js';
import type { ProgramLayer } from './program.js';

/**
 * The given draws of a layer in every step [call, neuron], engine order.
 *
 * @param values [step, neuron, call], published order
 * @param order engine index of every published index
 * @throws LocusError `INVALID_ARGUMENT` if the layer draws nothing, or for a wrong number of values
 */
export function readGivenDraws(
  { name, model, size }: ProgramLayer,
  values: Float32Array,
  order: Uint32Array,
  steps: number,
): Float32Array[] {
  const place = `Network.run draws of ${name}`;
  const calls = model.draws?.length ?? 0;
  if (calls === 0) throw invalidArgument(place, 'a layer whose neurons draw', model.name);
  const length = steps * size * calls;
  if (values.length !== length) {
    throw invalidArgument(
      place,
      `${steps} × ${size} × ${calls} = ${length} numbers (steps × neurons × calls)`,
      values.length,
    );
  }
  return Array.from({ length: steps }, (_, step) => {
    const own = new Float32Array(calls * size);
    order.forEach((at, neuron) => {
      for (let call = 0; call < calls; call++) {
        own[call * size + at] = values[(step * size + neuron) * calls + call];
      }
    });
    return own;
  });
}
