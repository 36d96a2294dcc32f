import { expect, it } from 'vitest';
import { countOf } from './wording.js';

it('one stands alone, everything else is many', () => {
  expect([0, 1, 2].map((count) => countOf(count, 'epoch'))).toEqual(['0 epochs', '1 epoch', '2 epochs']);
});
