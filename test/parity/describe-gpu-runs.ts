/** The GPU kernels beside runs of the original program, on both backends: every spike, weights and thresholds. */
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { gpuEngines } from '../support/gpu.js';
import { compareRun } from './compare-run.js';
import type { originalCases } from './original-case.js';

/** A suite for each backend with a test for each case. */
export function describeGpuRuns(cases: typeof originalCases): void {
  describe.each(gpuEngines.map((each) => [`${each.engine}${each.remark}`, each] as const))(
    'engine %s',
    (_, { engine, isThere }) => {
      it.skipIf(!isThere).each(cases)(
        '$name: every spike equal, weights within 1e-5 (competition 1e-4), theta 1e-4, voltages 1e-3',
        async ({ folder }) => {
          expect(await compareRun(folder, engine)).toEqual([]);
        },
        300_000,
      );
    },
  );
}
