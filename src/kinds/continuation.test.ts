/** Which networks of each layered kind may take the place of which. */
import { describe, expect, it } from 'vitest';
import type { Parameters } from '../store/index.js';
import { convertedKind } from './converted/kind.js';
import { nnmfKind } from './nnmf/kind.js';
import { reluKind } from './relu/kind.js';
import { sbsKind } from './sbs/kind.js';

const identify = (parameters: Parameters) => ({ parameters, meta: {} });

describe.each([
  ['NNMF', nnmfKind, 'n_epochs'],
  ['SBS', sbsKind, 'n_steps'],
  ['ReLU', reluKind, 'n_epochs'],
])('%s', (network_type, kind, counter) => {
  const trained = (units: number, seed = 0) => identify({ network_type, seed, [counter]: units });

  it('goes on by more units of the same training, and by nothing else', () => {
    expect(kind.continues(trained(3), trained(4))).toBe(true);
    expect(kind.continues(trained(3), trained(3))).toBe(true);
    expect(kind.continues(trained(3), trained(2))).toBe(false);
    expect(kind.continues(trained(3), trained(4, 1))).toBe(false);
  });
});

it('ReLU_SNN: a conversion is finished at once, and another one is another network', () => {
  const converted = (duration: number) => identify({ network_type: 'ReLU_SNN', ann_hash: 'a0', duration });
  expect(convertedKind.continues(converted(100), converted(100))).toBe(true);
  expect(convertedKind.continues(converted(100), converted(200))).toBe(false);
});
