/** Figures: pure functions from results to Plotly figures, and ways to look at them. */
export * from './registry.js';
export { findBestVoters, type Voter } from './best-voters.js';
export type { AccuracyPoint } from './accuracy-lines.js';
export { toDatabasePoints } from './database-figure.js';
export { defineFigure, type FigureDefinition } from './definition.js';
export type { BrowserOptions } from './display/picture-options.js';
export { Report } from './display/report.js';
export type { WriteOptions } from './display/write-figure.js';
export { Figure } from './figure.js';
export { registerFigure } from './figures-of.js';
export type { FigureOptions } from './theme.js';
export type { LiveDisplay, LiveFrame, LiveStatus } from '../watch/live/live-frame.js';
