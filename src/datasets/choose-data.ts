/** The data set that work is done on, and why. */
import { findBestMnist } from './dataset.js';
import type { DatasetName } from './registry.js';

/**
 * The data set that was asked for, else the best MNIST that is found, with a remark that gives the reason.
 * `loadDataset` refuses a name that it does not know, with a suggestion.
 */
export async function chooseData(
  { data, dataDir }: { readonly data?: string; readonly dataDir?: string },
  { note }: { note: (text: string) => void },
): Promise<DatasetName> {
  if (data !== undefined) return data as DatasetName;
  const { name, reason } = await findBestMnist({ dataDir });
  note(`Data: ${name} (${reason})`);
  return name;
}
