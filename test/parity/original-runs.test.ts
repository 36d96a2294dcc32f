/** Both CPU engines repeat the runs of the original program: every spike, and the state within float32's reach. */
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { compareRun } from './compare-run.js';
import { originalCases } from './original-case.js';

describe.each(['reference', 'wasm'])('engine %s', (engine) => {
  it.each(originalCases)(
    '$name: every spike equal, weights within 1e-5 (competition 1e-4), theta 1e-4, voltages 1e-3',
    async ({ folder }) => {
      expect(await compareRun(folder, engine)).toEqual([]);
    },
  );
});
