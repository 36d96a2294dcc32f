/** The elements of a live view, and the script that draws a frame into them; the page and the notebook share both. */
import { libraryPromise } from '../../figures/display/plotly-scripts.js';
import { fontFamily, ink } from '../../figures/theme.js';

export const liveStyle = `.locus-live { color: ${ink}; font: 14px/1.45 ${fontFamily}; }
.locus-live h1 { margin: 0 0 6px; font-size: 18px; font-weight: 600; }
.locus-live .status { display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: center; margin-bottom: 14px; }
.locus-live .status progress { width: 320px; height: 12px; accent-color: #0072B2; }
.locus-live .status .text { min-width: 26em; }
.locus-live[data-state='done'] .text { color: #006B4E; font-weight: 600; }
.locus-live[data-state='interrupted'] .text, .locus-live[data-state='failed'] .text { color: #B04A00; font-weight: 600; }
.locus-live .views { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; }
.locus-live[data-state='running'] .views:empty::before { content: 'The views follow after some seconds: often enough to see, seldom enough not to slow the training down.'; }
.locus-live .views > div { max-width: 100%; overflow-x: auto; }`;

/** An empty view. */
export function liveElements(id: string): string {
  return `<div id="${id}" class="locus-live" data-state="running">
<h1></h1>
<div class="status"><progress></progress><span class="text">waiting for the first images …</span></div>
<div class="views"></div>
</div>`;
}

/**
 * Defines `locusLive`, which draws a frame (as `encodeFrame` gives it) into such elements: all figures, or at first those in
 * sight, because drawing competes with the training for the machine.
 */
export const liveScript = `${libraryPromise}
window.locusLive ??= {
  showStatus(view, { state, text, done, total }) {
    view.dataset.state = state;
    const counted = total === undefined ? '' : ': ' + done + ' of ' + total + ' images';
    view.querySelector('.text').textContent = text + counted;
    const bar = view.querySelector('progress');
    bar.hidden = state !== 'running';
    if (total === undefined) bar.removeAttribute('value');
    else Object.assign(bar, { max: total, value: done });
  },
  async showFrame(view, { title, status, figures }, isSeen = () => true) {
    view.querySelector('h1').textContent = title;
    if (status) this.showStatus(view, status);
    const views = view.querySelector('.views');
    for (const element of [...views.children]) {
      if (element.dataset.name in figures) continue;
      window.locusPlotly.then((Plotly) => Plotly.purge(element));
      element.remove();
    }
    for (const [name, figure] of Object.entries(figures)) {
      let element = [...views.children].find(({ dataset }) => dataset.name === name);
      if (!element) {
        element = views.appendChild(document.createElement('div'));
        element.dataset.name = name;
      }
      const { width, height } = figure.layout;
      Object.assign(element.style, { width: width + 'px', height: height + 'px' });
      element.waitingFigure = figure;
    }
    await this.drawSeen(view, isSeen);
    view.dataset.drawn = String(Number(view.dataset.drawn ?? 0) + 1);
  },
  async drawSeen(view, isSeen) {
    const Plotly = await window.locusPlotly;
    for (const element of view.querySelectorAll('.views > div')) {
      const figure = element.waitingFigure;
      if (!figure || !isSeen(element)) continue;
      element.waitingFigure = undefined;
      figure.data.forEach(this.unpackPicture);
      await Plotly.react(element, figure.data, figure.layout, { displaylogo: false, showTips: false });
      element.dataset.drawn = String(Number(element.dataset.drawn ?? 0) + 1);
    }
  },
  unpackPicture(trace) {
    const levels = trace.meta?.levels;
    if (levels === undefined) return;
    const [height, width] = trace.z.shape.split(',').map(Number);
    const bytes = atob(trace.z.bdata);
    const values = Float32Array.from({ length: 256 }, (_, byte) => (byte > levels ? NaN : byte / levels));
    const picture = new Float32Array(height * width);
    for (let at = 0; at < picture.length; at++) picture[at] = values[bytes.charCodeAt(at)];
    trace.z = Array.from({ length: height }, (_, y) => picture.subarray(y * width, (y + 1) * width));
  },
};`;
