import { describe, expect, it } from 'vitest';
import { describeNeuron, describeRule, describeSynapse } from './describe-definition.js';

describe('describeNeuron', () => {
  it('gives equations as text and LaTeX, parameters, state and remarks', () => {
    const described = describeNeuron({
      name: 'Own',
      about: 'a model',
      source: 'a paper',
      parameters: { rest: [-65, 'mV'], gain: 2, refrac: [5, 'ms'] },
      kernels: { last: [1, 2, 3] },
      state: { v: 'rest', theta: [0, 'mV'] },
      persistent: ['theta'],
      input: 'mV',
      step: `
        v += gain * input; theta = 0
        v += convolve(input, last)
      `,
      spike: 'v > theta',
      reset: 'v = rest',
      refractory: { period: 'refrac', holds: ['v', 'theta'], next: 'brian' },
      select: 'one-of-layer',
    });
    expect(described).toEqual({
      name: 'Own',
      kind: 'neuron',
      about: 'a model',
      source: 'a paper',
      inputs: [{ name: 'input', unit: 'mV' }],
      equations: [
        {
          when: 'every step',
          text: ['v += gain * input', 'theta = 0', 'v += convolve(input, last)'],
          latex: [
            'v \\leftarrow v + \\mathrm{gain} \\thinspace \\mathrm{input}',
            '\\theta \\leftarrow 0',
            'v \\leftarrow v + \\left(\\mathrm{last} \\ast \\mathrm{input}\\right)',
          ],
        },
        { when: 'a neuron spikes where', text: ['v > theta'], latex: ['v \\gt \\theta'] },
        { when: 'after a spike', text: ['v = rest'], latex: ['v \\leftarrow \\mathrm{rest}'] },
      ],
      parameters: [
        { name: 'rest', value: -65, unit: 'mV' },
        { name: 'gain', value: 2, unit: null },
        { name: 'refrac', value: 5, unit: 'ms' },
      ],
      state: [
        { name: 'v', value: 'rest', unit: null, persistent: false },
        { name: 'theta', value: 0, unit: 'mV', persistent: true },
      ],
      remarks: [
        'The input is in mV.',
        'The kernel last weights as many of the last steps as it is long, by default 3.',
        'The refractory period is refrac [ms]. Within it v and theta stand still. The next spike comes n steps after a spike at the earliest, where n is the period in steps.',
        'Of the neurons of a layer that may spike in a step one, drawn, does; all of them are reset.',
      ],
    });
  });

  it('gives derivatives, several inputs, and what is emitted', () => {
    const { inputs, equations, remarks } = describeNeuron({
      name: 'Own',
      inputs: { excitation: 'nS', other: '1' },
      state: { v: 0 },
      derivatives: { v: '(excitation - v) / tau' },
      method: 'exact',
      emit: 'v',
    });
    expect(inputs).toEqual([
      { name: 'excitation', unit: 'nS' },
      { name: 'other', unit: null },
    ]);
    expect(equations).toEqual([
      {
        when: 'every step, by the exact solution',
        text: ['dv/dt = (excitation - v) / tau'],
        latex: ['\\frac{\\mathrm{d} v}{\\mathrm{d} t} = \\frac{\\mathrm{excitation} - v}{\\tau}'],
      },
    ]);
    expect(remarks).toEqual([
      'The inputs are excitation, other; a connection that names none adds to excitation.',
      'The input excitation is in nS.',
      'The neurons do not spike: they hand on v in every step.',
    ]);
  });
});

describe('describeRule', () => {
  it('gives clauses, traces, state of synapses and signals', () => {
    const described = describeRule({
      name: 'Own',
      traces: {
        x: { of: 'source', tc: 'tau', mode: 'add', scale: 'a', reads: 'before' },
        y: { of: 'target' },
      },
      parameters: { tau: [20, 'ms'], a: 2 },
      synapse: { e: [0, '1/ms'] },
      persistent: ['e'],
      neurons: { p: { of: 'target', variable: 'v' } },
      signals: ['reward'],
      onTarget: 'w += reward * x',
    });
    expect(described).toMatchObject({ name: 'Own', kind: 'rule', about: null, source: null, inputs: [] });
    expect(described.equations).toEqual([
      {
        when: 'at a spike of the target',
        text: ['w += reward * x'],
        latex: ['w \\leftarrow w + \\mathrm{reward} \\thinspace x'],
      },
    ]);
    expect(described.state).toEqual([{ name: 'e', value: 0, unit: '1/ms', persistent: true }]);
    expect(described.remarks).toEqual([
      'The trace x decays with the time constant tau; a spike of the source adds a; equations read it before the spikes of the step.',
      "The trace y decays with the time constant of the layer's traces; a spike of the target sets it to 1.",
      'p is the state variable v of the target.',
      'reward is a signal that the whole network is given in every step.',
    ]);
  });
});

describe('describeSynapse', () => {
  it('gives clauses, what is sent when, and whose state it is', () => {
    const described = describeSynapse({
      name: 'Own',
      parameters: { U: 0.2 },
      state: { u: 'U', x: [1, 'mV'], z: 0 },
      neurons: { v: { of: 'target', variable: 'v' } },
      step: 'u += 1; z = v',
      onSource: 'x -= u',
      send: 'w * x',
    });
    expect(described).toMatchObject({ name: 'Own', kind: 'synapse', about: null, source: null, inputs: [] });
    expect(described.equations).toEqual([
      {
        when: 'every step',
        text: ['u += 1', 'z = v'],
        latex: ['u \\leftarrow u + 1', 'z \\leftarrow v'],
      },
      { when: 'at a spike of the source', text: ['x -= u'], latex: ['x \\leftarrow x - u'] },
      {
        when: 'at a spike of the source, sent to the target',
        text: ['w * x'],
        latex: ['w \\thinspace x'],
      },
    ]);
    expect(described.state).toEqual([
      { name: 'u', value: 'U', unit: null, persistent: false },
      { name: 'x', value: 1, unit: 'mV', persistent: false },
      { name: 'z', value: 0, unit: null, persistent: false },
    ]);
    expect(described.remarks).toEqual([
      'All synapses of a source share its u, x, unless a parameter is given for every weight.',
      'Every synapse has its own z.',
      'v is the state variable v of the target.',
    ]);
  });

  it('says that the weight is sent where nothing else is, and what every step sends', () => {
    expect(describeSynapse({ name: 'Own', step: 'a = 1' }).equations.at(-1)).toMatchObject({ text: ['w'] });
    expect(describeSynapse({ name: 'Own', send: 'w', each: 'step' }).equations).toEqual([
      { when: 'sent to the target in every step', text: ['w'], latex: ['w'] },
    ]);
  });
});
