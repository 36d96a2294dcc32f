/** The neurons that decided, receptive field by receptive field: their weights and their membrane potentials. */
import { defineFigure } from './definition.js';
import * as example from './example-results.js';
import { fedField, type FedImage, type SnnSource } from './sources.js';
import { imageOptions } from './figure-option.js';
import { count, nullable, number, numbers, readOptions, type Schema } from '../options.js';
import type { Annotation, Data, LayoutAxis } from 'plotly.js-dist';
import { findBestVoters, namePosition, type Voter } from './best-voters.js';
import type { Figure } from './figure.js';
import {
  countSpikes,
  gridField,
  type OutputGrid,
  recordingField,
  type ShapedArray,
  shapedField,
  type StepRecording,
} from './results.js';
import { type ClassOptions, classSchema, nameClass, withNames } from './class-names.js';
import { colors, createFigure, faint, magnitudeScale } from './theme.js';
import { selectNeuron, spikeTimes } from './voltage-figure.js';

/** One image as the network saw it. */
export interface VotedImage extends OutputGrid {
  /** LC [filter, row, column, ky, kx], C and FC [filter, ky, kx]. */
  readonly weightsXY: ShapedArray;
  /** Spikes and membrane potentials [mV] of Y [step, neuron]. */
  readonly spikes: StepRecording;
  readonly voltages: StepRecording;
  /** Threshold of every neuron with its adaptive part [mV]. */
  readonly thresholds: ArrayLike<number>;
  /** Mean spike count [label, neuron], or null before calibration. */
  readonly votes: Float32Array | null;
  /** The label that the neurons are to have voted for. */
  readonly label: number | null;
}

export interface BestVotersOptions extends ClassOptions {
  /** Length of a step [ms]. */
  dt?: number;
  /** Voters of each receptive field (default: 1; 6 where there is only one field). */
  perPosition?: number;
}

const schema: Schema<BestVotersOptions> = {
  ...classSchema,
  dt: number({ above: 0, unit: 'ms' }),
  perPosition: count(),
};

function checkImage(image: VotedImage): void {
  const place = 'bestVotersFigure';
  gridField(place, 'image', image);
  shapedField(place, 'image.weightsXY', image.weightsXY);
  recordingField(place, 'image.spikes', image.spikes);
  recordingField(place, 'image.voltages', image.voltages);
  numbers(place, 'image.thresholds', image.thresholds);
}

/** A panel: the filter, then its potential [px]. */
const picture = 84;
const trace = 190;
const between = 8;
const columnGap = 26;
const rowGap = 34;

