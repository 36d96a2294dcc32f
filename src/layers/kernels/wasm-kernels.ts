/** The kernels in WebAssembly: float32, four lanes wide, shared by threads; results do not depend on their number. */
import { purposes, seedKey } from '../../core/random/stream.js';
import { compileModule } from '../../core/wasm/compile-module.js';
import { WasmMemory } from '../../core/wasm/wasm-memory.js';
import type { TensorData } from '../tensor.js';
import * as layout from './assembly/layout.js';
import { JobThreads } from './job-threads.js';
import type {
  DrawTask,
  InferenceShape,
  InferTask,
  Kernels,
  MatrixProduct,
  NnmfTask,
  SpikeSource,
  WindowTask,
} from './kernels.js';
import { moduleBase64 } from './layers.generated.js';
import { ScratchArena } from './scratch-arena.js';

const lanes = 4;
const floatBytes = 4;
/** Rows of the left matrix per piece of a product, and how many pieces one product gives at least. */
const largestBlock = 64;
const piecesPerProduct = 8;

export class WasmKernels implements Kernels {
  readonly #memory = new WasmMemory();
  readonly #arena = new ScratchArena(this.#memory);
  readonly #threads: JobThreads;

  constructor(threads: number) {
    this.#threads = new JobThreads(compileModule(moduleBase64), this.#memory, threads);
  }

  get threads(): number {
    return this.#threads.threads;
  }

  dispose(): void {
    this.#threads.dispose();
  }

  matmul(task: MatrixProduct): void {
    const { m, n, k, batch, sum } = task;
    const a = asFloat32(task.a);
    const out = asFloat32(task.out);
    const width = padToLanes(n);
    const bMatrices = task.bBatch === 0 ? 1 : batch;
    const b = padRows(asFloat32(task.b), bMatrices * k, n, width);
    const outRows = (sum ? 1 : batch) * m;
    this.#arena.begin([a.byteLength, b.byteLength, outRows * width * floatBytes]);
    const aAddress = this.#arena.put(a);
    const bAddress = this.#arena.put(b);
    const outAddress = this.#arena.take(outRows * width * floatBytes);
    // A single product is cut into enough pieces for all threads; a piece is the same whoever computes it.
    const block = Math.min(largestBlock, lanes * Math.max(1, Math.ceil(m / (lanes * piecesPerProduct))));
    const rowBlocks = Math.ceil(m / block);
    this.#run(layout.operationMatmul, rowBlocks * (sum ? 1 : batch), {
      [layout.argInput]: aAddress,
      [layout.argWeights]: bAddress,
      [layout.argOutput]: outAddress,
      [layout.argBatch]: batch,
      [layout.matmulM]: m,
      [layout.matmulN]: width,
      [layout.matmulK]: k,
      [layout.matmulARow]: task.aRow,
      [layout.matmulAColumn]: task.aColumn,
      [layout.matmulABatch]: task.aBatch,
      [layout.matmulBBatch]: task.bBatch === 0 ? 0 : k * width,
      [layout.matmulSum]: Number(sum),
      [layout.matmulRowBlocks]: rowBlocks,
      [layout.matmulBlock]: block,
    });
    if (width === n) {
      this.#arena.get(outAddress, out);
      return;
    }
    const padded = this.#memory.float32(outAddress, outRows * width);
    for (let row = 0; row < outRows; row++) {
      out.set(padded.subarray(row * width, row * width + n), row * n);
    }
  }

  unfold(x: TensorData, task: WindowTask, out: TensorData): void {
    this.#slide(layout.operationUnfold, asFloat32(x), task, asFloat32(out));
  }

  fold(patches: TensorData, task: WindowTask, out: TensorData): void {
    this.#slide(layout.operationFold, asFloat32(patches), task, asFloat32(out));
  }

  #slide(operation: number, from: Float32Array, task: WindowTask, to: Float32Array): void {
    const { kernel, stride, padding, dilation } = task.window;
    this.#arena.begin([from.byteLength, to.byteLength]);
    const input = this.#arena.put(from);
    const output = this.#arena.take(to.byteLength);
    this.#run(operation, task.planes, {
      [layout.argInput]: input,
      [layout.argOutput]: output,
      [layout.windowHeight]: task.size[0],
      [layout.windowWidth]: task.size[1],
      [layout.windowKernelY]: kernel[0],
      [layout.windowKernelX]: kernel[1],
      [layout.windowStrideY]: stride[0],
      [layout.windowStrideX]: stride[1],
      [layout.windowPaddingY]: padding[0],
      [layout.windowPaddingX]: padding[1],
      [layout.windowDilationY]: dilation[0],
      [layout.windowDilationX]: dilation[1],
      [layout.windowRows]: task.outputSize[0],
      [layout.windowColumns]: task.outputSize[1],
    });
    this.#arena.get(output, to);
  }

  nnmf(task: NnmfTask): void {
    const { inputs, neurons, iterations, epsilon } = task;
    const x = asFloat32(task.x);
    const out = asFloat32(task.out);
    const padded = padToLanes(neurons);
    const rows = transposePadded(asFloat32(task.weights), neurons, inputs, padded);
    const block = layout.inferBlock;
    const scratch = block * ((inputs + lanes) * 8 + floatBytes + padded * floatBytes) + padded * floatBytes;
    this.#begin([x.byteLength, rows.byteLength, out.byteLength], scratch);
    const fields = {
      [layout.argInput]: this.#arena.put(x),
      [layout.argWeights]: this.#arena.put(rows),
      [layout.argOutput]: this.#arena.take(out.byteLength),
      [layout.nnmfIterations]: iterations,
      ...inferenceFields(task),
    };
    const floats = { [layout.nnmfEpsilon]: epsilon ?? Number.NaN };
    this.#run(layout.operationNnmf, countPieces(task), fields, scratch, floats);
    this.#arena.get(fields[layout.argOutput], out);
  }

  drawSpikes(task: DrawTask): Int32Array {
    const { batch, positions, spikeCount, inputs } = task;
    const x = asFloat32(task.x);
    const spikes = new Int32Array(batch * spikeCount * positions);
    const scratch = (spikeCount + lanes + inputs + layout.guideSize) * floatBytes;
    this.#begin([x.byteLength, spikes.byteLength], scratch);
    const shape = { ...task, neurons: 0 };
    const fields = {
      [layout.argInput]: this.#arena.put(x),
      [layout.sbsSpikes]: this.#arena.take(spikes.byteLength),
      [layout.sbsSpikeCount]: spikeCount,
      ...inferenceFields(shape),
      ...sourceFields(task.source),
    };
    this.#run(layout.operationDraw, countPieces(shape), fields, scratch);
    this.#arena.get(fields[layout.sbsSpikes], spikes);
    return spikes;
  }

  infer(task: InferTask): void {
    const { inputs, neurons, spikeCount, spikes } = task;
    const out = asFloat32(task.out);
    const padded = padToLanes(neurons);
    const weights = padRows(asFloat32(task.weights), inputs, neurons, padded);
    const initial = padRows(asFloat32(task.initial), 1, neurons, padded);
    const epsilonXY = asFloat32(task.epsilonXY);
    const epsilonT = asFloat32(task.epsilonT);
    const given = spikes instanceof Int32Array;
    const source = given ? spikes : asFloat32(task.x);
    const scratch =
      (spikeCount + lanes + padded * (layout.inferBlock + 1) + inputs + layout.guideSize) * floatBytes;
    const inputsOfJob = [weights, initial, epsilonXY, epsilonT, source];
    this.#begin([out.byteLength, ...inputsOfJob.map((array) => array.byteLength)], scratch);
    const fields = {
      [layout.argOutput]: this.#arena.take(out.byteLength),
      [layout.argWeights]: this.#arena.put(weights),
      [layout.sbsInitial]: this.#arena.put(initial),
      [layout.sbsEpsilonXY]: this.#arena.put(epsilonXY),
      [layout.sbsEpsilonT]: this.#arena.put(epsilonT),
      [layout.argInput]: 0,
      [layout.sbsSpikes]: 0,
      [given ? layout.sbsSpikes : layout.argInput]: this.#arena.put(source),
      [layout.sbsSpikeCount]: spikeCount,
      ...inferenceFields(task),
      ...(given ? {} : sourceFields(spikes)),
    };
    this.#run(layout.operationInfer, countPieces(task), fields, scratch);
    this.#arena.get(fields[layout.argOutput], out);
  }

  /** Begins a job whose scratch per thread follows its arrays. */
  #begin(sizes: readonly number[], scratch: number): void {
    this.#arena.begin([...sizes, alignScratch(scratch) * this.threads]);
  }

  #run(
    operation: number,
    pieces: number,
    fields: Readonly<Record<number, number>>,
    scratch = 0,
    floats: Readonly<Record<number, number>> = {},
  ): void {
    const scratchAddress = this.#arena.take(alignScratch(scratch) * this.threads);
    const job = this.#memory.record(this.#threads.job, layout.jobSize);
    for (const [offset, value] of Object.entries(fields)) job.setUint32(Number(offset), value, true);
    for (const [offset, value] of Object.entries(floats)) job.setFloat32(Number(offset), value, true);
    job.setUint32(layout.jobOperation, operation, true);
    job.setUint32(layout.jobPieces, pieces, true);
    job.setUint32(layout.jobScratch, scratchAddress, true);
    job.setUint32(layout.jobScratchBytes, alignScratch(scratch), true);
    this.#threads.run(pieces);
  }
}

