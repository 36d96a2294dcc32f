/** Work on a WebGPU device, with what goes wrong there turned into errors of Locus. */
import { LocusError } from '../../../errors.js';
import { letEventsIn } from '../let-events-in.js';
import type { GpuErrorScopes } from './runtime.js';

const scopes = ['internal', 'validation', 'out-of-memory'] as const;

/**
 * @param name of the device, for messages
 * @throws LocusError `DEVICE_LOST`, `DEVICE_MEMORY`, or `ENGINE_UNAVAILABLE` for what the device refuses
 */
export async function watchDevice<T>(
  context: { readonly device: GpuErrorScopes; readonly isLost: boolean },
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const { device } = context;
  const place = `engine gpu on ${name}`;
  for (const scope of scopes) device.pushErrorScope(scope);
  const outcome = await work().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  // The device tells of its loss in a turn of its own.
  if ('error' in outcome) await letEventsIn();
  if (context.isLost) throw deviceLost(name, 'error' in outcome ? outcome.error : undefined);
  const problems = [];
  for (const scope of scopes.toReversed()) problems.push({ scope, problem: await device.popErrorScope() });
  for (const { scope, problem } of problems) {
    if (!problem) continue;
    if (scope === 'out-of-memory') {
      throw new LocusError(
        'DEVICE_MEMORY',
        `${place}: out of memory (${problem.message}); a smaller batch needs less`,
      );
    }
    throw new LocusError('ENGINE_UNAVAILABLE', `${place}: ${problem.message}`);
  }
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}

export function deviceLost(name: string, cause?: unknown): LocusError {
  return new LocusError(
    'DEVICE_LOST',
    `engine gpu on ${name}: the device was lost while it worked. The network is as it was when it was told to work; the next call looks for a device again.`,
    cause === undefined ? undefined : { cause },
  );
}