export function bestVotersFigure(image: VotedImage, given: BestVotersOptions = {}): Figure {
  const options = readOptions('bestVotersFigure', schema, given);
  checkImage(image);
  const { nFilters, nPositions, votes, label } = image;
  const { dt = 1, perPosition = nPositions === 1 ? 6 : 1 } = options;
  const counts = countSpikes(image.spikes);
  const voters = findBestVoters({ nFilters, nPositions, counts, votes, label, perPosition });
  const panels = arrangePanels(voters, nPositions, perPosition);
  const nColumns = Math.max(1, ...panels.map(({ column }) => column + 1));
  const nRows = Math.max(1, ...panels.map(({ row }) => row + 1));
  const panelWidth = picture + between + trace;
  const width = nColumns * panelWidth + (nColumns - 1) * columnGap;
  const height = nRows * picture + (nRows - 1) * rowGap;
  const range = voltageRange(image, voters);
  const data: Data[] = [];
  const axes: Record<string, Partial<LayoutAxis>> = {};
  const annotations: Partial<Annotation>[] = [];
  panels.forEach(({ row, column, voter, position }, index) => {
    const left = column * (panelWidth + columnGap);
    const top = row * (picture + rowGap);
    const at = (from: number, to: number): [number, number] => [from / width, to / width];
    const rows: [number, number] = [1 - (top + picture) / height, 1 - top / height];
    const [a, b] = [2 * index + 1, 2 * index + 2];
    annotations.push({
      text: describe(voter, position, nPositions),
      xref: 'paper',
      yref: 'paper',
      x: left / width,
      y: rows[1],
      xanchor: 'left',
      yanchor: 'bottom',
      showarrow: false,
      font: { size: 12 },
    });
    if (voter) {
      const filter = selectFilter(image.weightsXY, voter);
      const n = filter.length;
      const bare = { showline: true, ticks: '' as const, showticklabels: false };
      axes[axisName('x', a)] = {
        ...bare,
        domain: at(left, left + picture),
        anchor: axisId('y', a),
        range: [-0.5, n - 0.5],
      };
      axes[axisName('y', a)] = { ...bare, domain: rows, anchor: axisId('x', a), range: [n - 0.5, -0.5] };
      data.push({
        type: 'heatmap',
        xaxis: axisId('x', a),
        yaxis: axisId('y', a),
        z: filter as unknown as number[][],
        zmin: 0,
        zmax: 1,
        zauto: false,
        colorscale: magnitudeScale,
        showscale: false,
        hovertemplate: '%{z:.3f}<extra></extra>',
      });
    }
    const last = !panels.some((other) => other.column === column && other.row > row);
    axes[axisName('x', b)] = {
      domain: at(left + picture + between, left + panelWidth),
      anchor: axisId('y', b),
      range: [0, image.spikes.steps * dt],
      showticklabels: last,
      nticks: 4,
      ...(last ? { title: { text: 'time [ms]', standoff: 4 } } : {}),
    };
    axes[axisName('y', b)] = {
      domain: rows,
      anchor: axisId('x', b),
      range,
      side: 'right',
      showticklabels: column === nColumns - 1,
      nticks: 4,
      ...(column === nColumns - 1
        ? { title: { text: 'potential [mV]', font: { size: 11 }, standoff: 4 } }
        : {}),
    };
    const place = {
      dt,
      a: axisId('x', b),
      b: axisId('y', b),
      level: range[1] - 0.08 * (range[1] - range[0]),
    };
    // Axes are drawn where a trace is, be it an empty one.
    const empty: Data = {
      type: 'scatter',
      xaxis: place.a,
      yaxis: place.b,
      x: [null],
      y: [null],
      hoverinfo: 'skip',
    };
    data.push(...(voter ? potentialTraces(image, voter, place) : [empty]));
  });
  if (voters.length === 0 && panels.length === 0) {
    annotations.push({ text: 'no spikes', xref: 'paper', yref: 'paper', x: 0.5, y: 0.5, showarrow: false });
  }
  const isVoted = votes !== null && label !== null && label >= 0;
  const who = isVoted ? `Best voters for ${nameClass(label, options.classNames)}` : 'Busiest neurons';
  return createFigure(
    data,
    { ...axes, annotations },
    {
      title: options.title ?? `${who}: weights and membrane potentials`,
      plotWidth: width,
      plotHeight: height,
      left: 24,
      right: 78,
      top: 24,
    },
  );
}

const drawSchema: Schema<BestVotersOptions & { label?: number | null }> = {
  ...schema,
  label: nullable(count({ least: -1 })),
};

bestVotersFigure.definition = defineFigure({
  name: 'best-voters',
  method: 'bestVotersFigure',
  topic: 'one image',
  describe: 'weights and potentials of the neurons that decided on a test image',
  of: ['snn'],
  options: imageOptions,
  draw: (network: SnnSource, fed: FedImage, given: BestVotersOptions & { label?: number | null } = {}) => {
    fedField('bestVotersFigure', 'fed', fed);
    const { label = fed.predictions.patch_voting ?? null, ...options } = readOptions(
      'bestVotersFigure',
      drawSchema,
      given,
    );
    const { dt, grid, weightsXY, thresholds, votes } = network;
    const { spikes, voltages } = fed;
    const image = { ...grid, weightsXY, spikes, voltages, thresholds, votes, label };
    return bestVotersFigure(image, withNames(network, { dt, ...options }));
  },
  args: async ({ label = 3, index }, network) => [await network.feedLabel(label, { index })] as const,
  example: () =>
    bestVotersFigure({
      nFilters: example.nFilters,
      nPositions: example.nPositions,
      weightsXY: example.weightsLC,
      spikes: example.spikes,
      voltages: example.voltages,
      thresholds: example.thresholds,
      votes: example.votes,
      label: 1,
    }),
  gallery: [{ caption: 'Who decided: weights and potentials' }],
});

