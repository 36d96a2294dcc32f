/** Which data set a command works on, and why. */
import { type DatasetName, findBestMnist } from '../../datasets/index.js';
import type { CommandContext } from '../context.js';

/** The data set that was asked for, else the best MNIST at hand; the choice is remarked with its reason. */
export async function chooseData(
  { data, dataDir }: { readonly data?: string; readonly dataDir?: string },
  context: CommandContext,
): Promise<DatasetName> {
  // `loadDataset` refuses a name that it does not know, with a suggestion.
  if (data !== undefined) return data as DatasetName;
  const { name, reason } = await findBestMnist({ dataDir });
  context.note(`Data: ${name} (${reason})`);
  return name;
}
