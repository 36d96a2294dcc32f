/** The pipelines and weights of one network on a device: there when they are needed, kept, and freed; errors of the device in plain words. */
import type { DeviceWeights } from './device-weights.js';
import type { GpuPlan } from './plan-network.js';
import { GpuPipeline, type PipelineInput, type PipelineOutput, type PipelineShape } from './run-pipeline.js';
import type { GpuContext, GpuRuntime } from './runtime.js';
import { deviceLost, watchDevice } from './watch-device.js';

/** Pipelines kept at the same time: evaluation and training, of one image and of several. */
const mostPipelines = 6;

export class DeviceSession {
  #opened: Promise<GpuRuntime> | undefined;
  #context: GpuContext | undefined;
  #gpu: InstanceType<GpuRuntime['library']['GPU']> | undefined;
  /** By shape, the one used last at the end. */
  readonly #pipelines = new Map<string, GpuPipeline>();

  constructor(
    readonly plan: GpuPlan,
    readonly openRuntime: () => Promise<GpuRuntime>,
    readonly threads: boolean,
    readonly weights: readonly DeviceWeights[],
  ) {}

  /** The device; found at the first call. */
  open(): Promise<GpuRuntime> {
    this.#opened ??= this.openRuntime();
    // A device that was not found may be there the next time.
    this.#opened.catch(() => {
      this.#opened = undefined;
    });
    return this.#opened;
  }

  /** @throws LocusError `DEVICE_LOST`, `DEVICE_MEMORY`, `ENGINE_UNAVAILABLE`: weights that only the device had are lost */
  async run(shape: PipelineShape, input: PipelineInput): Promise<PipelineOutput> {
    const runtime = await this.open();
    if (runtime.backend === 'webasm') return this.#pipeline(runtime, shape).run(input);
    if (this.#context?.isLost) {
      const hasLostWeights = this.weights.some(({ isOnDeviceOnly }) => isOnDeviceOnly);
      this.close();
      if (hasLostWeights) throw deviceLost(runtime.device.name);
    }
    this.#context = await runtime.library.WebGPUContext.acquire();
    const pipeline = this.#pipeline(runtime, shape);
    return this.#watch(runtime, this.#context, () => pipeline.run(input));
  }

  /** Brings back the weights that only the device has; errors are those of `run`. */
  async download(): Promise<void> {
    const runtime = await this.open();
    const context = this.#context;
    if (!context) return;
    await this.#watch(runtime, context, async () => {
      for (const each of this.weights) await each.download();
    });
  }

  /** Frees all memory of the device; the next run allocates anew. */
  close(): void {
    const gpu = this.#gpu;
    const pipelines = [...this.#pipelines.values()];
    this.#gpu = undefined;
    this.#context = undefined;
    this.#pipelines.clear();
    for (const each of this.weights) each.forgetDevice();
    void Promise.all(pipelines.map((pipeline) => pipeline.destroy())).then(() => gpu?.destroy());
  }

  #watch<T>({ device }: GpuRuntime, context: GpuContext, work: () => Promise<T>): Promise<T> {
    return watchDevice(context, device.name, work).catch((error: unknown) => {
      // What a failed run has left on the device is not to be trusted.
      this.close();
      throw error;
    });
  }

  #pipeline(runtime: GpuRuntime, shape: PipelineShape): GpuPipeline {
    const key = JSON.stringify(shape);
    const kept = this.#pipelines.get(key);
    this.#gpu ??= new runtime.library.GPU({ mode: runtime.backend });
    const pipeline = kept ?? new GpuPipeline(runtime, this.#gpu, this.plan, shape, this.threads);
    this.#pipelines.delete(key);
    this.#pipelines.set(key, pipeline);
    for (const [oldest, unused] of this.#pipelines) {
      if (this.#pipelines.size <= mostPipelines) break;
      this.#pipelines.delete(oldest);
      void unused.destroy();
    }
    return pipeline;
  }
}
