/** Runs `locus report`. */
import '../../node/engines.js';
import { openPage } from '../../figures/display/show-figure.js';
import { loadNetwork } from '../../kinds/snn/index.js';
import type { CommandContext } from '../context.js';
import { networkOptionsFrom, type StoredNetworkArguments } from './stored-network.js';

export interface ReportArguments extends StoredNetworkArguments {
  readonly output?: string;
  readonly label?: number;
  readonly index?: number;
}

export async function runReport(
  { name, output, label, index, ...options }: ReportArguments,
  context: CommandContext,
): Promise<void> {
  const network = loadNetwork(name, networkOptionsFrom(options));
  try {
    const page = await network.report({ label, index });
    const { path, opened } =
      output === undefined
        ? openPage(page.toHtml(), 'report')
        : { path: await page.write(output), opened: false };
    context.report({ name: network.name, path }, () => (opened ? `opened ${path}` : path));
  } finally {
    network.dispose();
  }
}
