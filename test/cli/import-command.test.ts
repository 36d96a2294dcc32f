/** `locus import`: several folders at once, what it says of each, and its exit code. */
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { viewDatabase } from '../../src/store/index.js';
import { hasOriginals, originals } from '../support/original-folders.js';
import { runHere } from './run-cli.js';
import { makeFolder } from '../support/make-folder.js';

const { locallyConnected, trainedCompetition, convolutional } = originals;

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
    expect(stdout).toBe('Imported 0 of 1 networks.\n');
    expect(stderr).toMatch(/^locus: .*nowhere\/parameters\.json: there is no such file; a network folder of/);
  });
});

describe.skipIf(!hasOriginals)('import of the original networks', () => {
  it('stores them under their names and says how good they were', async () => {
    const db = join(makeFolder(), 'networks.db');
    const words = ['import', locallyConnected, trainedCompetition, '--db', db];
    const { code, stdout, stderr } = await runHere(words);
    expect([code, stderr]).toEqual([0, '']);
    const names = [locallyConnected, trainedCompetition].map((folder) => basename(folder));
    expect(stdout).toBe(
      [
        `${names[0]}: LC_SNN, 225 neurons, trained on 4000 images`,
        '  patch_voting  81.79 ± 0.39 % of 10000 images, as the original measured',
        '  all_voting    81.83 ± 0.39 % of 10000 images, as the original measured',
        '  spikes_first  81.80 ± 0.39 % of 10000 images, as the original measured',
        '  lc            87.57 ± 0.33 % of 10000 images, as the original measured',
        `${names[1]}: LC_SNN, 225 neurons, trained on 4000 images`,
        '  patch_voting  82.10 ± 0.38 % of 10000 images, as the original measured',
        '  all_voting    82.30 ± 0.38 % of 10000 images, as the original measured',
        '  spikes_first  82.19 ± 0.38 % of 10000 images, as the original measured',
        '  lc            88.50 ± 0.32 % of 10000 images, as the original measured',
        '  It was saved without its adaptive thresholds, and scores worse without them.',
        'Imported 2 of 2 networks.',
        '',
      ].join('\n'),
    );
    expect(viewDatabase({ path: db }).map(({ name }) => name)).toEqual(names);
  });

  it('goes on after one that fails, and says in JSON what became of each', async () => {
    const db = join(makeFolder(), 'networks.db');
    const nowhere = join(makeFolder(), 'nowhere');
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
          nParameters: 37_800,
          nOutput: 225,
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
    expect(viewDatabase({ path: db })).toHaveLength(2);
  });
});
