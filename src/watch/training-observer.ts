/** Somebody who looks at a training between two of its images, and changes nothing. */
import type { SpikeTrain } from '../core/encoding/spike-train.js';

/** The training image that was learned last. */
export interface LearnedImage {
  /** crop × crop bytes. */
  readonly image: Uint8Array;
  readonly label: number;
  /** The spikes that it became. */
  readonly spikes: SpikeTrain;
}

export interface TrainingMoment {
  /** Images trained on so far, and when the training will be done. */
  readonly nIter: number;
  readonly end: number;
  /** `running` at every moment but the last. */
  readonly state: 'running' | 'done' | 'interrupted';
  /** Null where none has been learned since the training (or its continuation) began. */
  readonly last: () => LearnedImage | null;
}

export interface TrainingObserver {
  /** Called before the first image; `end` is the iteration at which the training will be done. */
  begin(nIter: number, end: number): void;
  /** The iteration, beyond `nIter`, at which the training is to pause for a look. */
  nextLook(nIter: number): number;
  /** Spike counts of Y [image, neuron], engine order, of the images just learned; valid during the call. */
  count(counts: Uint16Array): void;
  /** The training pauses: where a look was asked for, now and then elsewhere, and at its end. */
  look(moment: TrainingMoment): Promise<void> | void;
}

/** Two observers of one training; it pauses for either, and tells both. */
export function bothObservers(one: TrainingObserver, other: TrainingObserver): TrainingObserver {
  return {
    begin: (nIter, end) => {
      one.begin(nIter, end);
      other.begin(nIter, end);
    },
    nextLook: (nIter) => Math.min(one.nextLook(nIter), other.nextLook(nIter)),
    count: (counts) => {
      one.count(counts);
      other.count(counts);
    },
    look: async (moment) => {
      await one.look(moment);
      await other.look(moment);
    },
  };
}
