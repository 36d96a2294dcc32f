/** The GPU kernels repeat the runs of the original program on both backends: every spike, weights and thresholds. */
import { describe, expect, it } from 'vitest';
import '../../src/engine/index.js';
import { Monitor } from '../../src/network/monitors.js';
import { gpuEngines } from '../support/gpu.js';
import { buildOriginalNetwork, largestDifference, originalCases, readOriginalCase } from './original-case.js';

describe.each(gpuEngines.map((each) => [`${each.engine}${each.remark}`, each] as const))(
  'engine %s',
  (_, { engine, isThere }) => {
    it.skipIf(!isThere).each(originalCases)(
      '%s: every spike equal, weights within 1e-5 (competition 1e-4), theta 1e-4, voltages 1e-3',
      async (name) => {
        const original = readOriginalCase(name);
        const { meta, inputs, outputs } = original;
        const network = buildOriginalNetwork(original, engine);
        const spikes = new Monitor({ variables: ['spikes'] });
        const voltages = new Monitor({ variables: ['v'], indices: Array.from({ length: 16 }, (_, i) => i) });
        network.addMonitor('Y', spikes).addMonitor('Y', voltages);
        const expectedTheta = original.array('theta_after');
        const expectedVoltages = original.array('v_first16');
        const size = meta.n_output;
        for (let image = 0; image < inputs.length; image++) {
          const learn = image < meta.n_train;
          spikes.reset();
          voltages.reset();
          network.resetState();
          await network.run({ X: inputs[image] }, { learn });
          if (learn) network.normalize();
          expect(Buffer.compare(Uint8Array.from(spikes.get('spikes').data), outputs[image])).toBe(0);
          const theta = expectedTheta.subarray(image * size, (image + 1) * size);
          expect(largestDifference(network.getVariable('Y', 'theta'), theta)).toBeLessThan(1e-4);
          const v = expectedVoltages.subarray(image * meta.time_max * 16, (image + 1) * meta.time_max * 16);
          expect(largestDifference(voltages.get('v').data, v)).toBeLessThan(1e-3);
          const snapshot = [0, meta.n_train - 1].indexOf(image);
          if (snapshot < 0) continue;
          for (const [connection, file, limit] of [
            ['X->Y', 'w_xy_after', 1e-5],
            ...(meta.c_l ? ([['Y->Y', 'w_yy_after', 1e-4]] as const) : []),
          ] as const) {
            const weights = network.getWeights(connection).data;
            const expected = original
              .array(file)
              .subarray(snapshot * weights.length, (snapshot + 1) * weights.length);
            expect(largestDifference(weights, expected)).toBeLessThan(limit);
          }
        }
        network.dispose();
      },
      300_000,
    );
  },
);
