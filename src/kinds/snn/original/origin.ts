/** Where a network comes from that was not trained here from the start. */
import type { OriginalChanges, OriginalScore, ParameterValue } from './index.js';

/** What an imported network keeps of the folder it was read from; it stays through training, calibration and saving. */
export interface Origin {
  readonly program: 'original program';
  /** The folder's name: the original's hash of the parameters, or a name that was given there. */
  readonly name: string;
  /** Images that the original trained it on, as `nIter` of a network counts them. */
  readonly nIter: number;
  /** State hash of weights and thresholds as imported: what tells networks of the same parameters apart. */
  readonly state: string;
  /** parameters.json as it was; numbers that JSON has no word for are text (`"-Infinity"`). */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** The original's own scores, whatever is measured here later. */
  readonly scores: Readonly<Record<string, OriginalScore | null>>;
  /** 10 labels × 11 predictions (none last) of a method that the folder does not name, or null. */
  readonly confusion: readonly number[] | null;
  /** Saved without its adaptive thresholds, so that it scores worse than the original said. */
  readonly thetaMissing: boolean;
  /** What was not imported as it is in the folder; absent where everything was. */
  readonly changed?: OriginalChanges;
}
