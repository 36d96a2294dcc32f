/** Random draws of neurons and synapses: each a function of seed, layer or connection, call, image, step and neuron or synapse, and of nothing else. */
import type { LayerShape } from '../network/shape.js';
import { normalOfWord } from './normal.js';
import { philox4x32 } from './philox.js';
import { purposes, seedKey } from './stream.js';

export type Distribution = 'uniform' | 'normal';

/** What a neuron draws in every step. */
export interface Draw {
  readonly name: string;
  readonly distribution: Distribution;
}

/** The step that draws are for. */
export interface DrawMoment {
  /** Number of the purpose that the spikes of the image are drawn for; 0: of no purpose, or no image. */
  readonly purpose: number;
  /** Number of the image, or of the run. */
  readonly item: number;
  /** Steps since its state was reset. */
  readonly step: number;
}

/** Key of the draws of one call of a layer's equations. */
export function drawKey(seed: number, layer: number, call: number): readonly [number, number] {
  return deriveKey(seed, layer, call, purposes.neuronDraws);
}

/** Key of the draws of one call of the synapse model of a connection. */
export function synapseDrawKey(seed: number, connection: number, call: number): readonly [number, number] {
  return deriveKey(seed, connection, call, purposes.synapseDraws);
}

function deriveKey(seed: number, owner: number, call: number, purpose: number): readonly [number, number] {
  const words = new Uint32Array(4);
  philox4x32(call, owner, 0, purpose, ...seedKey(seed), words);
  return [words[0], words[1]];
}

/** Call under which the neuron that spikes for its layer is drawn. */
export const selectionCall = 0xffff_ffff;

/** One of so many, from 0, for a key as `drawKey` makes it. */
export function drawOneOf(
  count: number,
  [low, high]: readonly [number, number],
  { purpose, item, step }: DrawMoment,
): number {
  const words = new Uint32Array(4);
  philox4x32(step, 0, item, purpose, low, high, words);
  return Math.floor((words[0] / 0x1_0000_0000) * count);
}

/** Uniform in [0, 1), 24 bits. */
export function uniformOfWord(word: number): number {
  return (word >>> 8) * 2 ** -24;
}

/**
 * The draws of all neurons in engine order, or of a row of synapses as of one position. Word `c mod 4` of the block (step, first + position · ⌈channels / 4⌉ + ⌊c / 4⌋, item, purpose) is that of channel c.
 */
export function fillDraws(
  out: Float32Array,
  { channels }: Pick<LayerShape, 'channels'>,
  distribution: Distribution,
  [low, high]: readonly [number, number],
  { purpose, item, step }: DrawMoment,
  first = 0,
): void {
  const words = new Uint32Array(4);
  const convert = distribution === 'normal' ? normalOfWord : uniformOfWord;
  let block = first;
  for (let position = 0; position < out.length; position += channels) {
    for (let channel = 0; channel < channels; channel++) {
      if (channel % 4 === 0) philox4x32(step, block++, item, purpose, low, high, words);
      out[position + channel] = convert(words[channel % 4]);
    }
  }
}
