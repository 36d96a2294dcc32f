/** A network whose constants no network here can have is refused by the name of the constant. */
import { describe, expect, it } from 'vitest';
import { makeSmallOriginal, makeTrainedOriginal } from '../../../../test/support/small-original.js';
import type { OriginalConstants, OriginalNetwork } from './index.js';
import { checkOriginalConstants } from './check-original-constants.js';
import { readOriginalParameters } from './original-parameters.js';

function check(original: OriginalNetwork): void {
  checkOriginalConstants(original, readOriginalParameters(original, 'parameters.json'), 'folder/network');
}

function withConstants(original: OriginalNetwork, change: Partial<OriginalConstants>): OriginalNetwork {
  return { ...original, constants: { ...original.constants, ...change } };
}

const fixed = makeSmallOriginal();
const trained = makeTrainedOriginal();
const { traces, xy, yy } = fixed.constants;
const trainedYY = trained.constants.yy;

describe('checkOriginalConstants', () => {
  const decay100s = Math.fround(Math.exp(-1e-5));
  const decay17 = Math.fround(Math.exp(-1 / 17));
  const traces17 = { tcTracePre: 17, tcTracePost: 17, traceDecayPre: decay17, traceDecayPost: decay17 };
  it.each<[string, OriginalNetwork]>([
    ['a locally connected network', fixed],
    ['a convolutional network', { ...fixed, networkType: 'C_SNN' }],
    ['a fully connected network', { ...fixed, networkType: 'FC_SNN', kernelSize: 4, convSize: 1 }],
    ['trained competition', trained],
    ['a single filter', makeSmallOriginal({ nFilters: 1, wYY: { kind: 'fixed', weight: 0 } })],
    ['another refractory period', withConstants(fixed, { refrac: 2 })],
    ['another sum of weights', withConstants(fixed, { xy: { ...xy, norm: 3 } })],
    ['another growth of thresholds', withConstants(fixed, { thetaPlus: 0.06 })],
    ['another decay of thresholds', withConstants(fixed, { tcThetaDecay: 1e5, thetaDecay: decay100s })],
    ['other rates of learning', withConstants(fixed, { xy: { ...xy, nu: [1e-3, 1e-1] } })],
    ['other traces', withConstants(fixed, { traces: { x: traces.x, y: traces17 } })],
    [
      'other rates, decay and bounds of trained competition',
      withConstants(trained, { yy: { ...trainedYY, wmin: -200, wmax: -1, nu: [0.1, 0.2], weightDecay: 1 } }),
    ],
  ])('takes %s', (_, original) => expect(() => check(original)).not.toThrow());

  it('takes factors that are neighbours in float32', () => {
    const { decay } = fixed.constants;
    expect(() => check(withConstants(fixed, { decay: decay + 2 ** -24 }))).not.toThrow();
    expect(() => check(withConstants(fixed, { decay: decay + 2 ** -22 }))).toThrow(/Y\.decay/);
  });

  it.each<[string, OriginalNetwork, Partial<OriginalConstants>]>([
    ['Y.rest: expected -65, with which such a network runs here, got -60', fixed, { rest: -60 }],
    ['Y.reset: expected -65, with which such a network runs here, got -60', fixed, { reset: -60 }],
    ['Y.thresh: expected -52, with which such a network runs here, got -50', fixed, { thresh: -50 }],
    ['Y.tc_decay: expected 20, with which such a network runs here, got 100', fixed, { tcDecay: 100 }],
    ['Y.decay: expected 0.95', fixed, { decay: 0.9 }],
    ['Y.theta_decay: expected 0.99', fixed, { thetaDecay: 0.9 }],
    ['X.tc_trace_pre: expected 20,', fixed, { traces: { x: { ...traces.x, tcTracePre: 8 }, y: traces.y } }],
    [
      'X.trace_decay_pre: expected',
      fixed,
      { traces: { x: { ...traces.x, traceDecayPre: 0.5 }, y: traces.y } },
    ],
    // A time constant that was changed without its factor: unclear which of the two was meant.
    ['Y.trace_decay_pre: expected', fixed, { traces: { x: traces.x, y: { ...traces.y, tcTracePre: 8 } } }],
    ['Y.trace_decay_post: expected', fixed, { traces: { x: traces.x, y: { ...traces.y, tcTracePost: 8 } } }],
    ['X_to_Y.nu, before a spike: expected', fixed, { xy: { ...xy, nu: null } }],
    ['X_to_Y.weight_decay: expected 0,', fixed, { xy: { ...xy, weightDecay: 0.1 } }],
    ['X_to_Y.wmin: expected 0,', fixed, { xy: { ...xy, wmin: -1 } }],
    ['X_to_Y.wmax: expected 1,', fixed, { xy: { ...xy, wmax: Infinity } }],
    ['X_to_Y.norm: expected 4.14', fixed, { xy: { ...xy, norm: null } }],
    ['Y_to_Y.norm: expected none,', fixed, { yy: { ...yy, norm: 1 } }],
    ['Y_to_Y.nu, before a spike: expected 0,', fixed, { yy: { ...yy, nu: [1, 0] } }],
    ['Y_to_Y.nu, after a spike: expected 0,', fixed, { yy: { ...yy, nu: [0, 1] } }],
    ['Y_to_Y.weight_decay: expected 0,', fixed, { yy: { ...yy, weightDecay: 1 } }],
  ])('%s', (message, original, change) => {
    expect(() => check(withConstants(original, change))).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(`folder/network, ${message}`) as string,
      }),
    );
  });

  it('refuses parameters that are not those of the file', () => {
    const parameters = readOriginalParameters(trained, 'parameters.json');
    const against = (change: object) => () =>
      checkOriginalConstants(trained, { ...parameters, ...change }, 'network');
    expect(against({})).not.toThrow();
    expect(against({ dt: 0.5 })).toThrow(/network, dt: expected 0.5, .* got 1/);
    expect(against({ refrac: 2 })).toThrow(/Y\.refrac/);
    expect(against({ nuPre: 1 })).toThrow(/X_to_Y\.nu, before/);
    expect(against({ nuPost: 1 })).toThrow(/X_to_Y\.nu, after/);
    expect(against({ thetaPlus: 1 })).toThrow(/Y\.theta_plus/);
    expect(against({ tcThetaDecay: 8 })).toThrow(/Y\.tc_theta_decay/);
    expect(against({ tauPos: 8 })).toThrow(/Y\.tc_trace_pre/);
    expect(against({ tauNeg: 8 })).toThrow(/Y\.tc_trace_post/);
    expect(against({ meanWeight: 0.5 })).toThrow(/X_to_Y\.norm/);
    expect(against({ APos: 1 })).toThrow(/Y_to_Y\.nu, before/);
    expect(against({ ANeg: 1 })).toThrow(/Y_to_Y\.nu, after/);
    expect(against({ weightDecay: 1 })).toThrow(/Y_to_Y\.weight_decay/);
    expect(against({ cWMin: -9 })).toThrow(/Y_to_Y\.wmin/);
    expect(against({ cWMax: 9 })).toThrow(/Y_to_Y\.wmax/);
  });
});
