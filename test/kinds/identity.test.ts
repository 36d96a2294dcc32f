/** One name, one network: different states never share a name, and the same history always gives the same name and bits. */
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import '../../src/node/engines.js';
import { LC_SNN, loadNetwork, resumeTraining, type Snn, type SnnOptions } from '../../src/kinds/snn/index.js';
import { viewNetwork } from '../../src/store/index.js';
import { writeIdxFolder } from '../support/idx-files.js';
import { makeFolder } from '../support/make-folder.js';

const tiny = {
  nFilters: 2,
  kernelSize: 6,
  stride: 2,
  crop: 8,
  meanWeight: 0.6,
  cW: -20,
  timeMax: 20,
  intensity: 500,
  thetaPlus: 0.5,
};
const competition = { cL: true, APos: -0.5, ANeg: -2 };
const options = { engine: 'reference', threads: 1, dataset: 'mnist-10k' } as const;

function build(given: Partial<typeof tiny> & { seed?: number } & SnnOptions = {}): Snn {
  const network = new LC_SNN({ ...tiny, ...competition, ...options, ...given });
  onTestFinished(() => network.dispose());
  return network;
}

const newDatabase = () => join(makeFolder(), 'networks.db');

/** Weights and thresholds, to the bit. */
function bitsOf({ weightsXY, weightsYY, theta }: Snn): string {
  return [weightsXY.data, weightsYY?.data ?? new Float32Array(), theta]
    .map(({ buffer }) => Buffer.from(buffer).toString('base64'))
    .join();
}

const setTheta = (network: Snn, value: number) =>
  network.network.setVariable('Y', 'theta', new Float32Array(network.nOutput).fill(value));

type Step =
  | { readonly kind: 'train'; readonly nIter: number; readonly batchSize: number }
  | { readonly kind: 'sequence'; readonly nIter: number; readonly from: number; readonly shuffle: boolean }
  | {
      readonly kind: 'twoSteps';
      readonly nIter: number;
      readonly nIterCompetition: number;
      readonly batchSize: number;
    }
  | { readonly kind: 'theta'; readonly value: number }
  | { readonly kind: 'weights'; readonly connection: 'X->Y' | 'Y->Y'; readonly factor: number };

const count = fc.integer({ min: 1, max: 3 });
const batchSize = fc.constantFrom(1, 2);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('train' as const), nIter: count, batchSize }),
  fc.record({ kind: fc.constant('sequence' as const), nIter: count, from: fc.nat(1), shuffle: fc.boolean() }),
  fc.record({ kind: fc.constant('twoSteps' as const), nIter: count, nIterCompetition: count, batchSize }),
  fc.record({ kind: fc.constant('theta' as const), value: fc.constantFrom(0, 1) }),
  fc.record({
    kind: fc.constant('weights' as const),
    connection: fc.constantFrom('X->Y' as const, 'Y->Y' as const),
    factor: fc.constantFrom(1, 0.5),
  }),
);

function trainingOf<Training extends { kind: string }>(step: Training) {
  const { kind: _, ...training } = step;
  return training;
}

async function take(network: Snn, one: Step): Promise<void> {
  if (one.kind === 'train') await network.train(trainingOf(one));
  else if (one.kind === 'twoSteps') await network.trainTwoSteps(trainingOf(one));
  else if (one.kind === 'theta') setTheta(network, one.value);
  else if (one.kind === 'weights') {
    const { data } = network.network.getWeights(one.connection);
    network.network.setWeights(
      one.connection,
      data.map((weight) => weight * one.factor),
    );
  } else {
    const { nIter, from, shuffle } = one;
    await network.train({ nIter, interval: [from, from + 2], shuffle });
  }
}

/** The same in another way: cut where that makes no difference, looked at, stored and loaded again. */
async function takeInParts(network: Snn, one: Step, database: string): Promise<Snn> {
  if (one.kind === 'train' && one.batchSize === 1) {
    for (let i = 0; i < one.nIter; i++) await network.train({ nIter: 1 });
  } else if (one.kind === 'twoSteps') {
    const interruption = new AbortController();
    const signal = interruption.signal;
    const key = await network.nameAfter(trainingOf(one), { twoSteps: true });
    await network.trainTwoSteps({
      ...trainingOf(one),
      signal,
      checkpoint: 1,
      onProgress: () => interruption.abort(),
    });
    const resumed = resumeTraining(key, { ...options, database });
    if (resumed?.name !== network.name) throw new Error('expected the network as it was interrupted');
    onTestFinished(() => resumed.dispose());
    await resumed.continueTraining();
    if (resumed.name !== key) throw new Error('expected the name that was foretold');
    return reload(resumed, database);
  } else await take(network, one);
  return reload(network, database);
}

function reload(network: Snn, database: string): Snn {
  const loaded = loadNetwork(network.save(), { ...options, database });
  onTestFinished(() => loaded.dispose());
  return loaded;
}

