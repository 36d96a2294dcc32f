/**
 * An image through the published convolutional network, converted: time, and the work that event-driven propagation skips.
 * `npx tsx bench/converted-network.ts [images] [threads]`, with the material in `../shared` or where `LOCUS_SHARED` says.
 */
import { resolve } from 'node:path';
import '../src/node/engines.js';
import { convert } from '../src/kinds/converted/index.js';
import { readNpyNetwork } from '../src/kinds/relu/index.js';
import { sliceImageSet } from '../src/datasets/image-set.js';
import { loadDataset } from '../src/datasets/index.js';
import { engineOrder } from '../src/core/network/shape.js';

const shared = resolve(process.env.LOCUS_SHARED ?? '../shared');
const [count = '200', threads = '1'] = process.argv.slice(2);
const images = Number(count);
const duration = 100;

const { network: ann } = readNpyNetwork(`${shared}/fixtures/conversion`);
const dataset = await loadDataset('mnist', { dataDir: `${shared}/data/mnist` });
const test = sliceImageSet(dataset.test, 'test', 0, images);
const trainData = sliceImageSet(dataset.train, 'train', 0, 2000);

for (const normalization of ['data', 'none'] as const) {
  const snn = convert(ann, { normalization, trainData, inputShape: [1, 28, 28] });
  const run = { duration, threads: Number(threads) };
  // Code is compiled and threads are started before anything is measured.
  await snn.run(sliceImageSet(test, 'warm up', 0, Math.min(images, 20)), run);
  const begin = performance.now();
  const cpuBegin = process.cpuUsage();
  const result = await snn.run(test, run);
  const cpu = process.cpuUsage(cpuBegin);
  const milliseconds = (performance.now() - begin) / images;
  const cpuMilliseconds = (cpu.user + cpu.system) / 1000 / images;
  const { done, dense } = await countWork(snn, run);
  const measured = { normalization, images, threads, duration, milliseconds, cpuMilliseconds };
  const { spikesPerImage } = result;
  console.log(
    JSON.stringify({ ...measured, spikesPerImage, done, dense, skipped: 1 - done / dense }, null, 2),
  );
}

/** Additions of a weight to a neuron per image: those that spikes cause, and those of computing every synapse in every step. */
async function countWork(snn: ReturnType<typeof convert>, run: { duration: number; threads: number }) {
  const network = snn.build();
  const { layers, connections } = network.simulation.program;
  let [done, dense] = [0, 0];
  for (const { source, wiring, target } of connections.flatMap((each) =>
    each.kind === 'synapses' ? [each] : [],
  )) {
    const { start } = wiring.fanOut;
    // A unit of average pooling has one channel of its own; the other weights of its row are 0.
    const perEntry = snn.layers[target - 1].kind === 'pool' ? 1 : wiring.fanOut.rowLength;
    const counts = await snn.countSpikes(test, layers[source].name, run);
    const order = engineOrder(layers[source].shape);
    counts.forEach((spikes, i) => {
      const neuron = order[i % order.length];
      done += (spikes * (start[neuron + 1] - start[neuron]) * perEntry) / images;
    });
    dense += start[start.length - 1] * perEntry * duration;
  }
  network.dispose();
  return { done, dense };
}
