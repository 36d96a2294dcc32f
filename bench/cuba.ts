/**
 * The CUBA benchmark (Brette et al. 2007) from a definition, beside a program in C: 4000 neurons, 320,000 synapses, a simulated second.
 * With delays too: of whole connections, and of each synapse. Milliseconds of processor time (the program's own clock for C) but for the first
 * step; ratios to the case without delays are medians of the rounds.
 *
 * npx tsx bench/cuba.ts CUBA.C [ROUNDS=3]    the program prints the milliseconds that a simulated second takes it
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '../src/node/engines.js';
import { defineNeuron } from '../src/core/definitions/define-neuron.js';
import type { Delay } from '../src/core/network/delays.js';
import { Network } from '../src/core/network/network.js';
import { SparseConnection } from '../src/core/network/topology/index.js';
import { RandomStream } from '../src/core/random/stream.js';

const Neuron = defineNeuron({
  name: 'CubaNeuron',
  parameters: { rest: [-49, 'mV'], tcDecay: [20, 'ms'], tcExcitatory: [5, 'ms'], tcInhibitory: [10, 'ms'] },
  state: { v: 'rest', ge: [0, 'mV'], gi: [0, 'mV'] },
  inputs: { excitatory: 'mV', inhibitory: 'mV' },
  step: 'ge += excitatory; gi += inhibitory',
  derivatives: { v: '(ge + gi - (v - rest)) / tcDecay', ge: '-ge / tcExcitatory', gi: '-gi / tcInhibitory' },
  spike: 'v > -50',
  reset: 'v = -60',
  refractory: { period: '5', holds: ['v'], next: 'brian' },
});

const size = 4000;
const excitatory = (size * 4) / 5;
const dt = 0.1;

function build(delay: Delay | undefined): Network {
  const synapses = (isFrom: (source: number) => boolean) => ({
    probability: 0.02,
    condition: isFrom,
    delay,
  });
  const network = new Network({ dt, seed: 1 })
    .addLayer('Y', new Neuron({ shape: size }))
    .addConnection('Y', 'Y', new SparseConnection({ ...synapses((i) => i < excitatory), w: 1.62 }), 'E')
    .addConnection(
      'Y',
      'Y',
      new SparseConnection({ ...synapses((i) => i >= excitatory), w: -9, into: 'inhibitory' }),
      'I',
    );
  const stream = new RandomStream(1, 'user');
  network.setVariable(
    'Y',
    'v',
    Float32Array.from({ length: size }, () => -60 + 10 * stream.nextFloat()),
  );
  return network;
}

async function measure(
  delay: Delay | undefined,
): Promise<{ readonly first: number; readonly second: number }> {
  const began = performance.now();
  const network = build(delay);
  await network.run(dt, { learn: false });
  const built = performance.now();
  const before = process.cpuUsage();
  await network.run(1000, { learn: false });
  const second = process.cpuUsage(before).user / 1000;
  network.dispose();
  return { first: built - began, second };
}

const [source, rounds = '3'] = process.argv.slice(2);
if (source === undefined) throw new Error('usage: npx tsx bench/cuba.ts CUBA.C [ROUNDS]');
const folder = mkdtempSync(join(tmpdir(), 'locus-cuba-'));
try {
  const program = join(folder, 'cuba');
  execFileSync('gcc', ['-O3', '-msse4.1', '-ffast-math', source, '-o', program, '-lm']);
  const cases: readonly (readonly [string, Delay | undefined])[] = [
    ['no delay given', undefined],
    ['5 ms', 5],
    ['0.1 to 8 ms by synapse', { uniform: [0.1, 8] }],
  ];
  const found: number[][] = cases.map(() => []);
  for (let round = 0; round < Number(rounds); round++) {
    const text = execFileSync(program, { encoding: 'utf8' });
    const inC = Number(/([\d.]+) ms per simulated second/.exec(text)?.[1]);
    console.log(`C: ${inC.toFixed(1)} ms per simulated second`);
    for (const [index, [name, delay]] of cases.entries()) {
      const { first, second } = await measure(delay);
      found[index].push(second);
      const ratio = (second / inC).toFixed(2);
      console.log(`${name}: ${second.toFixed(1)} ms, ${ratio} ×; to the first step ${first.toFixed(0)} ms`);
    }
  }
  for (const [index, [name]] of cases.entries()) {
    const ratios = found[index].map((second, round) => second / found[0][round]).toSorted((a, b) => a - b);
    console.log(`${name}: ${ratios[ratios.length >> 1].toFixed(2)} × no delay`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
