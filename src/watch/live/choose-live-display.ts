/** Where a training that is asked to plot shows itself: in the notebook, or on a page that this process serves. */
import { openAddress } from '../../figures/display/show-figure.js';
import { findNotebook } from '../../figures/display/notebook.js';
import type { LiveDisplay } from './live-frame.js';
import { LiveNotebook } from './live-notebook.js';
import { LiveServer } from './live-server.js';

let server: Promise<LiveServer> | undefined;

export async function chooseLiveDisplay(): Promise<LiveDisplay> {
  const notebook = findNotebook();
  if (notebook) return new LiveNotebook(notebook);
  // One page per process: the next training goes on in the page that is open already.
  server ??= startServer();
  return server;
}

async function startServer(): Promise<LiveServer> {
  const started = await LiveServer.start();
  started.unref();
  console.log(`The training is shown at ${started.address} as long as this program runs.`);
  openAddress(started.address);
  return started;
}
