/** Weights of a connection that a device works on: they go up when they were set here, and come back when they are asked for. */
import { bufferUsage, type GpuBuffer, type GpuCommandEncoder, type GpuDevice, mapToRead } from './runtime.js';

export class DeviceWeights {
  /** [row, padded filter]; null while only the device has them. */
  #values: Float32Array | null;
  #onDevice: { readonly device: GpuDevice; readonly buffer: GpuBuffer } | null = null;
  #isUploaded = false;
  #version = 0;

  constructor(values: Float32Array) {
    this.#values = values;
  }

  /** Another one for other values. */
  get version(): number {
    return this.#version;
  }

  /** @throws TypeError while only the device has them: `download` brings them back */
  get values(): Float32Array {
    if (!this.#values) throw new TypeError('weights are read before they were brought back from the device');
    return this.#values;
  }

  set values(values: Float32Array) {
    this.#values = values;
    this.#isUploaded = false;
    this.#version++;
  }

  get isOnDeviceOnly(): boolean {
    return this.#values === null;
  }

  /** The buffer that holds them, after an upload if need be. */
  upload(device: GpuDevice): GpuBuffer {
    if (this.#onDevice?.device !== device) {
      const usage = bufferUsage.copySource | bufferUsage.copyTarget;
      const buffer = device.createBuffer({ size: this.values.byteLength, usage });
      this.forgetDevice();
      this.#onDevice = { device, buffer };
    }
    const { buffer } = this.#onDevice;
    if (!this.#isUploaded) device.queue.writeBuffer(buffer, 0, this.values);
    this.#isUploaded = true;
    return buffer;
  }

  /** Replaces them by what `learned` will hold when the commands are done; to be called after `upload`. */
  replace(encoder: GpuCommandEncoder, learned: GpuBuffer): void {
    if (!this.#onDevice) throw new TypeError('weights are replaced on a device that they are not on');
    const { buffer } = this.#onDevice;
    encoder.copyBufferToBuffer(learned, 0, buffer, 0, buffer.size);
    this.#values = null;
    this.#version++;
  }

  /** Brings them back, if only the device has them. */
  async download(): Promise<void> {
    if (this.#values || !this.#onDevice) return;
    const { device, buffer } = this.#onDevice;
    const usage = bufferUsage.mapRead | bufferUsage.copyTarget;
    const staging = device.createBuffer({ size: buffer.size, usage });
    try {
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
      device.queue.submit([encoder.finish()]);
      await staging.mapAsync(mapToRead);
      this.#values = new Float32Array(staging.getMappedRange().slice(0));
    } finally {
      staging.destroy();
    }
  }

  /** Frees the device's memory; what only the device had is lost. */
  forgetDevice(): void {
    this.#onDevice?.buffer.destroy();
    this.#onDevice = null;
    this.#isUploaded = false;
  }
}
