/** One presentation on the engine `wasm` of whichever platform has registered it, on as many threads as it is told; pages load it too. */
import { poisson } from '../../src/core/encoding/index.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, Input } from '../../src/core/network/nodes/index.js';
import { LateralCompetition, LocalConnection } from '../../src/core/network/topology/index.js';

const nPixels = 100;
const steps = 100;
const count = 40;

export interface PresentOnThreads {
  /** Spike counts [image, neuron]. */
  presentOnThreads(threads: number): Promise<number[]>;
}

export async function presentOnThreads(threads: number): Promise<number[]> {
  const images = Uint8Array.from({ length: count * nPixels }, (_, at) => (at * 37) % 256);
  const network = new Network({ seed: 5, threads })
    .addLayer('X', new Input({ shape: [10, 10] }))
    .addLayer('Y', new AdaptiveLIF({ shape: [6, 3, 3] }))
    .addConnection('X', 'Y', new LocalConnection({ kernelSize: 6, stride: 2, norm: 20 }))
    .addConnection('Y', 'Y', new LateralCompetition({ weight: -50 }));
  const spikes = (item: number) =>
    poisson(images.subarray(item * nPixels, (item + 1) * nPixels), { time: steps, seed: 5, item });
  const counts: number[] = [];
  await network.simulation.present(
    { layer: 0, count, steps, spikes },
    { learn: false, count: 1, onCounts: (part) => counts.push(...part) },
  );
  network.dispose();
  return counts;
}

Object.assign(globalThis, { presentOnThreads });
