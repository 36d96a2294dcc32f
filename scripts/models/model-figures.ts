/** Pictures of the pages of models and rules: a neuron's response to a constant input, what a rule does to a pair of spikes, what a synapse sends. */
import type { Data } from 'plotly.js-dist';
import type { Figure } from '../../src/figures/figure.js';
import { colors, createFigure, faint } from '../../src/figures/theme.js';
import type { NeuronResponse } from './neuron-response.js';
import { delays } from './rule-window.js';
import { spikeTimes } from './synapse-response.js';

const rule = { line: { color: faint, width: 1 }, type: 'line' as const, layer: 'below' as const };

/** `input [pA]` */
const withUnit = (name: string, unit: string | null) => (unit === null ? name : `${name} [${unit}]`);

/** @param units of the traced variable and of the input */
export function responseFigure(
  name: string,
  { variable, trace, spikes, input, inputs, rates }: NeuronResponse,
  units: { readonly variable: string | null; readonly input: string | null },
): Figure {
  const calm = trace.filter((_, step) => !spikes.includes(step));
  // How far a spike shoots beyond the threshold says little, and would hide the rest.
  const shown = calm.length > trace.length / 2 ? calm : trace;
  const most = shown.reduce((high, value) => Math.max(high, value), -Infinity);
  const least = shown.reduce((low, value) => Math.min(low, value), Infinity);
  const room = most - least || 1;
  const spikeLevel = most + 0.08 * room;
  const data: Data[] = [
    {
      type: 'scatter',
      mode: 'lines',
      x: [...trace.keys()],
      y: trace,
      line: { color: colors.blue, width: 1.5 },
    },
    {
      type: 'scatter',
      mode: 'markers',
      x: [...spikes],
      y: spikes.map(() => spikeLevel),
      marker: { symbol: 'triangle-down', size: 7, color: colors.black },
    },
    {
      type: 'scatter',
      mode: 'lines',
      x: [...inputs],
      y: [...rates],
      xaxis: 'x2',
      yaxis: 'y2',
      line: { color: colors.orange, width: 1.5 },
    },
  ];
  return createFigure(
    data,
    {
      xaxis: { title: { text: 'time [ms]' }, domain: [0, 0.56], range: [0, trace.length] },
      yaxis: {
        title: { text: withUnit(variable, units.variable) },
        range: [least - 0.06 * room, most + 0.16 * room],
      },
      xaxis2: {
        title: { text: withUnit('input', units.input) },
        domain: [0.7, 1],
        range: [0, inputs.at(-1)],
      },
      yaxis2: { title: { text: 'rate [Hz]' }, anchor: 'x2', rangemode: 'tozero' },
      shapes: [{ ...rule, xref: 'x2', yref: 'y2 domain', x0: input, x1: input, y0: 0, y1: 1 }],
    },
    { title: name, plotWidth: 640, plotHeight: 220, left: 76 },
  );
}

/** @param sent in every step; where that is at spikes alone, a line for each */
export function sendingFigure(name: string, sent: ArrayLike<number>, isAtSpikes: boolean): Figure {
  const steps = Array.from(sent, (_, step) => step);
  const [x, y] = isAtSpikes
    ? [spikeTimes.flatMap((step) => [step, step, null]), spikeTimes.flatMap((step) => [0, sent[step], null])]
    : [steps, Array.from(sent)];
  return createFigure(
    [{ type: 'scatter', mode: 'lines', x, y, line: { color: colors.blue, width: isAtSpikes ? 3 : 1.5 } }],
    {
      xaxis: { title: { text: 'time [ms]' }, range: [0, steps.length] },
      yaxis: { title: { text: 'sent to the target' }, rangemode: 'tozero' },
    },
    { title: name, plotWidth: 640, plotHeight: 180, left: 76 },
  );
}

/** @param changes of the weight, for each of `delays` */
export function windowFigure(
  name: string,
  changes: readonly number[],
  closed: ((s: number) => number) | undefined,
): Figure {
  const fine = Array.from({ length: 300 }, (_, i) => (i + 0.5) / 5);
  const line = (x: number[], at: (s: number) => number, showlegend: boolean): Data => ({
    type: 'scatter',
    mode: 'lines',
    x,
    y: x.map(at),
    line: { color: colors.orange, width: 1.5 },
    name: 'closed form',
    showlegend,
  });
  const lines = closed ? [line(fine.map((s) => -s).reverse(), closed, true), line(fine, closed, false)] : [];
  return createFigure(
    [
      ...lines,
      {
        type: 'scatter',
        mode: 'markers',
        x: [...delays],
        y: [...changes],
        marker: { color: colors.blue, size: 5 },
        name: 'simulated',
        showlegend: true,
      },
    ],
    {
      xaxis: { title: { text: 'time of target spike − time of source spike [ms]' }, range: [-62, 62] },
      yaxis: { title: { text: 'change of the weight' }, exponentformat: 'power' },
      shapes: [
        { ...rule, xref: 'paper', x0: 0, x1: 1, y0: 0, y1: 0 },
        { ...rule, yref: 'paper', x0: 0, x1: 0, y0: 0, y1: 1 },
      ],
      showlegend: true,
      legend: { orientation: 'h', x: 0, y: 1, xanchor: 'left', yanchor: 'bottom' },
    },
    { title: name, plotWidth: 560, plotHeight: 220, left: 92, top: 30 },
  );
}
