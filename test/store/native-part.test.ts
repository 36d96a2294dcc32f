/** What a database says where better-sqlite3 is missing, or its native part does not load. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runProgram } from '../cli/run-cli.js';
import { makeFolder } from '../support/make-folder.js';

/** What `locus ls` says in a process in which `statements` ran before. */
async function listAfter(statements: string) {
  const path = join(makeFolder(), 'networks.db');
  copyFileSync('networks/published.db', path);
  return runProgram(['ls', '--db', path], {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(statements)}`,
  });
}

it('a native part for another version of Node.js: how to build it for this one', async () => {
  const { code, stdout, stderr } = await listAfter(`
    process.dlopen = (module, path) => {
      const message = 'The module ' + path + '\\nwas compiled against a different Node.js version';
      throw Object.assign(new Error(message), { code: 'ERR_DLOPEN_FAILED' });
    };`);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    /^locus: The database needs the native part of better-sqlite3, which Node\.js v[\d.]+ cannot load\. Run: npm rebuild better-sqlite3 \(The module .*better_sqlite3\.node was compiled against a different Node\.js version\)\n$/,
  );
});

it('a native part that is not there: how to build it, not where it was looked for', async () => {
  const { code, stderr } = await listAfter(`
    import Module from 'node:module';
    const resolve = Module._resolveFilename;
    Module._resolveFilename = (request, ...more) => {
      if (!request.endsWith('.node')) return resolve(request, ...more);
      throw Object.assign(new Error('Cannot find module ' + request), { code: 'MODULE_NOT_FOUND' });
    };`);
  expect(code).toBe(1);
  expect(stderr).toMatch(/Run: npm rebuild better-sqlite3 \(Could not locate the bindings file\.\)\n$/);
});

it('a package that is not installed: how to install it', async () => {
  const { code, stderr } = await listAfter(`
    import Module from 'node:module';
    const resolve = Module._resolveFilename;
    Module._resolveFilename = (request, ...more) => {
      if (request !== 'better-sqlite3') return resolve(request, ...more);
      throw Object.assign(new Error('Cannot find module ' + request), { code: 'MODULE_NOT_FOUND' });
    };`);
  expect([code, stderr]).toEqual([
    1,
    'locus: The database needs the package better-sqlite3, which is not installed. Run: npm install better-sqlite3\n',
  ]);
});
