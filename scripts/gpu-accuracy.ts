/**
 * Accuracy of a network trained and scored on the GPU kernels beside that of the wasm engine, on 200 test images:
 * `npx tsx scripts/gpu-accuracy.ts [engine] [training images] [training images before, on wasm]` (default: gpu-webasm 100 2000).
 * Both begin with the same network, trained on wasm; fails where they differ by more than 0.5 points.
 */
import '../src/node/engines.js';
import { LC_SNN } from '../src/kinds/snn/index.js';

const [engine = 'gpu-webasm', nTrain = '100', nBefore = '2000'] = process.argv.slice(2);
const nCalibrate = 500;
const nTest = 200;
const largestDifference = 0.005;

const parameters = { nFilters: 25, meanWeight: 0.46, cW: -127, dataset: 'mnist-10k' } as const;
const start = new LC_SNN(parameters);
await start.train({ nIter: Number(nBefore) });

async function score(name: string): Promise<number> {
  const network = new LC_SNN({ ...parameters, engine: name });
  await network.train({ nIter: 1 });
  network.network.setWeights('X->Y', start.weightsXY.data, { normalized: true });
  network.network.setVariable('Y', 'theta', start.theta);
  const began = performance.now();
  await network.train({ nIter: Number(nTrain) });
  await network.calibrate({ images: nCalibrate, linear: false });
  const scores = await network.calculateAccuracy({ images: nTest, method: 'patch_voting' });
  network.dispose();
  const accuracy = scores.patch_voting?.accuracy ?? 0;
  console.log(
    `${name}: ${(100 * accuracy).toFixed(1)} % of ${nTest} test images (${((performance.now() - began) / 1000).toFixed(0)} s)`,
  );
  return accuracy;
}

const difference = Math.abs((await score('wasm')) - (await score(engine)));
const passed = difference <= largestDifference;
console.log(`difference ${(100 * difference).toFixed(1)} points: ${passed ? 'within 0.5' : 'MORE THAN 0.5'}`);
process.exit(passed ? 0 : 1);
