import { describe, expect, it } from 'vitest';
import { SbS } from '../../src/layers/sbs.js';
import { absoluteDifference, layerCases, relativeDifference } from '../support/layer-fixtures.js';

interface SbsMeta {
  number_of_input_neurons: number;
  number_of_neurons: number;
  input_size: number[];
  forward_kernel_size: number[];
  number_of_spikes: number;
  strides: number[];
  is_pooling_layer: boolean;
  alpha_number_of_iterations: number;
  epsilon_0: number;
  output_size: number[];
}

const cases = layerCases('sbs');

describe('SbS against the original PyTorch layer, given its spikes', () => {
  it.each(cases.flatMap(({ name, fixture }) => [32, 64].map((bits) => ({ name, fixture, bits }))))(
    '$name in float$bits: outputs 1e-5, gradients 1e-4 relative',
    ({ fixture, bits }) => {
      const meta = fixture.meta() as SbsMeta;
      const read = (file: string) => (bits === 64 ? fixture.tensor64(file) : fixture.tensor(file));
      const layer = new SbS({
        numberOfInputNeurons: meta.number_of_input_neurons,
        numberOfNeurons: meta.number_of_neurons,
        inputSize: meta.input_size,
        forwardKernelSize: meta.forward_kernel_size,
        numberOfSpikes: meta.number_of_spikes,
        strides: meta.strides,
        isPoolingLayer: meta.is_pooling_layer,
        alphaNumberOfIterations: meta.alpha_number_of_iterations,
        epsilon0: meta.epsilon_0,
        epsilonT: fixture.tensor64('epsilon_t').data,
      });
      if (bits === 64) layer.toFloat64();
      expect(layer.outputSize).toEqual(meta.output_size);
      const poolingWeights = absoluteDifference(layer.weights, fixture.tensor64('weights'));
      expect(meta.is_pooling_layer ? poolingWeights : 0).toBeLessThan(1e-7);
      layer.weights = read('weights');
      layer.epsilonXy = read('epsilon_xy');
      layer.givenSpikes = fixture.int32('spikes');

      expect(absoluteDifference(layer.forward(read('input')), read('output'))).toBeLessThan(1e-5);
      const inputGradient = layer.backward(read('grad_output'));
      expect(relativeDifference(inputGradient, read('grad_input'))).toBeLessThan(1e-4);
      expect(relativeDifference(layer.weightsParameter.gradient, read('grad_weights'))).toBeLessThan(1e-4);
      const epsilonGradient = layer.epsilonXyParameter.gradient;
      expect(relativeDifference(epsilonGradient, read('grad_epsilon_xy'))).toBeLessThan(1e-4);
    },
  );
});
