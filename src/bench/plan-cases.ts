/** Which networks are measured on which engines, with how many threads. */
import type { NetworkType, SnnParameters } from '../kinds/snn/index.js';
import { networkTypes } from '../published-networks.js';

/** One network on one engine. */
export interface BenchCase {
  readonly engine: string;
  readonly threads: number;
  /** Images at the same time: evaluated together, or learning together. */
  readonly batch: number;
  readonly model: NetworkType;
  readonly parameters: Partial<SnnParameters> & { readonly nFilters: number };
  /** Name of a stored network to measure a copy of, instead of an untrained one. */
  readonly stored?: string;
  /** Images of one measurement; 0: not measured. */
  readonly images: { readonly train: number; readonly evaluate: number };
}

/** Engines that simulate many images at the same time. */
export const gpuEngineNames: readonly string[] = ['gpu', 'gpu-webasm'];

/** What is left out is measured as usual. */
export interface BenchSelection {
  readonly models?: readonly NetworkType[];
  readonly filters?: readonly number[];
  readonly kernelSize?: number;
  readonly engines?: readonly string[];
  readonly threads?: readonly number[];
  /** Images at the same time, of engines that can. */
  readonly batches?: readonly number[];
  readonly images?: number;
  readonly seed?: number;
  /** A stored network, instead of models and filters. */
  readonly stored?: {
    readonly name: string;
    readonly model: NetworkType;
    readonly parameters: SnnParameters;
  };
}

const usualFilters: Readonly<Record<NetworkType, readonly number[]>> = {
  LC_SNN: [25, 100, 1000],
  C_SNN: [25, 100],
  FC_SNN: [100],
};

const usualImages = 1000;
const usualBatches = [1, 16, 64];
/** Images that a GPU engine learns from in a measurement, at least, and the largest minibatch that is usually measured. */
const gpuTraining = { images: 2, largestBatch: 16 };
/** The reference engine takes about so many times as long. */
const referenceSlowness = 100;

export function planCases(selection: BenchSelection): BenchCase[] {
  const { engines = ['wasm', 'reference'], stored } = selection;
  return listNetworks(selection).flatMap(({ model, parameters }) =>
    engines
      .filter(
        (engine) =>
          selection.engines || engine !== 'reference' || isUsualReference(model, parameters.nFilters),
      )
      .flatMap((engine) =>
        listSettings(engine, selection).map(({ threads, batch }) => ({
          engine,
          threads,
          batch,
          model,
          parameters,
          stored: stored?.name,
          images: countImages(engine, parameters.nFilters, batch, selection.images),
        })),
      ),
  );
}

function listNetworks(selection: BenchSelection): Pick<BenchCase, 'model' | 'parameters'>[] {
  if (selection.stored) return [selection.stored];
  const { models = networkTypes, filters } = selection;
  return models.flatMap((model) =>
    (filters ?? usualFilters[model]).map((nFilters) => ({
      model,
      parameters: benchParameters(model, nFilters, selection),
    })),
  );
}

/** The reference engine knows no threads, a GPU has its own; others take one image after the other. */
function listSettings(
  engine: string,
  { threads = [1, 2], batches = usualBatches }: BenchSelection,
): Pick<BenchCase, 'threads' | 'batch'>[] {
  if (engine === 'reference' || engine === 'gpu') {
    return (engine === 'gpu' ? batches : [1]).map((batch) => ({ threads: 1, batch }));
  }
  return threads.flatMap((count) =>
    (gpuEngineNames.includes(engine) ? batches : [1]).map((batch) => ({ threads: count, batch })),
  );
}

function isUsualReference(model: NetworkType, nFilters: number): boolean {
  return model === 'LC_SNN' && nFilters === 25;
}

function countImages(
  engine: string,
  nFilters: number,
  batch: number,
  asked: number | undefined,
): BenchCase['images'] {
  // Whole batches, so that all that is measured is of the size that it is said to be.
  const whole = (images: number) => Math.ceil(images / batch) * batch;
  if (asked !== undefined) return { train: whole(asked), evaluate: whole(asked) };
  if (gpuEngineNames.includes(engine)) {
    const train = batch <= gpuTraining.largestBatch ? whole(gpuTraining.images) : 0;
    return { train, evaluate: whole(Math.max(...usualBatches)) };
  }
  const usual = usualImages * Math.min(1, 100 / nFilters);
  const images = Math.max(10, Math.round(engine === 'reference' ? usual / referenceSlowness : usual));
  return { train: images, evaluate: images };
}

/** Good settings of the original: they decide how often neurons spike, and so how much there is to compute. */
function benchParameters(
  model: NetworkType,
  nFilters: number,
  { kernelSize = 12, seed = 0 }: BenchSelection,
): BenchCase['parameters'] {
  if (model === 'FC_SNN') return { nFilters, seed, meanWeight: 0.3, cW: -80 };
  if (model === 'C_SNN')
    return { nFilters, seed, kernelSize, meanWeight: 0.5, cW: nFilters < 50 ? -80 : -110 };
  if (nFilters < 50) return { nFilters, seed, kernelSize, meanWeight: 0.46, cW: -127 };
  return { nFilters, seed, kernelSize, meanWeight: nFilters < 500 ? 0.32 : 0.2, cW: -50 };
}
