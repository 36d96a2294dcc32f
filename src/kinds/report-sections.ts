/** The sections that reports of every kind of network share. */
import { methodNames } from '../figures/accuracy-lines.js';
import type { ReportSection } from '../figures/display/report.js';
import type { Parameters, Scores } from '../store/index.js';

/** Accuracy by readout method, or that there is none yet. */
export function describeScoreSection(scores: Scores): ReportSection {
  const rows = Object.entries(scores).flatMap(([method, score]) =>
    score
      ? [
          [
            methodNames[method] ?? method,
            `${(100 * score.accuracy).toFixed(2)} ± ${(100 * score.error).toFixed(2)} %`,
            String(score.nIter),
          ],
        ]
      : [],
  );
  if (rows.length === 0) return { heading: 'Accuracy', text: 'Not scored yet.' };
  return { heading: 'Accuracy', table: { head: ['method', 'accuracy', 'test images'], rows } };
}

/** Published parameters, as the database keeps them. */
export function describeParameterSection(parameters: Parameters): ReportSection {
  const rows = Object.entries(parameters)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => [name, Array.isArray(value) ? JSON.stringify(value) : String(value)]);
  return { heading: 'Parameters', table: { head: ['name', 'value'], rows } };
}
