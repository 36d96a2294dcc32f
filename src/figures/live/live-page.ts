/** The page of a live view: an empty frame and the script that fills it with what the server sends. */
import { htmlPage } from '../display/figure-page.js';
import { drawLiveFrame, liveElements, liveStyle } from './live-elements.js';

/** Draws frames as fast as this browser can, and no faster; says so to the server, which then makes the next one. */
const script = `${drawLiveFrame}
const page = document.getElementById('live');
let ended = false;
let viewer, waiting, drawing = false;
const events = new EventSource('events');
events.addEventListener('viewer', ({ data }) => { viewer = data; });
events.addEventListener('frame', ({ data }) => { waiting = data; drawWaiting(); });
events.addEventListener('status', ({ data }) => locusLive.showStatus(page, JSON.parse(data)));
events.addEventListener('end', () => {
  ended = true;
  events.close();
  page.dataset.ended = 'true';
});
events.addEventListener('open', () => { page.dataset.connected = 'true'; });
events.addEventListener('error', () => {
  if (ended) return;
  page.dataset.connected = 'false';
  locusLive.showStatus(page, { state: 'failed', text: 'the connection to the training is lost' });
});
document.addEventListener('visibilitychange', () => drawWaiting());
async function drawWaiting() {
  if (drawing || waiting === undefined || document.hidden) return;
  drawing = true;
  const frame = JSON.parse(waiting);
  waiting = undefined;
  const began = performance.now();
  try {
    await locusLive.drawFrame(page, frame);
  } finally {
    drawing = false;
  }
  if (!ended) {
    const time = Math.round(performance.now() - began);
    fetch('drawn?viewer=' + viewer + '&frame=' + frame.number + '&milliseconds=' + time, { method: 'POST' }).catch(() => {});
  }
  drawWaiting();
}`;

let page: string | undefined;

export function livePage(): string {
  page ??= htmlPage({
    title: 'Locus',
    style: `body { margin: 16px; background: #fff; }\n${liveStyle}`,
    body: `${liveElements('live')}\n<script>${script}</script>`,
  });
  return page;
}
