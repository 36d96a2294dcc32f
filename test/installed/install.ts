/** Packs the built package and installs it, without development dependencies, in an empty folder for all tests. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder that the package is installed in. */
    readonly installed: string;
  }
}

/** Where `LOCUS_INSTALLED` names a folder that has the package already, that one is tested. */
export default function setup(project: TestProject): (() => void) | undefined {
  const given = process.env.LOCUS_INSTALLED;
  const folder = given ?? install();
  project.provide('installed', folder);
  return given === undefined ? () => rmSync(folder, { recursive: true, force: true }) : undefined;
}

function install(): string {
  const folder = mkdtempSync(join(tmpdir(), 'locus-installed-'));
  const npm = (cwd: string, ...words: string[]) =>
    execFileSync('npm', words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  // The build is what is tested; `prepare` would make it again.
  const [packed] = JSON.parse(
    npm('.', 'pack', '--ignore-scripts', '--json', '--pack-destination', folder),
  ) as [{ readonly filename: string }];
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  npm(folder, 'install', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', packed.filename);
  return folder;
}