function inferenceFields({ inputs, neurons, positions }: InferenceShape): Record<number, number> {
  return {
    [layout.inferInputs]: inputs,
    [layout.inferNeurons]: neurons,
    [layout.inferPadded]: padToLanes(neurons),
    [layout.inferPositions]: positions,
    [layout.inferBlocks]: Math.ceil(positions / layout.inferBlock),
  };
}

function sourceFields({ seed, purpose, item, element }: SpikeSource): Record<number, number> {
  const [low, high] = seedKey(seed);
  return {
    [layout.sbsSeedLow]: low,
    [layout.sbsSeedHigh]: high,
    [layout.sbsPurpose]: purposes[purpose],
    [layout.sbsItem]: item,
    [layout.sbsElement]: element,
  };
}

function countPieces({ batch, positions }: InferenceShape): number {
  return batch * Math.ceil(positions / layout.inferBlock);
}

function padToLanes(n: number): number {
  return Math.ceil(n / lanes) * lanes;
}

/** Threads do not share cache lines. */
function alignScratch(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}

function asFloat32(data: TensorData): Float32Array {
  return data instanceof Float32Array ? data : Float32Array.from(data);
}

/** Rows of `n` elements as rows of `width`, filled up with zeros. */
function padRows(data: Float32Array, rows: number, n: number, width: number): Float32Array {
  if (width === n) return data;
  const padded = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) padded.set(data.subarray(row * n, (row + 1) * n), row * width);
  return padded;
}

/** [rows, columns] as [columns, width], filled up with zeros. */
function transposePadded(data: Float32Array, rows: number, columns: number, width: number): Float32Array {
  const out = new Float32Array(columns * width);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) out[column * width + row] = data[row * columns + column];
  }
  return out;
}
