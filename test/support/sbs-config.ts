/** The configuration of a small Spike-by-Spike network for MNIST, as its file says it. */
export const sbsConfigText = `{
  // A network of three layers, one of them pooling.
  data_mode: 'MNIST', batch_size: 20, number_of_spikes: 20,
  network_structure: {
    number_of_output_neurons: 10,
    layer_type: ['SbS', 'Average Pooling', 'SbS'],
    forward_neuron_numbers: [[2, 4], [4, 4], [4, 10]],
    forward_kernel_size: [[5, 5], [2, 2], [10, 10]],
    strides: [[1, 1], [2, 2], [1, 1]],
  },
  learning_parameters: { test_every_x_learning_steps: 2 },
}`;
