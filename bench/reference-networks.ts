/**
 * The trained networks of the reference programs on their whole test sets: accuracy and time.
 * `npx tsx bench/reference-networks.ts nnmf|sbs [images]`, with the material in `../shared` or where `LOCUS_SHARED` says.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readNpy } from '../src/formats/npy.js';
import { sliceImageSet } from '../src/datasets/image-set.js';
import { loadCifarBatch, loadSplit } from '../src/datasets/index.js';
import { evaluateNnmf, makeNnmfNetwork, nnmfInputs } from '../src/kinds/nnmf/index.js';
import { layerThreads, predictLabels } from '../src/layers/index.js';
import { loadSbsFiles, parseSbsConfig, SbsTraining } from '../src/kinds/sbs/index.js';

const shared = resolve(process.env.LOCUS_SHARED ?? '../shared');
const [kind = 'nnmf', count = '10000'] = process.argv.slice(2);
const images = Number(count);

async function measureNnmf(): Promise<Record<string, unknown>> {
  const folder = `${shared}/fixtures/nnmf/cifar10_model`;
  const read = (name: string) => readNpy(readFileSync(`${folder}/${name}.npy`), name).data;
  const { channels, size } = nnmfInputs.cifar10;
  const built = makeNnmfNetwork({ inputChannels: channels, inputSize: size });
  for (const [name, { value }] of built.network.namedParameters()) {
    value.data.set(read(`param.${name}`) as Float32Array);
  }
  const set = await loadCifarBatch(`${shared}/data/cifar10-jpeg/test_batch.bin.gz`);
  const predictions = read('predictions') as Uint8Array;
  const probabilities = read('probabilities_first_500') as Float32Array;
  let sameAsOriginal = 0;
  let largestDifference = 0;
  const begin = performance.now();
  const accuracy = await evaluateNnmf(built, sliceImageSet(set, 'test', 0, images), {
    inputSize: size,
    batchSize: 50,
    onBatch: (output, first) => {
      predictLabels(output).forEach(
        (label, i) => (sameAsOriginal += Number(label === predictions[first + i])),
      );
      const theirs = probabilities.subarray(first * 10, first * 10 + output.data.length);
      theirs.forEach(
        (p, i) => (largestDifference = Math.max(largestDifference, Math.abs(p - output.data[i]))),
      );
    },
  });
  return { accuracy, sameAsOriginal, largestDifference, milliseconds: performance.now() - begin };
}

async function measureSbs(): Promise<Record<string, unknown>> {
  const file = fileURLToPath(new URL('sbs-mnist-entropy.json5', import.meta.url));
  const config = parseSbsConfig(readFileSync(file, 'utf8'), file);
  const set = await loadSplit('mnist', 'test', { dataDir: `${shared}/data/mnist` });
  const training = new SbsTraining(config, set);
  const folder = `${shared}/fixtures/sbs/mnist-entropy`;
  loadSbsFiles(training.built, { weights: folder, epsilonXy: folder }, 199);
  const begin = performance.now();
  const accuracy = await training.test(sliceImageSet(set, 'test', 0, images));
  const seconds = (performance.now() - begin) / 1000;
  const neurons = [...training.built.sbsLayers.values()].reduce(
    (sum, { outputSize: [rows, columns], numberOfNeurons }) => sum + rows * columns * numberOfNeurons,
    0,
  );
  const spikesTimesNeuronsPerSecond = (images * neurons * config.number_of_spikes) / seconds;
  return { accuracy, spikesTimesNeuronsPerSecond, milliseconds: seconds * 1000 };
}

const measured = await (kind === 'sbs' ? measureSbs() : measureNnmf());
const perImage = Number(measured.milliseconds) / images;
console.log(JSON.stringify({ kind, images, threads: layerThreads(), ...measured, perImage }, null, 2));
