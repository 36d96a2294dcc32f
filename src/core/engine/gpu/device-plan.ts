/**
 * Runs a compiled pipeline of gpu.js with weights that stay on the device.  gpu.js itself uploads every argument and reads every
 * result at every run; nothing of what it exports keeps an array there.  So what it has compiled is run by the commands below.
 * It is held by fields that are no part of its interface: its version is pinned, and another one is refused by name.
 */
import type { IPipelineRunShortcut } from 'gpu.js';
import { LocusError } from '../../../errors.js';
import type { DeviceWeights } from './device-weights.js';
import { type GpuBuffer, type GpuDevice, mapToRead } from './runtime.js';

/** What gpu.js 2.24.1 has compiled a pipeline to. */
interface FusedEncoder {
  readonly _device: GpuDevice;
  /** By the argument's index. */
  readonly _argRegions: ReadonlyMap<number, { readonly buffer: GpuBuffer }>;
  readonly _passes: readonly {
    readonly pipeline: unknown;
    readonly bindGroup: unknown;
    readonly groups: readonly [number, number, number];
    readonly perCall: boolean;
  }[];
  /** One per result, in the order of the plan's results. */
  readonly _resultReads: readonly (
    | {
        readonly kind: 'step';
        readonly buffer: GpuBuffer;
        readonly offset: number;
        readonly byteLength: number;
      }
    | { readonly kind: 'arg'; readonly index: number }
  )[];
  readonly _staging: GpuBuffer;
}

interface CompiledPipeline {
  readonly _executor: FusedEncoder;
  readonly plan: { readonly results: { readonly entries: readonly { readonly key: string }[] } };
}

export interface DevicePlanRun {
  /** By the argument's index. */
  readonly given: readonly (Float32Array | DeviceWeights)[];
  /** Which results replace weights, and do not come back. */
  readonly learned: ReadonlyMap<string, DeviceWeights>;
}

export class DevicePlan {
  readonly #compiled: CompiledPipeline;
  /** Versions of the weights that the arguments hold, by the argument's index. */
  readonly #versions = new Map<number, number>();

  /**
   * @param shortcut a pipeline that has run once
   * @throws LocusError `ENGINE_UNAVAILABLE` where gpu.js has compiled it to something else than what is known
   */
  constructor(shortcut: IPipelineRunShortcut) {
    this.#compiled = checkCompiled((shortcut as unknown as { pipeline: unknown }).pipeline);
  }

  /** The results that come back, by name. */
  async run({ given, learned }: DevicePlanRun): Promise<Record<string, Float32Array>> {
    const { _executor: executor, plan } = this.#compiled;
    const { _device: device, _staging: staging } = executor;
    const encoder = device.createCommandEncoder();
    for (const [index, { buffer }] of executor._argRegions) {
      const value = given[index];
      if (value instanceof Float32Array) {
        device.queue.writeBuffer(buffer, 0, value);
        continue;
      }
      const weights = value.upload(device);
      if (this.#versions.get(index) === value.version) continue;
      encoder.copyBufferToBuffer(weights, 0, buffer, 0, weights.size);
      this.#versions.set(index, value.version);
    }
    const pass = encoder.beginComputePass();
    for (const { pipeline, bindGroup, groups } of executor._passes) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(...groups);
    }
    pass.end();
    const results: Record<string, Float32Array> = {};
    const back: { readonly name: string; readonly start: number; readonly end: number }[] = [];
    for (const [at, read] of executor._resultReads.entries()) {
      const name = plan.results.entries[at].key;
      const weights = learned.get(name);
      if (read.kind === 'arg') {
        const value = given[read.index];
        results[name] = value instanceof Float32Array ? value : value.values;
      } else if (weights) {
        // They may be no argument of what makes them anew.
        weights.upload(device);
        weights.replace(encoder, read.buffer);
      } else {
        const { buffer, offset, byteLength } = read;
        encoder.copyBufferToBuffer(buffer, 0, staging, offset, byteLength);
        back.push({ name, start: offset, end: offset + byteLength });
      }
    }
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(mapToRead);
    const mapped = staging.getMappedRange();
    for (const { name, start, end } of back) results[name] = new Float32Array(mapped.slice(start, end));
    staging.unmap();
    return results;
  }
}

function checkCompiled(pipeline: unknown): CompiledPipeline {
  const { _executor: executor, plan } = pipeline as Partial<CompiledPipeline>;
  const isKnown =
    executor?._device &&
    executor._staging &&
    executor._argRegions instanceof Map &&
    executor._passes?.every((pass) => pass.pipeline && pass.bindGroup && pass.groups && !pass.perCall) &&
    executor._resultReads?.every(({ kind }) => kind === 'step' || kind === 'arg') &&
    plan?.results.entries.length === executor._resultReads.length;
  if (isKnown) return pipeline as CompiledPipeline;
  throw new LocusError(
    'ENGINE_UNAVAILABLE',
    'engine gpu: expected a pipeline as gpu.js 2.24.1 compiles it, got another structure; install that version',
  );
}
