/** Both CPU engines repeat the runs of the original program: every spike, and the state within float32's reach. */
import { describe, expect, it } from 'vitest';
import '../../src/engine/index.js';
import { Monitor } from '../../src/network/monitors.js';
import { buildOriginalNetwork, largestDifference, originalCases, readOriginalCase } from './original-case.js';

describe.each(['reference', 'wasm'])('engine %s', (engine) => {
  it.each(originalCases)(
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
      const expectedWeights = original.array('w_xy_after');
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
        const connections = meta.c_l ? ['X->Y', 'Y->Y'] : ['X->Y'];
        const worst = connections.map((name) => {
          const weights = network.getWeights(name).data;
          const expected = name === 'X->Y' ? expectedWeights : original.array('w_yy_after');
          const part = expected.subarray(snapshot * weights.length, (snapshot + 1) * weights.length);
          return largestDifference(weights, part) / (name === 'X->Y' ? 1e-5 : 1e-4);
        });
        expect(Math.max(...worst)).toBeLessThan(1);
      }
      network.dispose();
    },
  );
});
