/** `locus data`: the data sets that are at hand, and how to get more. */
import { defineCommand, defineFamily } from '../command.js';
import { dataDirOption } from '../options.js';

export const data = defineFamily({
  usage: 'data',
  describe: 'list the data sets, download one',
  examples: [
    ['data ls', 'what is at hand'],
    ['data download mnist', 'all of MNIST'],
  ],
  commands: [
    defineCommand({
      usage: 'ls',
      describe: 'list the data sets and where they lie',
      examples: [
        ['data ls', 'in the default folder'],
        ['data ls --data-dir ~/mnist --json', 'in another folder, for machines'],
      ],
      options: dataDirOption,
      run: async (args, context) => (await import('../run/data.js')).runDataLs(args, context),
    }),
    defineCommand({
      usage: 'download <name>',
      describe: 'download a data set; goes on with what is there',
      examples: [
        ['data download mnist', 'into the data folder'],
        ['data download fashion-mnist --data-dir ~/data', 'into another'],
      ],
      positionals: {
        name: {
          describe: 'one of',
          listing: async () =>
            (await import('../../datasets/registry.js'))
              .listDownloadable()
              .map(({ name }) => name)
              .join(', '),
        },
      },
      options: dataDirOption,
      interruptible: true,
      run: async (args, context) => (await import('../run/data.js')).runDataDownload(args, context),
    }),
  ],
});
