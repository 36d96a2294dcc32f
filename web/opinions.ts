/** What every readout method says: the class, and what speaks for each. */
import type { Opinion } from '../src/browser.js';

const titles: Readonly<Record<Opinion['method'], string>> = {
  patch_voting: 'patch voting',
  all_voting: 'all voting',
  spikes_first: 'spikes first',
  lc: 'linear classifier',
};

/** What of a network's readout the page shows beside its answers. */
export interface ShownReadout {
  /** Measured on test images, by method. */
  readonly scores: Readonly<Partial<Record<string, { readonly accuracy: number }>>>;
  /** Null: their numbers. */
  readonly classNames: readonly string[] | null;
}

/** The name of a class, or its number where it has none. */
export function nameClass({ classNames }: Pick<ShownReadout, 'classNames'>, label: number): string {
  return classNames?.[label] ?? String(label);
}

export function showOpinions(
  element: HTMLElement,
  opinions: readonly Opinion[],
  readout: ShownReadout,
): void {
  element.replaceChildren(
    ...opinions.map(({ method, label, scores }) => {
      const row = document.createElement('div');
      row.className = 'opinion';
      row.dataset.method = method;
      row.dataset.label = String(label);
      const title = document.createElement('h3');
      const measured = readout.scores[method];
      title.textContent =
        titles[method] + (measured ? ` (${(100 * measured.accuracy).toFixed(1)} % right)` : '');
      const digit = document.createElement('strong');
      const name = nameClass(readout, label);
      digit.textContent = label < 0 ? '–' : name;
      digit.ariaLabel = label < 0 ? 'no prediction: no spikes' : `prediction ${name}`;
      row.append(title, digit, drawBars(scores, label, readout));
      return row;
    }),
  );
}

/** One bar per label; votes stand on 0, outputs of the classifier on the lowest of them. */
function drawBars(scores: Float64Array, best: number, readout: ShownReadout): HTMLElement {
  const bars = document.createElement('div');
  bars.className = 'bars';
  const lowest = Math.min(0, ...scores);
  const range = Math.max(...scores) - lowest || 1;
  bars.append(
    ...Array.from(scores, (score, label) => {
      const bar = document.createElement('span');
      bar.className = label === best ? 'bar best' : 'bar';
      const name = nameClass(readout, label);
      bar.title = `${name}: ${score.toPrecision(3)}`;
      const fill = document.createElement('i');
      fill.style.height = `${(48 * (score - lowest)) / range}px`;
      bar.append(fill, name);
      return bar;
    }),
  );
  return bars;
}
