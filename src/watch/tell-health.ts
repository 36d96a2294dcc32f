/** Learning health as text: one line while the training runs, a table at its end. */
import { describeHealth, type HealthNumbers } from '../readout/index.js';
import { countOf } from '../wording.js';

export function summarizeHealth(health: HealthNumbers, nIter: number): string {
  const { nNeurons, theta, winnerEntropy, filterChange } = health;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return [
    `after ${countOf(nIter, 'image')}: ${percent(health.deadNeurons / nNeurons)} dead`,
    `${percent(health.hogNeurons / nNeurons)} hogs`,
    `${health.firingRate.toFixed(2)} Hz`,
    `theta ${theta.mean.toFixed(1)} ± ${theta.sd.toFixed(1)} mV`,
    `weights at bounds ${percent(health.saturatedLow + health.saturatedHigh)}`,
    ...(Number.isNaN(winnerEntropy) ? [] : [`winner entropy ${winnerEntropy.toFixed(2)}`]),
    ...(filterChange === null ? [] : [`filters change ${percent(filterChange)} per 100 images`]),
  ].join(', ');
}

export function tabulateHealth(health: HealthNumbers): string[] {
  const lines = describeHealth(health);
  const width = Math.max(...lines.map(([what]) => what.length));
  return ['Learning health:', ...lines.map(([what, value]) => `  ${what.padEnd(width)}  ${value}`)];
}
