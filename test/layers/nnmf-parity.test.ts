import { describe, expect, it } from 'vitest';
import { loadSplit, cropCentre } from '../../src/datasets/index.js';
import { countCorrect, mixtureLoss } from '../../src/layers/losses.js';
import { makeNnmfNetwork } from '../../src/kinds/nnmf/nnmf-network.js';
import { NNMF2d } from '../../src/layers/nnmf2d.js';
import { Adam } from '../../src/layers/optimizers.js';
import type { PositiveFunctionType } from '../../src/layers/positive-function.js';
import { makeTensor, type Tensor } from '../../src/layers/tensor.js';
import { hasMnist, mnistFolder } from '../support/data-folders.js';
import { absoluteDifference, layerCases, relativeDifference } from '../support/layer-fixtures.js';
import { describeCases } from '../support/walk-cases.js';

interface LayerMeta {
  in_channels: number;
  out_channels: number;
  iterations: number;
  epsilon?: number;
  positive_function_type?: PositiveFunctionType;
  beta?: number;
  local_learning?: boolean;
  local_learning_kl?: boolean;
}

interface TrainingMeta {
  mnist_train_first: number;
  n: number;
  crop_centre: number;
  losses: number[];
  correct: number[];
  lr: { cnn_top: number; nnmf: number; batchnorm2d: number };
}

/** A case is a layer, or some steps of training a network. */
const isTraining = ({ fixture }: (typeof cases)[number]) => 'losses' in (fixture.meta() as object);
const cases = layerCases('nnmf');
const layers = cases.filter((of) => !isTraining(of));
const trainings = cases.filter(isTraining);

describe('NNMF2d against the original PyTorch layer', () => {
  it.each(layers.flatMap(({ name, fixture }) => [32, 64].map((bits) => ({ name, fixture, bits }))))(
    '$name in float$bits: forward 1e-5, gradients 1e-4 relative',
    ({ fixture, bits }) => {
      const meta = fixture.meta() as LayerMeta;
      const read = (file: string) => (bits === 64 ? fixture.tensor64(file) : fixture.tensor(file));
      const layer = new NNMF2d(meta.in_channels, meta.out_channels, {
        iterations: meta.iterations,
        epsilon: meta.epsilon,
        positiveFunctionType: meta.positive_function_type,
        beta: meta.beta,
        localLearning: meta.local_learning,
        localLearningKl: meta.local_learning_kl,
      });
      if (bits === 64) layer.toFloat64();
      layer.weight.value.data.set(read('weight').data);

      expect(absoluteDifference(layer.forward(read('input')), read('output'))).toBeLessThan(1e-5);
      const inputGradient = layer.backward(read('grad_output'));
      expect(relativeDifference(inputGradient, read('grad_input'))).toBeLessThan(1e-4);
      expect(relativeDifference(layer.weight.gradient, read('grad_weight'))).toBeLessThan(1e-4);
      expect(layer.beta !== null).toBe(fixture.has('grad_beta'));
      const betaDistance = layer.beta ? relativeDifference(layer.beta.gradient, read('grad_beta')) : 0;
      expect(betaDistance).toBeLessThan(1e-4);
    },
  );
});

function copyTensor({ shape, data }: Tensor): Tensor {
  return makeTensor(shape, data.slice());
}

/** Their exact gradient is zero, because a BatchNorm2d follows: what either program has is rounding, which must stay below 1e-9. */
const vanishing = new Set(['5.weight', '5.bias', '6.bias', '19.weight', '19.bias', '20.bias']);

describe.skipIf(!hasMnist)('steps of training on MNIST against the original program', () => {
  describeCases(trainings, ({ fixture }) => {
    it('outputs within 1e-5, first gradients 1e-4 relative, losses 1e-3', { timeout: 60_000 }, async () => {
      const meta = fixture.meta() as TrainingMeta;
      const { network, groups } = makeNnmfNetwork({ inputChannels: 1, inputSize: meta.crop_centre });
      for (const [name, parameter] of network.namedParameters()) {
        parameter.value.data.set(fixture.tensor(`param.${name}`).data);
      }
      const train = await loadSplit('mnist', 'train', { dataDir: mnistFolder });
      const shown = [meta.mnist_train_first, meta.mnist_train_first + meta.n];
      const [start, end] = shown.map((image) => image * meta.crop_centre ** 2);
      const pixels = cropCentre(train, meta.crop_centre).subarray(start, end);
      const labels = train.labels.subarray(...shown);
      const shape = [meta.n, 1, meta.crop_centre, meta.crop_centre];
      const x = makeTensor(
        shape,
        Float32Array.from(pixels, (pixel) => pixel / 255),
      );
      const optimizers = [
        new Adam(groups.cnnTop, { rate: meta.lr.cnn_top }),
        new Adam(groups.nnmf, { rate: meta.lr.nnmf }),
        new Adam(groups.batchNorm2d, { rate: meta.lr.batchnorm2d }),
      ];
      let first: { output: Tensor; gradients: Tensor[] } | undefined;
      const losses: number[] = [];
      const correct: number[] = [];
      for (let step = 0; step < meta.losses.length; step++) {
        network.clearGradients();
        const output = network.forward(x);
        const loss = mixtureLoss(output, labels);
        losses.push(loss.value);
        correct.push(countCorrect(output, labels));
        network.backward(loss.gradient);
        first ??= {
          output,
          gradients: network.namedParameters().map(([, { gradient }]) => copyTensor(gradient)),
        };
        for (const optimizer of optimizers) optimizer.step();
      }
      losses.forEach((loss, step) => expect(Math.abs(loss - meta.losses[step])).toBeLessThan(1e-3));
      expect(correct).toEqual(meta.correct);
      expect(absoluteDifference(first!.output, fixture.tensor('output'))).toBeLessThan(1e-5);
      const distances = network.namedParameters().map(([name], index) => {
        const theirs = fixture.tensor(`grad.${name}`);
        const ours = first!.gradients[index];
        return vanishing.has(name)
          ? absoluteDifference(ours, theirs) * 1e5
          : relativeDifference(ours, theirs);
      });
      expect(Math.max(...distances)).toBeLessThan(1e-4);
    });
  });
});
