#!/usr/bin/env node
/** The program `locus`: the command line on this process. */
import { main } from './cli.js';

// A reader that has seen enough (`locus ls | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// Node would add its own name and a hint to every warning.
process.removeAllListeners('warning');
process.on('warning', ({ name, message }) => {
  if (process.argv.includes('--quiet')) return;
  const isOwn = name === 'LocusWarning' || name === 'DeprecationWarning';
  process.stderr.write(`${isOwn ? 'locus' : name}: ${message}\n`);
});

process.exitCode = await main(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signals: process,
  exit: (code) => process.exit(code),
});
