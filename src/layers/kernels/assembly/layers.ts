/** The kernels of the layers: threads take the pieces of one job at a time; what a piece holds depends on the job alone. */
import { infer } from './dynamics';
import {
  jobGeneration,
  jobNext,
  jobOpen,
  jobOperation,
  jobPieces,
  jobRunning,
  jobScratch,
  jobScratchBytes,
  operationDraw,
  operationFold,
  operationInfer,
  operationMatmul,
  operationNnmf,
  operationUnfold,
} from './layout';
import { matmul } from './matmul';
import { nnmf } from './nnmf';
import { draw } from './spikes';
import { fold, unfold } from './window';

/** Runs the job on this thread and on every thread that serves it, and returns when it is done. */
export function run(job: usize): void {
  atomic.store<i32>(job, 0, jobNext);
  atomic.store<i32>(job, 1, jobOpen);
  atomic.add<i32>(job, 1, jobGeneration);
  atomic.notify(job + jobGeneration, -1);
  takePieces(job, 0);
  atomic.store<i32>(job, 0, jobOpen);
  // A thread that finds the job closed leaves it at once, so that its fields may be written anew after this.
  let running = atomic.load<i32>(job, jobRunning);
  while (running > 0) {
    atomic.wait<i32>(job + jobRunning, running, -1);
    running = atomic.load<i32>(job, jobRunning);
  }
}

/** Runs the job on this thread alone. */
export function runAlone(job: usize): void {
  atomic.store<i32>(job, 0, jobNext);
  takePieces(job, 0);
}

/** Serves jobs for ever as thread number `thread` ≥ 1. */
export function serve(job: usize, thread: u32): void {
  let seen: i32 = 0;
  while (true) {
    const generation = atomic.load<i32>(job, jobGeneration);
    if (generation == seen) {
      atomic.wait<i32>(job + jobGeneration, seen, -1);
      continue;
    }
    seen = generation;
    atomic.add<i32>(job, 1, jobRunning);
    if (atomic.load<i32>(job, jobOpen)) takePieces(job, thread);
    atomic.sub<i32>(job, 1, jobRunning);
    atomic.notify(job + jobRunning, -1);
  }
}

function takePieces(job: usize, thread: u32): void {
  const operation = load<u32>(job, jobOperation);
  const pieces = load<u32>(job, jobPieces);
  const scratch = load<u32>(job, jobScratch) + thread * load<u32>(job, jobScratchBytes);
  while (true) {
    const piece = atomic.add<u32>(job, 1, jobNext);
    if (piece >= pieces) return;
    if (operation == operationMatmul) matmul(job, piece);
    else if (operation == operationUnfold) unfold(job, piece);
    else if (operation == operationFold) fold(job, piece);
    else if (operation == operationNnmf) nnmf(job, piece, scratch);
    else if (operation == operationDraw) draw(job, piece, scratch);
    else if (operation == operationInfer) infer(job, piece, scratch);
  }
}
