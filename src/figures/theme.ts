/** How all figures look: fonts, axes, colours that colour-blind people tell apart, and margins that fit what is written. */
import { type Schema, text } from '../options.js';
import type { Data, Layout, Template } from 'plotly.js-dist';
import { Figure } from './figure.js';
import { colorway, fontFamily, ink } from './palette.js';

export { colors, colorway, faint, fontFamily, ink } from './palette.js';

/** Magnitudes, dark to bright: weights, counts. */
export const magnitudeScale = 'Viridis';

/** Shares, white to dark, so that numbers can be written on it. */
export const shareScale: [number, string][] = [
  [0, '#FFFFFF'],
  [0.25, '#CFE1F2'],
  [0.5, '#7DB3D8'],
  [0.75, '#2B7BBA'],
  [1, '#08306B'],
];

/** Black to white, as the picture is. */
export const greyScale: [number, string][] = [
  [0, '#000000'],
  [1, '#FFFFFF'],
];

export const fontSize = 13;
const titleSize = 15;

const axis = {
  showgrid: false,
  zeroline: false,
  showline: true,
  mirror: true,
  linecolor: ink,
  linewidth: 1,
  ticks: 'outside',
  ticklen: 4,
  tickcolor: ink,
  title: { standoff: 8 },
  hoverformat: '.4~g',
} as const;

const sceneAxis = {
  backgroundcolor: '#FFFFFF',
  gridcolor: '#DDDDDD',
  linecolor: ink,
  showbackground: false,
  zeroline: false,
} as const;

/** Plotly's template of all figures. */
export const theme: Template = {
  layout: {
    font: { family: fontFamily, size: fontSize, color: ink },
    colorway: [...colorway],
    paper_bgcolor: '#FFFFFF',
    plot_bgcolor: '#FFFFFF',
    xaxis: axis,
    yaxis: axis,
    scene: { xaxis: sceneAxis, yaxis: sceneAxis, zaxis: sceneAxis },
    legend: { bgcolor: 'rgba(255,255,255,0)', borderwidth: 0 },
    hoverlabel: { font: { family: fontFamily, size: fontSize - 1 } },
    hovermode: 'closest',
    bargap: 0.25,
  },
};

/** What every colour bar shares. */
export function colorBar(title: string, height?: number) {
  return {
    title: { text: title, side: 'right' as const },
    thickness: 14,
    outlinewidth: 1,
    outlinecolor: ink,
    ticks: 'outside' as const,
    ticklen: 4,
    x: 1,
    xpad: 12,
    ...(height === undefined ? {} : { lenmode: 'pixels' as const, len: height }),
  };
}

export interface FigureOptions {
  /** Line above the figure; every figure has a fitting one. */
  title?: string;
}

/** How the options are read that all figures have. */
export const figureFields: Schema<FigureOptions> = { title: text };

export interface FigureFrame {
  title: string;
  /** Size of the drawing area [px]; the figure grows around it. */
  plotWidth: number;
  plotHeight: number;
  /** Room for what is written around the drawing area [px]. */
  left?: number;
  right?: number;
  bottom?: number;
  /** Room above the drawing area beside the title's. */
  top?: number;
}

/** A figure in the theme, as large as its drawing area and what is written around it need. */
export function createFigure(data: Data[], layout: Partial<Layout>, frame: FigureFrame): Figure {
  const { plotWidth, plotHeight, left = 68, right = 24, bottom = 58, top = 0 } = frame;
  const width = Math.round(plotWidth + left + right);
  const centre = left + plotWidth / 2;
  const room = 2 * Math.min(centre, width - centre) - 16;
  const lines = wrapText(frame.title, Math.floor(room / (titleSize * 0.6)));
  const titleHeight = 22 + lines.length * titleSize * 1.3;
  const t = Math.round(titleHeight + top);
  return new Figure(data, {
    template: theme,
    title: {
      text: lines.join('<br>'),
      font: { size: titleSize },
      x: centre / width,
      xref: 'container',
      xanchor: 'center',
      y: 1,
      yref: 'container',
      yanchor: 'top',
      pad: { t: 14 },
      automargin: false,
    },
    width,
    height: Math.round(plotHeight + t + bottom),
    margin: { l: left, r: right, t, b: bottom },
    showlegend: false,
    ...layout,
  });
}

/** Words in lines of at most `most` characters. */
export function wrapText(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Room that tick labels and an axis title take beside the drawing area [px]. */
export function roomForLabels(labels: readonly string[]): number {
  const longest = Math.max(0, ...labels.map((label) => label.length));
  return Math.round(38 + longest * fontSize * 0.62);
}
