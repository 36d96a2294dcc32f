/** Packages that are loaded at their first use, and synchronously: most programs that import Locus never need them. */
import { createRequire } from 'node:module';

interface Packages {
  readonly 'better-sqlite3': typeof import('better-sqlite3');
  readonly 'cli-progress': typeof import('cli-progress');
  readonly 'get-east-asian-width': typeof import('get-east-asian-width');
  readonly json5: typeof import('json5');
  readonly zod: typeof import('zod');
}

const require = createRequire(import.meta.url);

/** The exports of a package; Node keeps them, so that later calls cost nothing. */
export function requirePackage<Name extends keyof Packages>(name: Name): Packages[Name] {
  return require(name) as Packages[Name];
}
