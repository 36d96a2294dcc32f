/** `locus reproduce`: the published accuracy table. */
import { defineCommand } from '../command.js';
import { countOption, databaseOption, dataOptions, listOption, parseCount, textOption } from '../options.js';

const scoring = { group: 'Calibration and test:' };
const where = { group: 'Where:' };

export const reproduce = defineCommand({
  usage: 'reproduce',
  describe: 'reproduce the published accuracy table; goes on where it stopped',
  examples: [
    ['reproduce', 'all 12 rows, 5 networks each'],
    ['reproduce --rows 2,5 --runs 2', 'two networks of two rows'],
    ['reproduce --rows 12 --runs 1 --calibrate 1000 --test 1000 --json', 'a quick look, for machines'],
    ['reproduce --markdown docs/accuracy-table.md', 'write the page'],
  ],
  options: {
    rows: listOption('rows of the table', (text) => parseCount(text, 1), { defaultDescription: 'all' }),
    runs: countOption('networks per row', 1, { defaultDescription: '5' }),
    seed: countOption('seed of the first network of a row', 0, { defaultDescription: '0' }),
    'n-iter': countOption('training images', 1, { defaultDescription: "each row's own number" }),
    calibrate: countOption('calibration images', 1, { ...scoring, defaultDescription: 'all of the set' }),
    test: countOption('test images', 1, { ...scoring, defaultDescription: 'all of the set' }),
    threads: countOption('networks that are worked on at once, one thread each', 1, {
      ...where,
      defaultDescription: 'as many as the machine runs at once',
    }),
    markdown: textOption('write the table as Markdown to this file, and as JSON beside it', where),
    figure: textOption('draw the table to this file: .html, .png, .svg or .pdf', where),
    ...databaseOption,
    ...dataOptions,
  },
  interruptible: true,
  run: async (args, context) => (await import('../run/reproduce.js')).runReproduce(args, context),
});
