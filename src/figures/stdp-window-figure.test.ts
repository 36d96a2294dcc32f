import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { RandomStream } from '../core/random/stream.js';
import { PostPre } from '../core/network/learning/index.js';
import { stdpChange } from './stdp-window-figure.js';

it('draws both sides of the window', () => {
  expect(plainFigure(exampleFigures.stdpWindowFigure())).toMatchSnapshot();
});

it('is what the learning rule does to one synapse with a pair of spikes: within 1e-6', () => {
  const window = { nuPre: -0.0556, nuPost: 1.626, tauSource: 17.72, tauTarget: 16.48 };
  const rule = new PostPre({ nu: [window.nuPre, window.nuPost] });
  const delays = new RandomStream(1, 'yyWeights');
  for (const delay of [0, 1, -1, 5, -12, Math.floor(40 * delays.nextFloat())]) {
    const weights = new Float32Array(1);
    const traces = { source: new Float32Array(1), target: new Float32Array(1) };
    for (let step = 0; step < 100; step++) {
      const source = step === 50 ? 1 : 0;
      const target = step === 50 + delay ? 1 : 0;
      traces.source[0] = source || traces.source[0] * Math.exp(-1 / window.tauSource);
      traces.target[0] = target || traces.target[0] * Math.exp(-1 / window.tauTarget);
      rule.update({
        fanOut: { start: [0, 1], row: [0], target: [0], rowLength: 1 } as never,
        weights,
        sourceSpikes: Uint8Array.of(source),
        targetSpikes: Uint8Array.of(target),
        sourceTrace: traces.source,
        targetTrace: traces.target,
      });
    }
    expect(Math.abs(weights[0] - stdpChange(window, delay))).toBeLessThan(1e-6);
  }
});
