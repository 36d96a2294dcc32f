/** Colours and letters of everything that is drawn, here and on the page in the browser. */

/** Okabe and Ito's colours without the yellow, which is lost on white. */
export const colors = {
  blue: '#0072B2',
  orange: '#D55E00',
  green: '#009E73',
  purple: '#CC79A7',
  amber: '#E69F00',
  sky: '#56B4E9',
  black: '#000000',
} as const;

export const colorway: readonly string[] = Object.values(colors);

/** Ink of axes and text, and lines that stay in the background. */
export const ink = '#262626';
export const faint = '#B0B0B0';

export const fontFamily = "'DejaVu Sans', Verdana, Arial, sans-serif";

/** Ten steps of Viridis, dark to bright, for pictures that are drawn without Plotly. */
export const viridis: readonly string[] = [
  '#440154',
  '#482878',
  '#3e4a89',
  '#31688e',
  '#26828e',
  '#1f9e89',
  '#35b779',
  '#6ece58',
  '#b5de2b',
  '#fde725',
];
