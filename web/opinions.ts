/** What every readout method says: the digit, and what speaks for each. */
import type { Opinion } from '../src/browser.js';

const titles: Readonly<Record<Opinion['method'], string>> = {
  patch_voting: 'patch voting',
  all_voting: 'all voting',
  spikes_first: 'spikes first',
  lc: 'linear classifier',
};

/** @param accuracy measured on test images, by method */
export function showOpinions(
  element: HTMLElement,
  opinions: readonly Opinion[],
  accuracy: Readonly<Partial<Record<string, { readonly accuracy: number }>>>,
): void {
  element.replaceChildren(
    ...opinions.map(({ method, label, scores }) => {
      const row = document.createElement('div');
      row.className = 'opinion';
      row.dataset.method = method;
      row.dataset.label = String(label);
      const title = document.createElement('h3');
      const measured = accuracy[method];
      title.textContent =
        titles[method] + (measured ? ` (${(100 * measured.accuracy).toFixed(1)} % right)` : '');
      const digit = document.createElement('strong');
      digit.textContent = label < 0 ? '–' : String(label);
      digit.ariaLabel = label < 0 ? 'no prediction: no spikes' : `prediction ${label}`;
      row.append(title, digit, drawBars(scores, label));
      return row;
    }),
  );
}

/** One bar per label; votes stand on 0, outputs of the classifier on the lowest of them. */
function drawBars(scores: Float64Array, best: number): HTMLElement {
  const bars = document.createElement('div');
  bars.className = 'bars';
  const lowest = Math.min(0, ...scores);
  const range = Math.max(...scores) - lowest || 1;
  bars.append(
    ...Array.from(scores, (score, label) => {
      const bar = document.createElement('span');
      bar.className = label === best ? 'bar best' : 'bar';
      bar.title = `${label}: ${score.toPrecision(3)}`;
      const fill = document.createElement('i');
      fill.style.height = `${(48 * (score - lowest)) / range}px`;
      bar.append(fill, String(label));
      return bar;
    }),
  );
  return bars;
}
