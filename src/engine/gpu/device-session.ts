/** The pipelines of one network on a device: made when they are needed, kept, and freed; errors of the device in plain words. */
import { LocusError } from '../../errors.js';
import type { GpuPlan } from './plan-network.js';
import { GpuPipeline, type PipelineInput, type PipelineOutput, type PipelineShape } from './run-pipeline.js';
import type { GpuDevice, GpuRuntime } from './runtime.js';

/** Pipelines kept at the same time: evaluation, training and stretches of both. */
const mostPipelines = 6;

export class DeviceSession {
  #opened: Promise<GpuRuntime> | undefined;
  #gpu: InstanceType<GpuRuntime['library']['GPU']> | undefined;
  /** By shape, the one used last at the end. */
  readonly #pipelines = new Map<string, GpuPipeline>();

  constructor(
    readonly plan: GpuPlan,
    readonly openRuntime: () => Promise<GpuRuntime>,
    readonly threads: boolean,
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

  /** @throws LocusError `DEVICE_LOST`, `DEVICE_MEMORY`, `ENGINE_UNAVAILABLE` */
  async run(shape: PipelineShape, input: PipelineInput): Promise<PipelineOutput> {
    const runtime = await this.open();
    const pipeline = this.#pipeline(runtime, shape);
    if (runtime.backend === 'webasm') return pipeline.run(input);
    const context = await runtime.library.WebGPUContext.acquire();
    return watchDevice(context, runtime, () => pipeline.run(input)).catch((error: unknown) => {
      // What a failed run has left on the device is not to be trusted.
      this.close();
      throw error;
    });
  }

  /** Frees all memory of the device; the next run allocates anew. */
  close(): void {
    const gpu = this.#gpu;
    const pipelines = [...this.#pipelines.values()];
    this.#gpu = undefined;
    this.#pipelines.clear();
    void Promise.all(pipelines.map((pipeline) => pipeline.destroy())).then(() => gpu?.destroy());
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

/** Runs work on a device and turns what goes wrong there into errors of Locus. */
async function watchDevice<T>(
  context: { readonly device: GpuDevice; readonly isLost: boolean },
  { device: { name } }: GpuRuntime,
  work: () => Promise<T>,
): Promise<T> {
  const { device } = context;
  const place = `engine gpu on ${name}`;
  const scopes = ['internal', 'validation', 'out-of-memory'] as const;
  for (const scope of scopes) device.pushErrorScope(scope);
  const outcome = await work().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (context.isLost) {
    throw new LocusError(
      'DEVICE_LOST',
      `${place}: the device was lost while it worked. What was learned until the last image that was reported is kept; the next call looks for a device again.`,
      { cause: 'error' in outcome ? outcome.error : undefined },
    );
  }
  for (const scope of scopes.toReversed()) {
    const problem = await device.popErrorScope();
    if (!problem) continue;
    throw new LocusError(
      scope === 'out-of-memory' ? 'DEVICE_MEMORY' : 'ENGINE_UNAVAILABLE',
      scope === 'out-of-memory'
        ? `${place}: out of memory (${problem.message}); a smaller batch needs less`
        : `${place}: ${problem.message}`,
    );
  }
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}
