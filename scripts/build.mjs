/**
 * Builds everything a user needs: the WebAssembly modules (embedded as base64, so that every runtime and bundler
 * finds them without a file path) and `dist/`.  `--wasm-only` stops after the modules.
 *
 * `dist/` has a declaration of every module, and the modules themselves joined to some hundred files: a process that loads
 * each by itself spends half of its start on that.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

/** Source entry → generated TypeScript module. */
const wasmModules = [
  {
    entry: 'src/core/engine/wasm/assembly/simulator.ts',
    generated: 'src/core/engine/wasm/simulator.generated.ts',
  },
  {
    entry: 'src/layers/kernels/assembly/layers.ts',
    generated: 'src/layers/kernels/layers.generated.ts',
  },
];

const ascOptions = [
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--enable',
  'simd',
  '--enable',
  'threads',
  '--importMemory',
  '--sharedMemory',
  '--initialMemory',
  '1',
  '--maximumMemory',
  '65536',
  '--noExportMemory',
];

for (const { entry, generated } of wasmModules) {
  if (!existsSync(entry)) continue;
  const { error, stderr, stdout, binary } = await compile(entry);
  if (error) {
    console.error(stderr, stdout);
    throw error;
  }
  const source = [
    `/** Generated from ${entry} by scripts/build.mjs: the compiled module, base64. */`,
    `export const moduleBase64 =\n  '${Buffer.from(binary).toString('base64')}';`,
    '',
  ].join('\n');
  if (!existsSync(generated) || readFileSync(generated, 'utf8') !== source) writeFileSync(generated, source);
}

if (!process.argv.includes('--wasm-only')) {
  rmSync('dist', { recursive: true, force: true });
  const tsc = join('node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(process.execPath, [tsc, '--emitDeclarationOnly'], { stdio: 'inherit' });
  await joinModules();
  chmodSync('dist/cli/main.js', 0o755);
}

/**
 * Joins the modules of `src/`, so that each remains one module whoever loads it.  All files but the program lie in one folder, in which
 * modules find the scripts of threads beside themselves, as they do in `src/`.
 */
async function joinModules() {
  await build({
    entryPoints: {
      index: 'src/index.ts',
      browser: 'src/browser.ts',
      'cli/main': 'src/cli/main.ts',
      // Threads begin with these.
      worker: 'src/node/worker.js',
      'web-worker': 'src/core/wasm/web-worker.js',
      'network-worker': 'src/experiments/network-worker.ts',
      'clean-worker': 'src/kinds/clean-worker.ts',
    },
    outdir: 'dist',
    bundle: true,
    splitting: true,
    chunkNames: '[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    // The names of classes and functions appear in errors and in the REPL.
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
}

/**
 * Compiles one AssemblyScript entry in memory.
 * @param {string} entry
 */
async function compile(entry) {
  let binary = new Uint8Array();
  const stdout = asc.createMemoryStream();
  const stderr = asc.createMemoryStream();
  const { error } = await asc.main([entry, '--outFile', 'module.wasm', ...ascOptions], {
    stdout,
    stderr,
    /** @type {(name: string, contents: string | Uint8Array) => void} */
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') binary = Uint8Array.from(contents);
    },
  });
  return { error, binary, stdout: stdout.toString(), stderr: stderr.toString() };
}
