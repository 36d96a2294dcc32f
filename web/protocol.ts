/** What page, worker and server say to each other. */
import type { Answer } from '../src/browser.js';

/** A network as the list of the page shows it. */
export interface ListedNetwork {
  readonly name: string;
  readonly title: string;
}

export interface NetworkList {
  /** Name of the network to begin with. */
  readonly chosen: string;
  readonly networks: readonly ListedNetwork[];
}

/** A test image to show: size × size bytes. */
export interface TestDigit {
  readonly label: number;
  /** Its number in the test set: the random item of its spikes. */
  readonly item: number;
  readonly pixels: readonly number[];
}

export interface TestDigits {
  readonly size: number;
  readonly digits: readonly TestDigit[];
}

/** To the worker: take over a network on an engine, or answer an image of crop × crop bytes. */
export type Request =
  | { readonly kind: 'load'; readonly message: ArrayBuffer; readonly engine: string }
  | { readonly kind: 'answer'; readonly image: Uint8Array; readonly item: number };

/** From the worker: to `load` nothing, to `answer` the answer, or what went wrong. */
export type Reply =
  | { readonly id: number; readonly ok: true; readonly answer?: Answer }
  | { readonly id: number; readonly ok: false; readonly problem: string };

export type Numbered<T> = T & { readonly id: number };

/** What an `answer` event of the document tells, whenever the page shows a new answer. */
export interface ShownAnswer {
  readonly network: string;
  readonly engine: string;
  /** crop × crop bytes. */
  readonly image: Uint8Array;
  readonly item: number;
  readonly answer: Answer;
}
