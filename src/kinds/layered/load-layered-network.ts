/** Deep networks of layers out of the database. */
import { invalidArgument } from '../../errors.js';
import { filledText, readOptions } from '../../options.js';
import { readStore } from '../../store/index.js';
import { readNnmfModel } from '../nnmf/nnmf-model.js';
import { nnmfType } from '../nnmf/nnmf-record.js';
import { readSbsModel } from '../sbs/sbs-model.js';
import { sbsType } from '../sbs/sbs-record.js';
import { LayeredNetwork, type LayeredOptions, layeredSchema } from './layered-network.js';

const readers = { [nnmfType]: readNnmfModel, [sbsType]: readSbsModel };

/** The types of deep networks. */
export const layeredTypes = [nnmfType, sbsType] as const;

/**
 * The deep network (NNMF or SBS) of that name, hash or unambiguous beginning of either.
 *
 * @throws LocusError `NOT_FOUND`, `STORE_CORRUPT`; `INVALID_ARGUMENT` for a network of another type
 */
export function loadLayeredNetwork(name: string, options: LayeredOptions = {}): LayeredNetwork {
  readOptions('loadLayeredNetwork', layeredSchema, options);
  filledText('loadLayeredNetwork', 'name', name);
  const record = readStore(options.database, (store) => store.load(name));
  const type = layeredTypes.find((each) => each === record.parameters.network_type);
  if (!type) {
    const got = `"${record.name}" of type ${String(record.parameters.network_type)}`;
    throw invalidArgument('loadLayeredNetwork', `a network of type ${layeredTypes.join(' or ')}`, got);
  }
  return new LayeredNetwork(record, readers[type](record), options);
}
