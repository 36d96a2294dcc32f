import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readStateDict } from '../../src/formats/state-dict.js';
import { Conv2d } from '../../src/layers/conv2d.js';
import { loadStateDict } from '../../src/layers/load-state-dict.js';
import { makeNnmfNetwork } from '../../src/kinds/nnmf/nnmf-network.js';
import { ReLU } from '../../src/layers/relu.js';
import { Sequential } from '../../src/layers/sequential.js';
import { call, int, name, tensor, text } from '../support/pickle-bytes.js';
import { archive, encodeStateDict, orderedDictionary, storage } from '../support/state-dict-bytes.js';

/** Weights of a Conv2d(2, 2, 1), the second stored transposed, as PyTorch may. */
const weights = tensor(storage('0', 4), 0, [2, 2, 1, 1], [1, 2, 1, 1]);
const bias = tensor(storage('1', 3), 1, [2], [1]);
const content = { 0: Float32Array.of(1, 2, 3, 4), 1: Float32Array.of(9, 5, 6) };
const whole = orderedDictionary(text('1.weight'), weights, text('1.bias'), bias);

describe('state_dict of PyTorch as a zip', () => {
  it('is read with its strides and offsets, and fits the layers by name', () => {
    const conv = new Conv2d(2, 2, { kernelSize: 1 });
    const network = new Sequential([new ReLU(), conv]);
    loadStateDict(network, readStateDict(archive(whole, content), 'net.pt'), 'net.pt');
    expect([...conv.weight.value.data]).toEqual([1, 3, 2, 4]);
    expect([...(conv.bias?.value.data ?? [])]).toEqual([5, 6]);
  });

  it('carries a whole NNMF network', () => {
    const options = { inputChannels: 1, inputSize: 24 };
    const source = makeNnmfNetwork({ ...options, seed: 1 }).network;
    const target = makeNnmfNetwork({ ...options, seed: 2 }).network;
    loadStateDict(target, readStateDict(encodeStateDict(source), 'net.pt'), 'net.pt');
    expect(target.parameters().map(({ value }) => value)).toEqual(
      source.parameters().map(({ value }) => value),
    );
  });

  it.each<[string, () => Uint8Array, string, RegExp]>([
    ['a compressed entry', () => archive(whole, content, 6), 'DATA_CORRUPT', /without compression/],
    ['a missing storage', () => archive(whole, { 0: content[0] }), 'DATA_CORRUPT', /12 bytes in data\/1/],
    [
      'a short storage',
      () => archive(whole, { ...content, 1: Float32Array.of(1) }),
      'DATA_CORRUPT',
      /12 bytes in data\/1.*4/,
    ],
    [
      'code',
      () => archive(call(name('os', 'system'), text('true')), content),
      'FOREIGN_CONTENT',
      /os\.system/,
    ],
    ['no dictionary', () => archive(weights, content), 'DATA_CORRUPT', /a dictionary of tensors/],
    [
      'a number among the tensors',
      () => archive(orderedDictionary(text('n'), int(3)), content),
      'DATA_CORRUPT',
      /net\.pt, n: expected a tensor/,
    ],
    ['no zip', () => new Uint8Array(50), 'DATA_CORRUPT', /a zip archive of PyTorch's/],
    [
      'another zip',
      () => zipSync({ 'a.txt': new Uint8Array(3) }, { level: 0 }),
      'DATA_CORRUPT',
      /a data\.pkl.*a\.txt/,
    ],
  ])('refuses %s', (_, make, code, message) => {
    const error = expect.objectContaining({ code, message: expect.stringMatching(message) });
    expect(() => readStateDict(make(), 'net.pt')).toThrow(error);
  });

  it('notices a changed bit in any weight', () => {
    const file = archive(whole, content);
    const start = Buffer.from(file).indexOf(new Uint8Array(content[0].buffer));
    for (let at = start; at < start + 16; at++) {
      const damaged = Uint8Array.from(file);
      damaged[at] ^= 0x40;
      expect(() => readStateDict(damaged, 'net.pt')).toThrow(/^net\.pt, net\/data\/0: expected CRC-32 /);
    }
  });

  it('names what does not fit, and changes nothing', () => {
    const conv = new Conv2d(3, 2, { kernelSize: 1 });
    const before = conv.weight.value.data.slice();
    const network = new Sequential([new ReLU(), conv, new Conv2d(2, 1, { kernelSize: 1, bias: false })]);
    const entries = readStateDict(archive(whole, content), 'net.pt');
    const message = /net\.pt: .* found no 2\.weight, 1\.weight of \[2, 2, 1, 1\] in place of \[2, 3, 1, 1\]/;
    expect(() => loadStateDict(network, entries, 'net.pt')).toThrow(message);
    expect(conv.weight.value.data).toEqual(before);
  });
});
