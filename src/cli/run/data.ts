/** Runs `locus data ls` and `locus data download`. */
import { describeDatasets, downloadDataset } from '../../datasets/index.js';
import { drawTable, wrapWords } from '../../text-table.js';
import type { CommandContext } from '../context.js';

export interface DataArguments {
  readonly dataDir?: string;
}

export async function runDataLs({ dataDir }: DataArguments, context: CommandContext): Promise<void> {
  const datasets = await describeDatasets({ dataDir });
  context.report(datasets, () => {
    const showCount = (count: number | null | undefined) => String(count ?? '');
    return drawTable({
      head: ['data', 'at hand', 'train', 'calibration', 'test', ''],
      aligns: ['left', 'left', 'right', 'right', 'right', 'left'],
      rows: datasets.map(({ name, available, counts, detail }) => [
        name,
        available ? 'yes' : 'no',
        showCount(counts.train),
        showCount(counts.calibration),
        showCount(counts.test),
        wrapWords(detail, 58),
      ]),
      separated: false,
    });
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
