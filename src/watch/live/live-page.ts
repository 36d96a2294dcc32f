/** The page of a live view: an empty frame and the script that fills it with what the server sends. */
import { htmlPage } from '../../figures/display/figure-page.js';
import { liveElements, liveScript, liveStyle } from './live-elements.js';

/** Draws frames as fast as this browser can, and no faster; says so to the server, which then makes the next one. */
const script = `${liveScript}
const page = document.getElementById('live');
let ended = false;
let viewer, waiting, drawing = false, told;
const events = new EventSource('events');
events.addEventListener('viewer', ({ data }) => { viewer = data; });
events.addEventListener('frame', ({ data }) => { waiting = data; drawWaiting(); });
events.addEventListener('status', ({ data }) => locusLive.showStatus(page, JSON.parse(data)));
events.addEventListener('end', async () => {
  ended = true;
  // The server stops when this page has hung up: what it is being told must have arrived by then.
  await told;
  events.close();
  page.dataset.ended = 'true';
});
events.addEventListener('open', () => { page.dataset.connected = 'true'; });
events.addEventListener('error', () => {
  if (ended) return events.close();
  page.dataset.connected = 'false';
  if (page.dataset.state === 'running') locusLive.showStatus(page, { state: 'failed', text: 'the connection to the training is lost' });
});
document.addEventListener('visibilitychange', () => drawWaiting());
for (const name of ['scroll', 'resize']) addEventListener(name, () => locusLive.drawSeen(page, isSeen), { passive: true });
// Bringing the library up belongs to opening the page, and not to the time that the first frame takes.
const warmed = window.locusPlotly.then(async (Plotly) => {
  const element = document.body.appendChild(document.createElement('div'));
  const traces = [{ type: 'heatmap', z: [[0, 1], [1, 0]] }, { x: [0, 1], y: [0, 1] }, { type: 'bar', x: [0, 1], y: [1, 1] }];
  await Plotly.newPlot(element, traces, { width: 300, height: 200 }, { displaylogo: false, showTips: false });
  Plotly.purge(element);
  element.remove();
});
const painted = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
function isSeen(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > -200 && top < innerHeight + 200;
}
async function drawWaiting() {
  if (drawing || waiting === undefined || document.hidden) return;
  drawing = true;
  const { status, ...frame } = JSON.parse(waiting);
  const isRunning = status.state === 'running';
  waiting = undefined;
  await warmed;
  const began = performance.now();
  try {
    await locusLive.showFrame(page, frame, isSeen);
    await painted();
  } finally {
    drawing = false;
  }
  // After the last frame of a training nobody waits for an answer.
  if (!ended && isRunning) {
    const time = Math.round(performance.now() - began);
    const query = new URLSearchParams({ viewer, frame: frame.number, milliseconds: time });
    told = fetch('drawn?' + query, { method: 'POST' }).catch(() => {});
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
