/** Runs `locus data ls` and `locus data download`. */
import Table from 'cli-table3';
import { describeDatasets, downloadDataset } from '../../datasets/index.js';
import type { CommandContext } from '../context.js';

export interface DataArguments {
  readonly dataDir?: string;
}

export async function runDataLs({ dataDir }: DataArguments, context: CommandContext): Promise<void> {
  const datasets = await describeDatasets({ dataDir });
  context.report(datasets, () => {
    const table = new Table({
      head: ['data', 'at hand', 'train', 'calibration', 'test', ''],
      colAligns: ['left', 'left', 'right', 'right', 'right', 'left'],
      style: { head: [], border: [], compact: true },
      colWidths: [null, null, null, null, null, 60],
      wordWrap: true,
    });
    table.push(
      ...datasets.map(({ name, available, counts, detail }) => [
        name,
        available ? 'yes' : 'no',
        counts.train ?? '',
        counts.calibration ?? '',
        counts.test ?? '',
        detail,
      ]),
    );
    return table.toString();
  });
}

export async function runDataDownload(
  { name, dataDir }: DataArguments & { readonly name: string },
  context: CommandContext,
): Promise<void> {
  let shown: { readonly file: string; readonly display: ReturnType<CommandContext['progress']> } | undefined;
  try {
    const download = await downloadDataset(name, {
      dataDir,
      signal: context.signal,
      onProgress: ({ file, received, total }) => {
        if (total === undefined) return;
        if (shown?.file !== file) {
          shown?.display.stop();
          shown = { file, display: context.progress(file, { unit: 'bytes' }) };
        }
        shown.display.update({ done: received, total });
      },
    });
    shown?.display.stop();
    shown = undefined;
    context.report(download, () =>
      download.files
        .flatMap(({ path, state, kept }) =>
          [`${path} (${state === 'present' ? 'was there already' : 'downloaded'})`].concat(
            kept.map((other) => `  another file of that name was kept as ${other}`),
          ),
        )
        .join('\n'),
    );
  } finally {
    shown?.display.stop();
  }
}
