/** Trains by epochs that are interrupted again and again, each time in a new training from the saved state. */
import { expect } from 'vitest';
import type { WatchOptions } from '../../src/kinds/layered/pause.js';

interface Interrupted {
  readonly history: readonly unknown[];
  save(): unknown;
}

/**
 * Interrupts the epochs whenever `done % images` is 0.
 *
 * @param runEpoch goes on with the epoch of a training
 * @param restore a new training from the state of another
 */
export async function trainInParts<Training extends Interrupted>(
  first: Training,
  { epochs, images }: { readonly epochs: number; readonly images: number },
  runEpoch: (training: Training, watch: WatchOptions) => Promise<unknown>,
  restore: (state: ReturnType<Training['save']>) => Training,
): Promise<Training> {
  let training = first;
  let nParts = 0;
  const codes = new Set<string | undefined>();
  while (training.history.length < epochs) {
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }) => {
      if (done % images === 0) controller.abort();
    };
    await runEpoch(training, { now: () => 0, signal: controller.signal, onProgress }).catch(
      (error: unknown) => {
        codes.add((error as { code?: string }).code);
      },
    );
    nParts++;
    training = restore(training.save() as ReturnType<Training['save']>);
  }
  expect([...codes]).toEqual(['INTERRUPTED']);
  expect(nParts).toBeGreaterThan(2 * epochs);
  return training;
}
