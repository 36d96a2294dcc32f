/** `npm run demo:web -- [--network NAME] [--db FILE] [--data-dir FOLDER] [--port N]`: serves the page until it is stopped. */
import { parseArgs } from 'node:util';
import { startDemo } from './demo-server.js';

const { values } = parseArgs({
  options: {
    network: { type: 'string' },
    db: { type: 'string' },
    'data-dir': { type: 'string' },
    port: { type: 'string', default: '5173' },
  },
});

const server = await startDemo({
  network: values.network,
  database: values.db,
  dataDir: values['data-dir'],
  port: Number(values.port),
});
console.log(`Draw a digit at ${server.resolvedUrls?.local[0]} (Ctrl-C ends it)`);
