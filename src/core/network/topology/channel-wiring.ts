/** Wiring between layers of the same channels, where each channel reaches only its own: pooling, padding, permutation. */
import { invalidArgument } from '../../../errors.js';
import { countNeurons, type LayerShape } from '../shape.js';
import { buildFanOut } from './fan-out.js';
import type { Wiring } from './topology.js';

/**
 * One row for each channel, which all neurons of that channel have. Published weights: [target channel, source channel], 0 off the diagonal.
 *
 * @param entries (source neuron, channel of the target, position of the target), ascending by position
 */
export function wireChannels(
  source: LayerShape,
  { channels: n }: LayerShape,
  entries: Iterable<readonly [source: number, channel: number, position: number]>,
): Wiring {
  const mask = new Uint8Array(n * n);
  for (let channel = 0; channel < n; channel++) mask[channel * n + channel] = 1;
  const list = Array.from(entries, ([neuron, channel, position]) => [neuron, channel, position * n] as const);
  return {
    fanOut: buildFanOut(countNeurons(source), n, n, list),
    weightShape: [n, n],
    engineIndex: Uint32Array.from({ length: n * n }, (_, at) => (at % n) * n + Math.floor(at / n)),
    nGroups: 1,
    maskSelf: false,
    mask,
  };
}

export function checkChannels(
  source: LayerShape,
  target: LayerShape,
  place: string,
  n = source.channels,
): void {
  if (source.channels === n && target.channels === n) return;
  throw invalidArgument(place, `source and target of ${n} channels`, [source.channels, target.channels]);
}