interface Panel {
  readonly row: number;
  readonly column: number;
  readonly position: number;
  /** None where no neuron of the receptive field spiked. */
  readonly voter: Voter | undefined;
}

/** Receptive fields where they lie; the voters of one field side by side below each other. */
function arrangePanels(voters: readonly Voter[], nPositions: number, perPosition: number): Panel[] {
  if (nPositions === 1) {
    const columns = Math.min(3, voters.length);
    return voters.map((voter, i) => ({
      row: Math.floor(i / columns),
      column: i % columns,
      position: 0,
      voter,
    }));
  }
  const side = Math.ceil(Math.sqrt(nPositions));
  return Array.from({ length: nPositions }, (_, position) => {
    const own = voters.filter((voter) => voter.position === position);
    const column = position % side;
    const row = Math.floor(position / side) * perPosition;
    if (own.length === 0) return [{ row, column, position, voter: undefined }];
    return own.map((voter, i) => ({ row: row + i, column, position, voter }));
  }).flat();
}

function describe(voter: Voter | undefined, position: number, nPositions: number): string {
  const where = nPositions > 1 ? `(${namePosition(position, nPositions)}) ` : '';
  if (!voter) return `${where}no spikes`;
  return `${where}filter ${voter.filter}: ${voter.count} ${voter.count === 1 ? 'spike' : 'spikes'}`;
}

/** The filter of a voter, row by row. */
export function selectFilter({ shape, data }: ShapedArray, { filter, position }: Voter): Float32Array[] {
  const size = shape[shape.length - 1];
  const nPositions = shape.length === 5 ? shape[1] * shape[2] : 1;
  const kernel = filter * nPositions + (nPositions > 1 ? position : 0);
  const from = kernel * size * size;
  return Array.from({ length: size }, (_, y) => data.subarray(from + y * size, from + (y + 1) * size));
}

function voltageRange({ voltages, thresholds }: VotedImage, voters: readonly Voter[]): [number, number] {
  let [least, most] = [-65, -52];
  for (const { neuron } of voters) {
    most = Math.max(most, thresholds[neuron]);
    for (const v of selectNeuron(voltages, neuron)) {
      least = Math.min(least, v);
      most = Math.max(most, v);
    }
  }
  return [least - 2, most + 0.24 * (most - least)];
}

function potentialTraces(
  { voltages, spikes, thresholds }: VotedImage,
  { neuron }: Voter,
  { dt, a, b, level }: { dt: number; a: 'x'; b: 'y'; level: number },
): Data[] {
  const v = selectNeuron(voltages, neuron);
  const times = spikeTimes(spikes, neuron, dt);
  return [
    {
      type: 'scatter',
      mode: 'lines',
      xaxis: a,
      yaxis: b,
      x: [0, voltages.steps * dt],
      y: [thresholds[neuron], thresholds[neuron]],
      line: { color: faint, width: 1, dash: 'dash' },
      hoverinfo: 'skip',
    },
    {
      type: 'scatter',
      mode: 'lines',
      xaxis: a,
      yaxis: b,
      x: Float64Array.from(v, (_, step) => step * dt),
      y: v,
      line: { color: colors.blue, width: 1.2 },
      hovertemplate: '%{x} ms: %{y:.1f} mV<extra></extra>',
    },
    {
      type: 'scatter',
      mode: 'markers',
      xaxis: a,
      yaxis: b,
      x: times,
      y: times.map(() => level),
      marker: { symbol: 'triangle-down', size: 7, color: colors.orange },
      hovertemplate: 'spike at %{x} ms<extra></extra>',
    },
  ];
}

function axisId<Letter extends 'x' | 'y'>(letter: Letter, number: number): Letter {
  // Plotly's types list the names of axes one by one.
  return (number === 1 ? letter : `${letter}${number}`) as Letter;
}

function axisName(letter: 'x' | 'y', number: number): string {
  return `${letter}axis${number === 1 ? '' : number}`;
}
