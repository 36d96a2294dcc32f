import { describe, expect, it } from 'vitest';
import { Network } from '../../network/network.js';
import { AdaptiveLIF, Input } from '../../network/nodes/index.js';
import { Connection, LateralCompetition, LocalConnection } from '../../network/topology/index.js';
import { MSTDPET } from '../../rules/mstdpet.js';
import { bytesPerImage, chooseBatch, chooseImagesPerCall, countTrainingImages } from './choose-batch.js';
import { planNetwork } from './plan-network.js';
import { type GpuRuntime, webasmDevice } from './runtime.js';

const plan = planNetwork(
  new Network()
    .addLayer('X', new Input({ shape: [20, 20] }))
    .addLayer('Y', new AdaptiveLIF({ shape: [100, 3, 3] }))
    .addConnection('X', 'Y', new LocalConnection({ kernelSize: 12, stride: 4 }))
    .addConnection('Y', 'Y', new LateralCompetition({ weight: -50 }))
    .compile(),
);

const gibibyte = 2 ** 30;

function deviceOf(largestBinding: number, { isSoftware = false } = {}): GpuRuntime {
  const limits = { maxStorageBufferBindingSize: largestBinding, maxBufferSize: gibibyte };
  const device = { ...webasmDevice, name: 'Test device', isSoftware, limits };
  return { backend: 'webgpu', library: {} as GpuRuntime['library'], device };
}

describe('chooseBatch', () => {
  it('takes hundreds of images on hardware, fewer where a processor does the work, and what is asked for', () => {
    const { all } = bytesPerImage(plan, 250);
    const chosen = chooseBatch(plan, deviceOf(gibibyte), 250, undefined);
    expect(chosen).toBeGreaterThan(64);
    expect(chosen * all).toBeLessThanOrEqual(2 ** 28);
    expect(chooseBatch(plan, deviceOf(gibibyte, { isSoftware: true }), 250, undefined)).toBe(64);
    expect(chooseBatch(plan, deviceOf(gibibyte), 250, 7)).toBe(7);
  });

  it('takes fewer where the device holds only small pieces', () => {
    const { largest } = bytesPerImage(plan, 250);
    expect(chooseBatch(plan, deviceOf(5.5 * largest), 250, undefined)).toBe(5);
  });

  it('says what does not fit, how much there is room for, and on what', () => {
    const { largest } = bytesPerImage(plan, 250);
    expect(() => chooseBatch(plan, deviceOf(5.5 * largest), 250, 6)).toThrow(
      'engine gpu: 6 images of 250 steps at a time are too many for webgpu on Test device; at most 5',
    );
    expect(() => chooseBatch(plan, deviceOf(1000), 250, undefined)).toThrow(
      'engine gpu: the weights X->Y need 518400 bytes in one piece; webgpu on Test device has room for 1000',
    );
    expect(() => chooseBatch(plan, deviceOf(1000), 250, undefined)).toThrow(
      expect.objectContaining({ code: 'DEVICE_MEMORY' }),
    );
  });
});

describe('countTrainingImages', () => {
  const ruled = planNetwork(
    new Network()
      .addLayer('X', new Input({ shape: 400 }))
      .addLayer('Y', new AdaptiveLIF({ shape: 100 }))
      .addConnection('X', 'Y', new Connection({ rule: new MSTDPET() }))
      .compile(),
  );
  /** Spikes, activity and a trace of every input, and the reward. */
  const bytes = 4 * 250 * (3 * 400 + 1);

  it('takes as many as the traces of a defined rule have room for; other rules have none', () => {
    expect(countTrainingImages(ruled, deviceOf(5.5 * bytes), 250)).toBe(5);
    expect(countTrainingImages(plan, deviceOf(1000), 250)).toBe(Infinity);
  });

  it('says what does not fit: traces, variables of the synapses', () => {
    expect(() => countTrainingImages(ruled, deviceOf(bytes - 4), 250)).toThrow(
      `engine gpu: the traces X->Y of 250 steps need ${bytes} bytes in one piece; webgpu on Test device has room for ${bytes - 4}`,
    );
    expect(() => chooseBatch(ruled, deviceOf(4 * 400 * 100 * 1.5), 250, undefined)).toThrow(
      'engine gpu: the variables of the synapses X->Y need 320000 bytes in one piece; webgpu on Test device has room for 240000',
    );
  });
});

describe('chooseImagesPerCall', () => {
  it('trains several images in a call where they take milliseconds and many are left', () => {
    expect(chooseImagesPerCall(1, 20, 1000)).toBe(8);
    expect(chooseImagesPerCall(1, 60, 1000)).toBe(4);
    expect(chooseImagesPerCall(1, 600, 1000)).toBe(1);
    expect(chooseImagesPerCall(1, 20, 10)).toBe(1);
    expect(chooseImagesPerCall(8, 600, 1000)).toBe(8);
  });
});
