/** Puts the tensors of a PyTorch `state_dict` into a network. */
import { LocusError } from '../errors.js';
import { instance } from '../options.js';
import { Sequential } from './sequential.js';

/** A tensor of any source. */
interface Entry {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * Sets every parameter from the entry of its name (`4.weight`).
 *
 * @throws LocusError `INVALID_ARGUMENT` naming what is missing, left over, or of another shape; nothing has changed then
 */
export function loadStateDict(network: Sequential, entries: ReadonlyMap<string, Entry>, place: string): void {
  instance(Sequential)('loadStateDict', 'network', network);
  instance<ReadonlyMap<string, Entry>>(Map)('loadStateDict', 'entries', entries);
  const parameters = network.namedParameters();
  const names = new Set(parameters.map(([name]) => name));
  const missing = [...names].filter((name) => !entries.has(name));
  const foreign = [...entries.keys()].filter((name) => !names.has(name));
  const problems = [
    ...missing.map((name) => `no ${name}`),
    ...foreign.map((name) => `a ${name} that the network has not`),
    ...parameters.flatMap(([name, { value }]) => {
      const shape = entries.get(name)?.shape;
      const same = shape === undefined || String(shape) === String(value.shape);
      return same ? [] : [`${name} of [${shape.join(', ')}] in place of [${value.shape.join(', ')}]`];
    }),
  ];
  if (problems.length > 0) {
    const shown = problems.slice(0, 5).join(', ');
    const more = problems.length > 5 ? ` and ${problems.length - 5} more` : '';
    throw new LocusError(
      'INVALID_ARGUMENT',
      `${place}: expected the parameters of the network, found ${shown}${more}`,
    );
  }
  for (const [name, { value }] of parameters) value.data.set((entries.get(name) as Entry).data);
}
