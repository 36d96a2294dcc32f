/** `npm run demo:web -- [--network NAME] [--db FILE] [--data-dir FOLDER] [--port N]`: serves the page until it is stopped. */
import { parseArgs } from 'node:util';
import { invalidArgument } from '../src/errors.js';
import { startDemo } from './demo-server.js';

const defaultPort = '5173';

async function serve(): Promise<void> {
  const { values } = parseArgs({
    options: {
      network: { type: 'string' },
      db: { type: 'string' },
      'data-dir': { type: 'string' },
      port: { type: 'string', default: defaultPort },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw invalidArgument('demo:web', 'port to be a whole number from 0 to 65535', values.port);
  }
  const server = await startDemo({
    network: values.network,
    database: values.db,
    dataDir: values['data-dir'],
    port,
  });
  console.log(`Draw a digit at ${server.resolvedUrls?.local[0]} (Ctrl-C ends it)`);
}

serve().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
