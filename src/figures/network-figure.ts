/** A network as it is wired: layers as boxes, from inputs on the left to the right, connections as arrows. */
import type { Data } from 'plotly.js-dist';
import { objectWith, readOptions } from '../options.js';
import { defineFigure } from './definition.js';
import { escapeHtml } from './escape-html.js';
import type { Figure } from './figure.js';
import { type Box, curveOf, placeLayers, pointsOn } from './place-layers.js';
import type { NetworkSource } from './sources.js';
import { colors, createFigure, figureFields, type FigureOptions, fontSize, ink } from './theme.js';

export interface DrawnLayer {
  readonly name: string;
  readonly model: string;
  readonly shape: readonly number[];
  readonly neurons: number;
}

export interface DrawnConnection {
  readonly name: string;
  /** Names of layers. */
  readonly source: string;
  readonly target: string;
  /** Null: fixed competition. */
  readonly rule: string | null;
  readonly learns: boolean;
  readonly synapses: number;
}

/** What `Network.outline` gives. */
export interface DrawnNetwork {
  readonly layers: readonly DrawnLayer[];
  readonly connections: readonly DrawnConnection[];
}

/** Of a step between boxes to the right, and up [px]. */
const step = { x: 220, y: 150 } as const;
const box: Box = { width: 160 / step.x, height: 66 / step.y };
const mostLetters = 20;

const manners = [
  { name: 'learns', color: colors.blue, has: ({ learns }: DrawnConnection) => learns },
  { name: 'fixed weights', color: ink, has: ({ learns, rule }: DrawnConnection) => !learns && rule !== null },
  { name: 'fixed competition', color: colors.orange, has: ({ rule }: DrawnConnection) => rule === null },
];

const drawnField = objectWith<DrawnNetwork>('layers', 'connections');

/** @param network a custom network, or its outline */
export function networkFigure(
  network: DrawnNetwork | { outline(): DrawnNetwork },
  options: FigureOptions = {},
): Figure {
  const place = 'networkFigure';
  const { title } = readOptions(place, figureFields, options);
  const isNetwork = typeof (network as { outline?: unknown } | null)?.outline === 'function';
  const outline = isNetwork ? (network as { outline(): DrawnNetwork }).outline() : network;
  const { layers, connections } = drawnField(place, 'network', outline);
  const placed = placeLayers(layers, connections);
  const curves = connections.map((connection, i) => ({
    connection,
    points: pointsOn(curveOf(connections, i, placed, box)),
  }));
  const drawn = manners.map(({ name, color, has }) => ({
    name,
    color,
    curves: curves.filter(({ connection }) => has(connection)),
  }));
  const width = 1 + Math.max(0, ...[...placed.values()].map(({ x }) => x));
  const rows = [...placed.values()].map(({ y }) => y);
  const [low, high] = [Math.min(0, ...rows) - 0.8, Math.max(0, ...rows) + 0.8];
  return createFigure(
    [...drawn.map(traceOf), labelsOf(layers, placed)],
    {
      xaxis: { visible: false, range: [-0.5, width - 0.5], fixedrange: true },
      yaxis: { visible: false, range: [low, high], fixedrange: true },
      shapes: [...placed.values()].map(({ x, y }) => ({
        type: 'rect' as const,
        layer: 'below' as const,
        x0: x - box.width / 2,
        x1: x + box.width / 2,
        y0: y - box.height / 2,
        y1: y + box.height / 2,
        fillcolor: '#F3F3F3',
        line: { color: ink, width: 1 },
      })),
      annotations: drawn.flatMap(({ color, curves: own }) =>
        own.map(({ points }) => arrowHead(points, color)),
      ),
      showlegend: true,
      legend: { orientation: 'h', x: 0, y: 0, xanchor: 'left', yanchor: 'top' },
    },
    {
      title: title ?? 'Layers and connections',
      plotWidth: Math.max(420, width * step.x),
      plotHeight: (high - low) * step.y,
    },
  );
}

