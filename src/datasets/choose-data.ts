/** The data set that work is done on, and why. */
import type { Watch } from '../watch/watch.js';
import { findBestMnist } from './dataset.js';
import type { DatasetName } from './registry.js';

/**
 * The data set that was asked for, else the best MNIST that is found, with a remark that gives the reason.
 * `loadDataset` refuses a name that it does not know, with a suggestion.
 */
export async function chooseData(
  { dataset, dataDir }: { readonly dataset?: string; readonly dataDir?: string },
  watch: Pick<Watch, 'note'>,
): Promise<DatasetName> {
  if (dataset !== undefined) return dataset as DatasetName;
  const { name, reason } = await findBestMnist({ dataDir });
  watch.note(`Data: ${name} (${reason})`);
  return name;
}
