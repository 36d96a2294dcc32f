/** A small network trained and evaluated on the GPU kernels and on the reference engine: do they agree here, too? */
import { poisson } from '../../encoding/index.js';
import { PostPre } from '../../network/learning/index.js';
import { Network } from '../../network/network.js';
import { AdaptiveLIF, Input } from '../../network/nodes/index.js';
import { LateralCompetition, LocalConnection } from '../../network/topology/index.js';

export interface SelfTest {
  /** Whether every spike is equal, and every weight within 1e-5. */
  readonly passed: boolean;
  /** Spikes of the reference engine, and neurons whose count differs in any image. */
  readonly spikes: number;
  readonly differingCounts: number;
  readonly largestWeightDifference: number;
  readonly seconds: number;
}

const steps = 100;
const nTrain = 2;
const nEvaluate = 4;
const largestAllowed = 1e-5;

/**
 * Runs the test; the reference engine and the engine of that name must be registered.
 *
 * @throws LocusError of the engine, where it cannot simulate at all
 */
export async function testGpuEngine(engine: string): Promise<SelfTest> {
  const began = performance.now();
  const [expected, got] = [await simulate('reference'), await simulate(engine)];
  const seconds = (performance.now() - began) / 1000;
  const differingCounts = expected.counts.reduce((sum, n, i) => sum + (n === got.counts[i] ? 0 : 1), 0);
  const largestWeightDifference = expected.weights.reduce(
    (largest, w, i) => Math.max(largest, Math.abs(w - got.weights[i])),
    0,
  );
  return {
    passed: differingCounts === 0 && largestWeightDifference <= largestAllowed,
    spikes: expected.counts.reduce((sum, n) => sum + n, 0),
    differingCounts,
    largestWeightDifference,
    seconds,
  };
}

async function simulate(engine: string): Promise<{ counts: number[]; weights: Float32Array }> {
  const network = new Network({ engine, seed: 1 })
    .addLayer('X', new Input({ shape: [10, 10] }))
    .addLayer('Y', new AdaptiveLIF({ shape: [10, 2, 2], refrac: 2 }))
    .addConnection(
      'X',
      'Y',
      new LocalConnection({
        kernelSize: 6,
        stride: 4,
        rule: new PostPre({ nu: [1e-3, 2e-2] }),
        wMin: 0,
        wMax: 1,
        norm: 14,
      }),
    )
    .addConnection('Y', 'Y', new LateralCompetition({ weight: -60 }));
  try {
    const counts: number[] = [];
    for (const [learn, count, first] of [
      [true, nTrain, 0],
      [false, nEvaluate, nTrain],
    ] as const) {
      await network.simulation.present(
        { layer: 0, count, steps, spikes: (index) => encode(first + index) },
        { learn, count: 1, onCounts: (batch) => counts.push(...batch) },
      );
    }
    return { counts, weights: network.getWeights('X->Y').data };
  } finally {
    network.dispose();
  }
}

/** A picture of stripes, another one for every number. */
function encode(item: number) {
  const pixels = Uint8Array.from({ length: 100 }, (_, pixel) => ((pixel * (item + 2)) % 7 < 3 ? 230 : 20));
  return poisson(pixels, { time: steps, seed: 2, item });
}
