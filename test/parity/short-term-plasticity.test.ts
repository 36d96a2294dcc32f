/** Short-term plasticity against a run of Brian 2, and against its steady state at 1 to 100 Hz. */
import { expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { Network } from '../../src/core/network/network.js';
import { Input } from '../../src/core/network/nodes/index.js';
import { OneToOneConnection } from '../../src/core/network/topology/index.js';
import { TsodyksMarkram } from '../../src/core/synapses/index.js';
import { readFloats, readSpikes } from '../support/case-arrays.js';
import { engines } from '../support/small-networks.js';
import { describeCases, readMeta, walkCases } from '../support/walk-cases.js';

/** What synapses send adds up and decays. */
const Conductance = defineNeuron({
  name: 'Conductance',
  parameters: { tc: [5, 'ms'] },
  state: { g: 0 },
  step: 'g += dt * -g / tc; g += input',
  emit: 'g',
});

interface Meta {
  readonly about: string;
  readonly dt_ms: number;
  readonly steps: number;
  readonly packed: { readonly input: number };
  readonly float32_rerun: Readonly<Record<'u' | 'x' | 'g', number>>;
}

const cases = walkCases('brian', { marker: 'meta.json' }).filter(({ folder }) =>
  (readMeta(folder) as Meta).about.startsWith('short-term plasticity'),
);

/** Sources, and a target for each; a spike reaches it within the step. */
function build(engine: string, dt: number, parameters: object, tc: number, w: Float32Array) {
  const { length } = w;
  return new Network({ engine, dt, propagation: 'same-step' })
    .addLayer('X', new Input({ shape: length }))
    .addLayer('Y', new Conductance({ shape: length, tc }))
    .addConnection('X', 'Y', new OneToOneConnection({ w, synapse: new TsodyksMarkram({ ...parameters }) }));
}

describeCases(cases, ({ folder }) => {
  const floats = (file: string) => readFloats(folder, file);

  it.each(engines)('has u, x and g on %s', (engine) => {
    const { about, dt_ms, steps, packed, float32_rerun } = readMeta(folder) as Meta;
    const n = packed.input;
    const [tcFacilitation, tcDepression, tc] = [
      /\(U-u\)\/(\d+) ms/,
      /\(1-x\)\/(\d+) ms/,
      /g decays with (\d+) ms/,
    ].map((pattern) => Number(pattern.exec(about)?.[1]));
    const parameters = { U: floats('U'), tcFacilitation, tcDepression };
    const network = build(engine, dt_ms, parameters, tc, floats('weights'));
    const input = readSpikes(folder, 'input', n);
    const expected = { u: floats('u'), x: floats('x'), g: floats('g') };
    const furthest = { u: 0, x: 0, g: 0 };
    for (let t = 0; t < steps; t++) {
      const spikes = input[t].flatMap((spike, i) => (spike ? [i] : []));
      network.simulation.step(new Map([[0, Uint32Array.from(spikes)]]), false);
      for (const [of, name] of [
        ['X->Y', 'u'],
        ['X->Y', 'x'],
        ['Y', 'g'],
      ] as const) {
        network.getVariable(of, name).forEach((value, i) => {
          furthest[name] = Math.max(furthest[name], Math.abs(value - expected[name][t * n + i]));
        });
      }
    }
    for (const name of ['u', 'x', 'g'] as const) {
      const largest = expected[name].reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(furthest[name] / largest).toBeLessThanOrEqual(Math.max(10 * float32_rerun[name], 1e-6));
    }
    network.dispose();
  });
});

it.each(engines)('comes to the steady state of its equations at 1 to 100 Hz on %s', (engine) => {
  const [U, tcFacilitation, tcDepression] = [0.15, 500, 200];
  const parameters = { U, tcFacilitation, tcDepression };
  for (const frequency of [1, 5, 20, 50, 100]) {
    const period = 1000 / frequency;
    // A target that keeps nothing of the step before: g is what is sent.
    const network = build(engine, 1, parameters, 1, Float32Array.of(1));
    let released = 0;
    for (let t = 0; t <= 100 * period; t++) {
      const spikes = t % period === 0 ? [0] : [];
      network.simulation.step(new Map([[0, Uint32Array.from(spikes)]]), false);
      if (spikes.length > 0) [released] = network.getVariable('Y', 'g');
    }
    // A period of Euler steps: what is left of a distance to rest.
    const [f, d] = [tcFacilitation, tcDepression].map((tc) => (1 - 1 / tc) ** period);
    // u before a spike is u₋; after it u₊ = u₋ + U (1 − u₋), and u₋ = U + (u₊ − U) f.
    const uBefore = (U * (1 - f) + U * f) / (1 - (1 - U) * f);
    const u = uBefore + U * (1 - uBefore);
    const x = (1 - d) / (1 - (1 - u) * d);
    expect(released, `${frequency} Hz`).toBeCloseTo(u * x, 5);
    network.dispose();
  }
});
