/** Simulates apart from the page, so that drawing stays smooth: holds one network on one engine. */
import { FrozenSnn, readStoredSnn, unpackNetwork } from '../src/browser.js';
import type { Numbered, Reply, Request } from './protocol.js';

let network: FrozenSnn | undefined;

async function serve(request: Request) {
  if (request.kind === 'load') {
    network?.dispose();
    network = undefined;
    network = new FrozenSnn(readStoredSnn(unpackNetwork(request.message)), {
      engine: request.engine,
      threads: 1,
    });
    return undefined;
  }
  if (!network) throw new Error('no network is loaded');
  return network.answer(request.image, request.item);
}

/** One request after the other: an image that comes while a network is loading is for that network. */
let last: Promise<unknown> = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<Numbered<Request>>) => {
  const { id } = data;
  last = last
    .then(() => serve(data))
    .then(
      (answer): Reply => ({ id, ok: true, answer }),
      (error: unknown): Reply => ({ id, ok: false, problem: (error as Error).message }),
    )
    .then((reply) => postMessage(reply));
});
