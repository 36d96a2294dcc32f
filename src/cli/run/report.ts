/** Runs `locus report`, for networks of every kind. */
import { prepareReport } from '../../figures/display/report.js';
import { openPage } from '../../figures/display/show-figure.js';
import { loadKind } from '../../kinds/registry.js';
import { readStore } from '../../store/index.js';
import type { CommandContext } from '../context.js';
import type { StoredNetworkArguments } from './stored-network.js';

export interface ReportArguments extends Pick<StoredNetworkArguments, 'name' | 'db' | 'dataDir'> {
  readonly output?: string;
  readonly label?: number;
  readonly index?: number;
}

export async function runReport(
  { name, output, label, index, db, dataDir }: ReportArguments,
  context: CommandContext,
): Promise<void> {
  if (output !== undefined) prepareReport(output);
  const record = readStore(db, (store) => store.load(name));
  const kind = await loadKind(String(record.parameters.network_type));
  const network = kind.open(record, { database: db, dataDir });
  try {
    const page = await network.report({ label, index });
    const { path, opened } =
      output === undefined
        ? openPage(page.toHtml(), 'report')
        : { path: await page.write(output), opened: false };
    context.report({ name: network.name, path }, () => (opened ? `opened ${path}` : path));
  } finally {
    network.dispose?.();
  }
}
