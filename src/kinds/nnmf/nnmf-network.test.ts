import { describe, expect, it } from 'vitest';
import { countNnmfParameters, describeNnmfNetwork, makeNnmfNetwork, nnmfInputs } from './nnmf-network.js';

const options = (name: keyof typeof nnmfInputs) => ({
  inputChannels: nnmfInputs[name].channels,
  inputSize: nnmfInputs[name].size,
});

const nnmf = (inputs: number, outputs: number) =>
  `NNMF2d(${inputs}, ${outputs}, pfunctype=0, local_learning=False)`;
const unfold = (kernel: number, stride = 1) =>
  `Unfold(kernel_size=(${kernel}, ${kernel}), dilation=(1, 1), padding=(0, 0), stride=(${stride}, ${stride}))`;
const fold = (size: number) =>
  `Fold(output_size=torch.Size([${size}, ${size}]), kernel_size=(1, 1), dilation=1, padding=0, stride=1)`;
const norm = (n: number) =>
  `BatchNorm2d(${n}, eps=1e-05, momentum=0.1, affine=True, track_running_stats=False)`;
const top = (n: number) => `Conv2d(${n}, ${n}, kernel_size=(1, 1), stride=(1, 1))`;
const relu = 'ReLU()';
const l1 = 'L1NormLayer()';

describe('makeNnmfNetwork', () => {
  it('prints the CIFAR-10 network line by line as the reference does, with its numbers of parameters', () => {
    const blocks = [
      [relu, unfold(5), fold(24), l1, nnmf(75, 32), norm(32), top(32), norm(32)],
      [relu, unfold(2, 2), fold(12), l1, nnmf(128, 32), norm(32)],
      [relu, unfold(5), fold(8), l1, nnmf(800, 64), norm(64), top(64), norm(64)],
      [relu, unfold(2, 2), fold(4), l1, nnmf(256, 64), norm(64)],
      [relu, unfold(4), fold(1), l1, nnmf(1024, 96), top(96)],
      [relu, unfold(1), fold(1), l1, nnmf(96, 10), top(10)],
      ['Softmax(dim=1)', 'Flatten(start_dim=1, end_dim=-1)'],
    ];
    expect(describeNnmfNetwork(makeNnmfNetwork(options('cifar10'))).split('\n')).toEqual([
      'Sequential(',
      ...blocks.flat().map((line, index) => `  (${index}): ${line}`),
      ')',
      'cnn_top: 14638   nnmf: 173344   batchnorm2d: 576   total number of parameter: 188558',
    ]);
  });

  it.each(['mnist', 'mnist-10k', 'fashion-mnist'] as const)(
    'has the parameters of the reference for %s',
    (name) => {
      const counts = countNnmfParameters(makeNnmfNetwork(options(name)).groups);
      expect(counts).toEqual({ cnnTop: 14638, nnmf: 128736, batchNorm2d: 576, total: 143950 });
    },
  );

  it('replaces every NNMF layer by a 1 × 1 convolution of as many parameters in the control', () => {
    const control = makeNnmfNetwork({ ...options('cifar10'), mlpEquivalent: true });
    expect(countNnmfParameters(control.groups).total).toBe(188558);
    expect(String(control.network)).not.toContain('NNMF2d');
    expect(String(control.network)).toContain(
      '(4): Conv2d(75, 32, kernel_size=(1, 1), stride=(1, 1), bias=False)',
    );
  });

  it('draws other weights for every layer and seed, the same for the same', () => {
    const weights = (seed: number) =>
      makeNnmfNetwork({ ...options('mnist'), seed }).groups.nnmf.map(({ value }) =>
        String(value.data.subarray(0, 9)),
      );
    expect(weights(1)).toEqual(weights(1));
    expect(weights(1)).not.toEqual(weights(2));
    expect(new Set(weights(1)).size).toBe(6);
  });

  it('refuses an input that no kernel fits', () => {
    expect(() => makeNnmfNetwork({ inputChannels: 1, inputSize: 10 })).toThrow(
      /makeNnmfNetwork: expected a map/,
    );
  });
});
