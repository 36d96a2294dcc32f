/** STDP window: how much one pair of spikes changes a weight, by the time between them. */
import { defineFigure } from './definition.js';
import type { SnnSource } from './sources.js';
import { requireCompetition } from './require-result.js';
import { choiceOption } from './figure-option.js';
import { number, oneOf, readOptions, required, type Schema } from '../options.js';
import type { Figure } from './figure.js';
import { colors, createFigure, faint, figureFields, type FigureOptions } from './theme.js';

export interface StdpWindow {
  /** Amplitude when the source spikes: w ← w − nuPre · trace of the target. */
  readonly nuPre: number;
  /** Amplitude when the target spikes: w ← w + nuPost · trace of the source. */
  readonly nuPost: number;
  /** Time constants of the traces that source and target leave [ms]. */
  readonly tauSource: number;
  readonly tauTarget: number;
  /** Largest distance that is drawn [ms] (default: five time constants). */
  readonly range?: number;
}

const milliseconds = number({ above: 0, unit: 'ms' });

const windowSchema: Schema<StdpWindow> = {
  nuPre: required(number()),
  nuPost: required(number()),
  tauSource: required(milliseconds),
  tauTarget: required(milliseconds),
  range: milliseconds,
};

/** Change of a weight by one pair of spikes, `delay` = time of the target − time of the source [ms]. */
export function stdpChange({ nuPre, nuPost, tauSource, tauTarget }: StdpWindow, delay: number): number {
  if (delay === 0) return nuPost - nuPre;
  return delay > 0 ? nuPost * Math.exp(-delay / tauSource) : -nuPre * Math.exp(delay / tauTarget);
}

export function stdpWindowFigure(given: StdpWindow, options: FigureOptions = {}): Figure {
  const window = readOptions('stdpWindowFigure', windowSchema, given);
  const { title } = readOptions('stdpWindowFigure', figureFields, options);
  const range = window.range ?? Math.ceil(5 * Math.max(window.tauSource, window.tauTarget));
  const delays = Array.from({ length: 200 }, (_, i) => (range * (i + 0.02)) / 199.02);
  const change = (delay: number) => stdpChange(window, delay);
  const before = delays.map((delay) => -delay).reverse();
  const line = (x: number[], color: string, name: string) => ({
    type: 'scatter' as const,
    mode: 'lines' as const,
    x,
    y: x.map(change),
    line: { color, width: 2 },
    name,
    showlegend: true,
    hovertemplate: '%{x:.1f} ms: %{y:.4~g}<extra></extra>',
  });
  const largest = 1.08 * Math.max(...[-1e-9, 1e-9, 0].map((delay) => Math.abs(change(delay)))) || 1;
  const rule = { line: { color: faint, width: 1 }, type: 'line' as const, layer: 'below' as const };
  return createFigure(
    [
      line(before, colors.blue, 'source spikes: −nu<sub>pre</sub> · trace of the target'),
      line(delays, colors.orange, 'target spikes: +nu<sub>post</sub> · trace of the source'),
      {
        type: 'scatter',
        mode: 'markers',
        x: [0],
        y: [change(0)],
        marker: { color: colors.black, size: 6 },
        name: 'both in the same step',
        showlegend: true,
        hovertemplate: 'same step: %{y:.4~g}<extra></extra>',
      },
    ],
    {
      xaxis: { title: { text: 'time of target spike − time of source spike [ms]' }, range: [-range, range] },
      yaxis: { title: { text: 'change of the weight' }, range: [-largest, largest], exponentformat: 'power' },
      shapes: [
        { ...rule, xref: 'paper', x0: 0, x1: 1, y0: 0, y1: 0 },
        { ...rule, yref: 'paper', x0: 0, x1: 0, y0: 0, y1: 1 },
      ],
      showlegend: true,
      legend: { orientation: 'h', x: 0, y: 1, yanchor: 'bottom', xanchor: 'left' },
    },
    { title: title ?? 'STDP window', plotWidth: 560, plotHeight: 320, left: 92, top: 68 },
  );
}

const drawSchema: Schema<FigureOptions & { of?: 'xy' | 'yy' }> = {
  ...figureFields,
  of: oneOf(['xy', 'yy']),
};

stdpWindowFigure.definition = defineFigure({
  name: 'stdp-window',
  method: 'stdpWindowFigure',
  topic: 'learning',
  describe: 'STDP window of the weights, or of trained competition',
  of: ['snn'],
  options: {
    of: choiceOption('learning rule of the weights (xy) or of trained competition (yy)', ['xy', 'yy'], 'xy'),
  },
  draw: (network: SnnSource, given: FigureOptions & { of?: 'xy' | 'yy' } = {}) => {
    const { of = 'xy', ...options } = readOptions('stdpWindowFigure', drawSchema, given);
    if (of === 'yy') requireCompetition(network, 'stdpWindowFigure');
    return stdpWindowFigure(network.stdpWindow(of), {
      title: of === 'xy' ? 'STDP window of the weights' : 'STDP window of competition',
      ...options,
    });
  },
  args: ({ of }) => [{ of }] as const,
  example: () => stdpWindowFigure({ nuPre: 1e-4, nuPost: 1e-2, tauSource: 20, tauTarget: 10, range: 50 }),
  gallery: [
    { caption: 'STDP window of the weights' },
    {
      file: 'competition-window',
      caption: 'STDP window of competition',
      network: { network_type: 'LC_SNN', c_l: true },
      values: { of: 'yy' },
    },
  ],
});
