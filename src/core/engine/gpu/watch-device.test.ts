import { describe, expect, it } from 'vitest';
import { watchDevice } from './watch-device.js';

type Scope = 'internal' | 'validation' | 'out-of-memory';

/** A device as WebGPU specifies its error scopes: a stack, each with the first error of its kind. */
function deviceWith(problem: { readonly kind: Scope; readonly message: string } | null, isLost = false) {
  const stack: Scope[] = [];
  return {
    stack,
    isLost,
    device: {
      limits: {} as never,
      pushErrorScope: (scope: Scope) => void stack.push(scope),
      popErrorScope: async () => (stack.pop() === problem?.kind ? problem : null),
      destroy() {},
    },
  };
}

describe('watchDevice', () => {
  it('gives what the work gives, and leaves no scope open', async () => {
    const context = deviceWith(null);
    expect(await watchDevice(context, 'Device', async () => 5)).toBe(5);
    expect(context.stack).toEqual([]);
  });

  it('names want of memory with a way out, also where the work ends as if all were well', async () => {
    const context = deviceWith({ kind: 'out-of-memory', message: 'no room for 4 GiB' });
    await expect(watchDevice(context, 'Device', async () => 5)).rejects.toMatchObject({
      code: 'DEVICE_MEMORY',
      message: 'engine gpu on Device: out of memory (no room for 4 GiB); a smaller batch needs less',
    });
    expect(context.stack).toEqual([]);
  });

  it.each(['validation', 'internal'] as const)('passes on what the device refuses (%s)', async (kind) => {
    const context = deviceWith({ kind, message: 'too many bindings' });
    await expect(watchDevice(context, 'Device', async () => 5)).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: 'engine gpu on Device: too many bindings',
    });
  });

  it('tells of a loss, with its cause', async () => {
    const cause = new Error('mapping was aborted');
    const lost = watchDevice(deviceWith(null, true), 'Device', () => Promise.reject(cause));
    await expect(lost).rejects.toMatchObject({
      code: 'DEVICE_LOST',
      message: expect.stringContaining('Device: the device was lost') as string,
      cause,
    });
  });

  it('leaves other errors as they are', async () => {
    const other = new Error('other');
    await expect(watchDevice(deviceWith(null), 'Device', () => Promise.reject(other))).rejects.toBe(other);
  });
});
