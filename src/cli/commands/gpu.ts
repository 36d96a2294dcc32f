/** `locus gpu`: what the GPU engine would run on here, and whether it computes what it should. */
import { defineCommand } from '../command.js';

export const gpu = defineCommand({
  usage: 'gpu',
  describe: 'show what the GPU engine runs on here, hardware or software, and test it against the definition',
  examples: [
    ['gpu', 'device, limits, and a small network on the GPU and on the reference engine'],
    ['gpu --json', 'the same for machines'],
  ],
  run: async (_args, context) => (await import('../run/gpu.js')).runGpu(context),
});
