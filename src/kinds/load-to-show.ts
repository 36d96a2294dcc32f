/** The images that a stored network is shown where nothing of the result is stored. */
import { type Dataset, loadDataset } from '../datasets/index.js';
import { findDataset } from '../datasets/registry.js';
import { LocusError } from '../errors.js';
import { warnOnce } from '../warn.js';
import type { DataIdentity } from './data-identity.js';

/**
 * The network's own data set; where its files are missing, the embedded one that stands in for it, with a warning.
 *
 * @param identity of the network's data; no other data stand in for those that are not the published ones
 * @param load loads the network's data set
 * @throws LocusError as `load`
 */
export async function loadToShow(
  { dataset: name, data_hash }: DataIdentity,
  load: () => Promise<Dataset>,
): Promise<Dataset> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof LocusError) || error.code !== 'DATA_MISSING') throw error;
    if (name === null || data_hash !== undefined) throw error;
    const { standIn } = findDataset('loadDataset', name);
    if (!standIn) throw error;
    warnOnce(`Showing images of ${standIn.name} instead: ${standIn.remark}. ${error.message}`, {
      code: 'LOCUS_STAND_IN',
    });
    return loadDataset(standIn.name);
  }
}