describe('random histories', () => {
  it('have different names where they lead to different states, and one name where they are the same', async () => {
    const stateOf = new Map<string, string>();
    const database = newDatabase();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
        const network = build({ database });
        let other = build({ database });
        for (const one of steps) {
          await take(network, one);
          other = await takeInParts(other, one, database);
          const bits = bitsOf(network);
          expect(bitsOf(other)).toBe(bits);
          expect(other.name).toBe(network.name);
          expect(stateOf.get(network.name) ?? bits).toBe(bits);
          stateOf.set(network.name, bits);
        }
      }),
      { numRuns: 60 },
    );
    // The networks do learn: most histories end in a state of their own.
    expect(new Set(stateOf.values()).size).toBeGreaterThan(stateOf.size / 2);
  }, 300_000);
});

describe('trainings with the same sums', () => {
  const after = async (...trainings: ((network: Snn) => Promise<unknown>)[]) => {
    const network = build();
    for (const train of trainings) await train(network);
    return network;
  };
  const train =
    (nIter: number, batch = 1) =>
    (network: Snn) =>
      network.train({ nIter, batchSize: batch });
  const twoSteps = (nIter: number, nIterCompetition: number) => (network: Snn) =>
    network.trainTwoSteps({ nIter, nIterCompetition });

  it.each([
    ['minibatches cut or whole', [train(5, 2), train(5, 2)], [train(10, 2)]],
    ['basic, then two steps, or two steps alone', [train(4), twoSteps(4, 2)], [twoSteps(8, 2)]],
    ['two steps twice, or once with twice the images', [twoSteps(4, 2), twoSteps(4, 2)], [twoSteps(8, 4)]],
    ['two steps before or after', [twoSteps(4, 2), train(4)], [train(4), twoSteps(4, 2)]],
  ])('%s: two states, two names', async (_, first, second) => {
    const [one, other] = [await after(...first), await after(...second)];
    expect(bitsOf(one)).not.toBe(bitsOf(other));
    expect(one.name).not.toBe(other.name);
    expect(one.nIter).toBe(other.nIter);
  });

  it('the plain one has the name that it has had since version 0.1.0', async () => {
    const network = new LC_SNN({
      nFilters: 4,
      kernelSize: 8,
      stride: 4,
      crop: 12,
      meanWeight: 0.46,
      cW: -50,
      timeMax: 60,
      seed: 30,
      ...options,
    });
    onTestFinished(() => network.dispose());
    await network.train({ nIter: 10, batchSize: 2 });
    expect(network.name).toBe('e992f5184b18e3e19a24681c6fd0775e6509f452222c7a7a7cac01bb');
    expect(network.publishedParameters).not.toHaveProperty('history');
  });
});

describe('what is set by hand', () => {
  it('enters the name with its hash, and setting the same bits does not', async () => {
    const network = build();
    await network.train({ nIter: 3 });
    const trained = network.name;
    const theta = network.theta;
    network.network.setVariable('Y', 'theta', theta);
    network.network.setWeights('X->Y', network.weightsXY.data);
    expect(network.name).toBe(trained);
    setTheta(network, 2);
    expect(network.publishedParameters.history).toMatch(
      /^both random 0-7000 x 3 of mnist-10k; set after 3 images to [0-9a-f]{56}$/,
    );
    setTheta(network, 3);
    expect(network.name).not.toBe(trained);
    network.network.setVariable('Y', 'theta', theta);
    expect(network.name).toBe(trained);
  });

  it('is noticed however it was set: by a run that learns, a step, or the engine itself', async () => {
    const writes: ((network: Snn) => unknown)[] = [
      ({ network }) => network.simulation.setVariable(1, 'theta', new Float32Array(8).fill(1)),
      async (snn) => {
        const shown = (await snn.feedLabel(3)).inputSpikes;
        const inputs = Array.from({ length: shown.steps }, (_, t) =>
          Uint32Array.from(
            [...shown.data.subarray(t * shown.size, (t + 1) * shown.size).entries()].flatMap(([i, spike]) =>
              spike ? [i] : [],
            ),
          ),
        );
        for (const spikes of inputs) snn.network.simulation.step(new Map([[0, spikes]]), true);
      },
    ];
    for (const write of writes) {
      const network = build();
      await network.train({ nIter: 2 });
      const { name } = network;
      await write(network);
      expect(network.name).not.toBe(name);
      expect(network.publishedParameters.history).toMatch(/; set after 2 images to /);
    }
  });

  it('stays what it is when it is stored, and goes on to the same bits', async () => {
    const database = newDatabase();
    const network = build({ database });
    await network.train({ nIter: 3 });
    const trained = network.save();
    network.network.setWeights(
      'X->Y',
      network.weightsXY.data.map((weight) => weight * 0.7),
    );
    const name = network.save();
    expect(viewNetwork(name, { database }).row.parent).toBe(trained);
    const loaded = reload(network, database);
    expect(loaded.name).toBe(name);
    for (const each of [network, loaded]) await each.train({ nIter: 4 });
    expect(bitsOf(loaded)).toBe(bitsOf(network));
    expect(loaded.name).toBe(network.name);
    expect(loaded.toRecord().parent).toBe(name);
  });

  it('belongs to its place in an interrupted training', async () => {
    const train = async (write: boolean) => {
      const network = build();
      const interruption = new AbortController();
      const onProgress = ({ done }: { done: number }) => {
        if (done === 2) interruption.abort();
      };
      await network.train({ interval: [0, 5], signal: interruption.signal, onProgress });
      if (write) setTheta(network, 4);
      await network.continueTraining();
      return network;
    };
    const [plain, written, again] = [await train(false), await train(true), await train(true)];
    expect(written.nIter).toBe(5);
    expect(written.name).not.toBe(plain.name);
    expect(bitsOf(written)).not.toBe(bitsOf(plain));
    expect(again.name).toBe(written.name);
  });

  it('is noticed while it trains', async () => {
    const train = async (value: number | null) => {
      const network = build();
      const look = async ({ nIter }: { nIter: number }) => {
        if (value !== null && nIter === 2) setTheta(network, value);
      };
      await network.train({
        nIter: 4,
        observer: { begin() {}, nextLook: (nIter) => nIter + 1, count() {}, look },
      });
      return network;
    };
    const networks = [await train(null), await train(5), await train(6)];
    expect(new Set(networks.map(({ name }) => name)).size).toBe(3);
    expect(new Set(networks.map(bitsOf)).size).toBe(3);
  });
});

