/** `locus models`, in this process: the list, one of it, and a name that there is not. */
import { describe, expect, it } from 'vitest';
import { listShelf } from '../../src/core/shelf.js';
import { runHere, runJson } from './run-cli.js';

interface Listed {
  readonly name: string;
  readonly kind: string;
  readonly about: string;
}

describe('locus models', () => {
  it('lists every neuron model, rule and synapse model of the shelf with what it is', async () => {
    const listed = await runJson<Listed[]>('models');
    expect(listed).toEqual(
      listShelf().map(({ kind, definition: { name, about } }) => ({ name, kind, about })),
    );
    expect(listed).toContainEqual({
      name: 'Oja',
      kind: 'rule',
      about: 'Hebbian learning that keeps the weights of a neuron at length 1',
    });
    const { stdout } = await runHere(['models']);
    for (const { name } of listed)
      expect(stdout).toMatch(new RegExp(`│ ${name} +│ (neuron|rule|synapse) +│ \\w`));
  });

  it('shows the equations, parameters, state and source of one', async () => {
    const { code, stdout } = await runHere(['models', 'MSTDPET']);
    expect(code).toBe(0);
    expect(stdout).toBe(`\
MSTDPET: STDP modulated by a reward that comes later: it multiplies an eligibility trace that decays slowly

Every step
  eligibilityTrace = eligibilityTrace * exp(-dt / tcEligibility) + eligibility / tcEligibility
  w += nu * dt * reward * eligibilityTrace
  eligibility = 0

At a spike of the source
  eligibility += pMinus

At a spike of the target
  eligibility += pPlus

End of every step
  w -= weightDecay
  w *= 1 - relativeWeightDecay

Parameters
  nu                   0.01
  aPlus                1
  aMinus               -1
  tcPlus               20 ms
  tcMinus              20 ms
  tcEligibility        25 ms
  weightDecay          0
  relativeWeightDecay  0

State, with initial values
  eligibility       0
  eligibilityTrace  0 1/ms

What else holds
  The trace pPlus decays with the time constant tcPlus; a spike of the source adds aPlus.
  The trace pMinus decays with the time constant tcMinus; a spike of the target adds aMinus.
  reward is a signal that the whole network is given in every step.

Source
  Florian, Reinforcement learning through modulation of spike-timing-dependent synaptic plasticity, Neural Computation 19 (2007); BindsNET, MSTDPET
`);
  });

  it('gives machines infinite defaults as text, and equations as LaTeX too', async () => {
    const model = await runJson<{ parameters: object[]; equations: { latex: string[] }[] }>('models', 'CSRM');
    expect(model.parameters).toContainEqual({ name: 'lowest', value: '-Infinity', unit: 'mV' });
    expect(model.equations[1].latex).toEqual(['v \\ge \\mathrm{thresh} + \\theta']);
  });

  it('suggests a name for one that there is not', async () => {
    const { code, stderr } = await runHere(['models', 'Izikevich']);
    expect(code).toBe(1);
    expect(stderr).toContain('unknown model or rule "Izikevich". Did you mean "Izhikevich"?');
  });
});

describe('the shelf', () => {
  it.each(listShelf().map(({ definition }) => [definition.name, definition] as const))(
    '%s says what it is and where it is from',
    (_, { about, source }) => {
      expect(about).toMatch(/^\S.{20,110}$/);
      expect(source).toMatch(/\S.*\d{4}|BindsNET/);
    },
  );
});
