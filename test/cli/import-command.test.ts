/** `locus import`: several folders at once, what it says of each, and its exit code. */
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { viewDatabase } from '../../src/store/index.js';
import { writeExample } from '../support/example-originals.js';
import { runHere } from './run-cli.js';
import { makeFolder } from '../support/make-folder.js';

describe('import', () => {
  it('says what it does, with examples', async () => {
    const { code, stdout } = await runHere(['import', '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/locus import <folders\.\.>/);
    expect(stdout).toMatch(/Examples:\n +# stored under the name of the folder\n +locus import networks\//);
    expect(stdout).toMatch(/--overwrite .*--db /s);
  });

  it('wants a folder', async () => {
    expect(await runHere(['import'])).toMatchObject({ code: 2, stdout: '' });
  });

  it('of a folder that is none: exit code 1, and no database', async () => {
    const folder = makeFolder();
    const db = join(folder, 'networks.db');
    const { code, stdout, stderr } = await runHere(['import', join(folder, 'nowhere'), '--db', db]);
    expect(code).toBe(1);
    expect(stdout).toBe('Imported 0 of 1 network.\n');
    expect(stderr).toMatch(/^locus: .*nowhere\/parameters\.json: there is no such file; a network folder of/);
  });
});

/** As a network of the original program had them. */
const scores = {
  patch_voting: { accuracy: 0.8179, error: 0.0038592692313441936, nIter: 10_000 },
  all_voting: { accuracy: 0.8183, error: 0.0038559708245784223, nIter: 10_000 },
  spikes_first: { accuracy: 0.818, error: 0.003858445282753146, nIter: 10_000 },
  lc: { accuracy: 0.8757, error: 0.003299234911308984, nIter: 10_000 },
};

describe('import of networks of the original program', () => {
  it('stores them under their names and says how good they were', async () => {
    const db = join(makeFolder(), 'networks.db');
    const [locallyConnected, trainedCompetition] = [
      writeExample('locallyConnected', { scores }),
      writeExample('trainedCompetition', { scores: { patch_voting: scores.patch_voting, lc: null } }),
    ];
    const words = ['import', locallyConnected, trainedCompetition, '--db', db];
    const { code, stdout, stderr } = await runHere(words);
    expect([code, stderr]).toEqual([0, '']);
    const names = [locallyConnected, trainedCompetition].map((folder) => basename(folder));
    expect(stdout).toBe(
      [
        `${names[0]}: LC_SNN, 12 neurons, trained on 4000 images`,
        '  patch_voting  81.79 ± 0.39 % of 10000 images, as the original measured',
        '  all_voting    81.83 ± 0.39 % of 10000 images, as the original measured',
        '  spikes_first  81.80 ± 0.39 % of 10000 images, as the original measured',
        '  lc            87.57 ± 0.33 % of 10000 images, as the original measured',
        `${names[1]}: LC_SNN, 12 neurons, trained on 4000 images`,
        '  patch_voting  81.79 ± 0.39 % of 10000 images, as the original measured',
        '  It was saved without its adaptive thresholds, and scores worse without them.',
        'Imported 2 of 2 networks.',
        '',
      ].join('\n'),
    );
    expect(viewDatabase({ database: db }).map(({ name }) => name)).toEqual(names);
  });

  it('goes on after one that fails, and says in JSON what became of each', async () => {
    const db = join(makeFolder(), 'networks.db');
    const nowhere = join(makeFolder(), 'nowhere');
    const [convolutional, locallyConnected] = [
      writeExample('convolutional'),
      writeExample('locallyConnected', { scores }),
    ];
    await runHere(['import', convolutional, '--db', db]);
    const ran = await runHere(['import', nowhere, convolutional, locallyConnected, '--db', db, '--json']);
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.stdout)).toEqual({
      imported: [
        {
          folder: locallyConnected,
          name: basename(locallyConnected),
          networkType: 'LC_SNN',
          stateHash: expect.stringMatching(/^[0-9a-f]{56}$/) as string,
          nParameters: 216,
          nOutput: 12,
          score: expect.objectContaining({
            lc: { accuracy: 0.8757, error: 0.003299234911308984, nIter: 10_000 },
          }) as object,
          thetaMissing: false,
        },
      ],
      failed: [
        { folder: nowhere, code: 'DATA_MISSING', message: expect.stringContaining(nowhere) as string },
        {
          folder: convolutional,
          code: 'NAME_TAKEN',
          message: expect.stringContaining(convolutional) as string,
        },
      ],
    });
    expect(ran.stderr.trimEnd().split('\n')).toHaveLength(2);
    expect((await runHere(['import', convolutional, '--overwrite', '--db', db])).code).toBe(0);
    expect(viewDatabase({ database: db })).toHaveLength(2);
  });
});