describe('what changes nothing that was learned changes no name', () => {
  it('two steps that were ended before their first image', async () => {
    const network = build();
    await network.train({ nIter: 2 });
    const [name, bits] = [network.name, bitsOf(network)];
    // Ctrl-C comes after competition was set for the first step, and before its first image.
    let looks = 0;
    const signal = Object.defineProperty(new AbortController().signal, 'aborted', { get: () => looks++ > 0 });
    const { nIter } = await network.trainTwoSteps({ nIter: 3, signal });
    expect(looks).toBeGreaterThan(1);
    expect(nIter).toBe(0);
    expect(network.name).toBe(name);
    expect(bitsOf(network)).toBe(bits);
  });

  it('a connection that somebody held: a training decides itself what learns', async () => {
    const [held, free] = [build(), build()];
    held.network.setPlastic('X->Y', false);
    for (const each of [held, free]) await each.train({ nIter: 3 });
    expect(held.name).toBe(free.name);
    expect(bitsOf(held)).toBe(bitsOf(free));
  });
});

describe('data', () => {
  it('of another set are told, although the network names the last one only', async () => {
    const database = newDatabase();
    const network = build({ database });
    await network.train({ interval: [0, 3] });
    expect(network.publishedParameters).not.toHaveProperty('history');
    const loaded = loadNetwork(network.save(), { ...options, database, dataset: 'fashion-mnist' });
    onTestFinished(() => loaded.dispose());
    expect(loaded.publishedParameters).toMatchObject({
      dataset: 'fashion-mnist',
      history: 'both sequential 0-3 x 3 of mnist-10k',
    });
  });

  it('that are not the published ones are told by their content', async () => {
    const database = newDatabase();
    const folders = [12, 18].map((nTrain) => {
      const dataDir = makeFolder();
      writeIdxFolder(dataDir, { nTrain, size: 8 });
      return { dataset: 'mnist' as const, dataDir, database };
    });
    const networks: Snn[] = [];
    for (const folder of folders) {
      const network = build(folder);
      await network.train({ interval: [0, 3] });
      const { hash } = await network.loadData();
      expect(network.publishedParameters).toMatchObject({ dataset: 'mnist', data_hash: hash });
      networks.push(network);
    }
    const [first, second] = networks;
    expect(first.name).not.toBe(second.name);

    // It is the same network before its data are loaded, and goes on with them.
    const loaded = loadNetwork(first.save(), { ...options, ...folders[0] });
    onTestFinished(() => loaded.dispose());
    expect(loaded.name).toBe(first.name);
    for (const each of [first, loaded]) await each.train({ nIter: 2 });
    expect(loaded.name).toBe(first.name);
    expect(first.publishedParameters).not.toHaveProperty('history');

    // With other data it becomes another one.
    const moved = loadNetwork(second.save(), { ...options, ...folders[0] });
    onTestFinished(() => moved.dispose());
    await moved.train({ nIter: 2 });
    const [to, from] = [first, second].map(({ publishedParameters }) =>
      String(publishedParameters.data_hash),
    );
    expect(moved.publishedParameters).toMatchObject({
      data_hash: to,
      history: `both sequential 0-3 x 3 of mnist:${from}; both random 0-10 x 2 of mnist:${to}`,
    });
  });

  it('cannot be trained further with other parameters', async () => {
    const database = newDatabase();
    const name = build({ database }).save();
    expect(() => loadNetwork(name, { ...options, database, nuPost: 1 } as SnnOptions)).toThrow(
      'loadNetwork: unknown option "nuPost"',
    );
  });
});