networkFigure.definition = defineFigure({
  name: 'network',
  method: 'networkFigure',
  topic: 'weights',
  describe: 'layers as boxes, connections as arrows',
  of: ['network'],
  draw: ({ outline }: NetworkSource, options?: FigureOptions) => networkFigure(outline, options),
  example: () =>
    networkFigure({
      layers: [
        { name: 'X', model: 'Input', shape: [1, 28, 28], neurons: 784 },
        { name: 'excitatory', model: 'DiehlAndCook', shape: [400, 1, 1], neurons: 400 },
        { name: 'inhibitory', model: 'LIF', shape: [400, 1, 1], neurons: 400 },
      ],
      connections: [
        {
          name: 'X->excitatory',
          source: 'X',
          target: 'excitatory',
          rule: 'PostPre',
          learns: true,
          synapses: 313600,
        },
        {
          name: 'excitatory->inhibitory',
          source: 'excitatory',
          target: 'inhibitory',
          rule: 'NoOp',
          learns: false,
          synapses: 400,
        },
        {
          name: 'inhibitory->excitatory',
          source: 'inhibitory',
          target: 'excitatory',
          rule: 'NoOp',
          learns: false,
          synapses: 159600,
        },
        {
          name: 'X->inhibitory',
          source: 'X',
          target: 'inhibitory',
          rule: 'NoOp',
          learns: false,
          synapses: 313600,
        },
        {
          name: 'inhibitory->inhibitory',
          source: 'inhibitory',
          target: 'inhibitory',
          rule: null,
          learns: false,
          synapses: 0,
        },
      ],
    }),
  gallery: [{ caption: 'Layers and connections of a custom network' }],
});

type Point = readonly [x: number, y: number];
type Curve = { readonly connection: DrawnConnection; readonly points: readonly Point[] };

/** The connections of a manner as one broken line. */
function traceOf({ name, color, curves }: { name: string; color: string; curves: readonly Curve[] }): Data {
  const broken = curves.flatMap(({ connection, points }) => {
    const text = describe(connection);
    return [...points.map(([x, y]) => ({ x, y, text })), { x: null, y: null, text: '' }];
  });
  return {
    type: 'scatter',
    mode: 'lines',
    x: broken.map(({ x }) => x),
    y: broken.map(({ y }) => y),
    text: broken.map(({ text }) => text),
    line: { color, width: 1.5 },
    name,
    showlegend: curves.length > 0,
    hovertemplate: '%{text}<extra></extra>',
  };
}

function describe({ name, rule, synapses }: DrawnConnection): string {
  return `${escapeHtml(name)}: ${rule === null ? 'competition' : `${escapeHtml(rule)}, ${synapses} synapses`}`;
}

function labelsOf(
  layers: readonly DrawnLayer[],
  placed: ReadonlyMap<string, { x: number; y: number }>,
): Data {
  const at = layers.map(({ name }) => placed.get(name) as { x: number; y: number });
  return {
    type: 'scatter',
    mode: 'text',
    x: at.map(({ x }) => x),
    y: at.map(({ y }) => y),
    text: layers.map(({ name, model, neurons }) =>
      [`<b>${shorten(name)}</b>`, shorten(model), `${neurons}`].join('<br>'),
    ),
    textfont: { size: fontSize - 1 },
    customdata: layers.map(({ name, model, shape }) =>
      escapeHtml(`${name}: ${model}, ${shape.join(' × ')} neurons`),
    ),
    hovertemplate: '%{customdata}<extra></extra>',
    showlegend: false,
  };
}

function shorten(text: string): string {
  return escapeHtml(text.length > mostLetters ? `${text.slice(0, mostLetters - 1)}…` : text);
}

function arrowHead(points: readonly Point[], arrowcolor: string) {
  const [x, y] = points[points.length - 1];
  // Plotly leaves heads out of arrows that are hardly longer.
  const [ax, ay] = points.findLast((point) => Math.hypot(x - point[0], y - point[1]) > 0.07) ?? points[0];
  const axes = { xref: 'x', yref: 'y', axref: 'x', ayref: 'y' } as const;
  return {
    x,
    y,
    ax,
    ay,
    ...axes,
    text: '',
    showarrow: true,
    arrowcolor,
    arrowhead: 2,
    arrowwidth: 1.5,
  } as const;
}
