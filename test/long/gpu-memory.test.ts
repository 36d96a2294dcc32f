/** A GPU engine that simulates run after run keeps no memory of them. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { gpuEngines } from '../support/gpu.js';

describe.each(gpuEngines.map((each) => [`${each.engine}${each.remark}`, each] as const))(
  'engine %s',
  (_, { engine, isThere }) => {
    it.skipIf(!isThere)('does not grow from run to run', () => {
      const script = ['node_modules/.bin/tsx', 'scripts/gpu-memory.ts', engine, '150'];
      expect(execFileSync(process.execPath, script, { encoding: 'utf8' })).toMatch(/did not grow/);
    });
  },
);
