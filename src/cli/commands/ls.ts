/** `locus ls`: the table of stored networks. */
import { defineCommand } from '../command.js';
import { countOption, databaseOption, flagOption, textOption, textsOption } from '../options.js';

export const ls = defineCommand({
  usage: 'ls',
  describe: 'list the stored networks',
  examples: [
    ['ls', 'the newest 50'],
    ['ls --all', 'all of them'],
    ["ls --filter 'n_filters=100' 'c_w=-130..-100'", 'those with these parameters'],
    ["ls --filter 'network_type=LC_SNN,C_SNN' 'lc=0.9..' --sort -lc", 'the best linear classifier first'],
    ['ls --sort -voting --limit 5 --json', 'the five best voters, for machines'],
  ],
  options: {
    filter: textsOption(
      'published names with a value, values (25,100) or a range (-130..-100, 0.9..), text with , or .. in double quotes (\'name="a..b"\'); lc and voting mean accuracies',
    ),
    sort: textOption('published name to sort by, lc or voting; with a dash: highest first'),
    limit: countOption('at most so many: the first by --sort, else the newest', 0, {
      defaultDescription: '50 in a table; all as JSON',
    }),
    all: flagOption('all of them in the table'),
    ...databaseOption,
  },
  run: async (args, context) => (await import('../run/ls.js')).runLs(args, context),
});
