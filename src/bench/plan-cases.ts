/** Which networks are measured on which engines, with how many threads. */
import type { NetworkType, SnnParameters } from '../models/index.js';

/** One network on one engine. */
export interface BenchCase {
  readonly engine: string;
  readonly threads: number;
  readonly model: NetworkType;
  readonly parameters: Partial<SnnParameters> & { readonly nFilters: number };
  /** Images of one measurement. */
  readonly images: number;
}

/** What is left out is measured as usual. */
export interface BenchSelection {
  readonly models?: readonly NetworkType[];
  readonly filters?: readonly number[];
  readonly kernelSize?: number;
  readonly engines?: readonly string[];
  readonly threads?: readonly number[];
  readonly images?: number;
  readonly seed?: number;
}

const usualFilters: Readonly<Record<NetworkType, readonly number[]>> = {
  LC_SNN: [25, 100, 1000],
  C_SNN: [25, 100],
  FC_SNN: [100],
};

const usualImages = 1000;
/** The reference engine takes about so many times as long. */
const referenceSlowness = 100;

export function planCases(selection: BenchSelection): BenchCase[] {
  const {
    models = ['LC_SNN', 'C_SNN', 'FC_SNN'],
    threads = [1, 2],
    engines = ['wasm', 'reference'],
  } = selection;
  return models.flatMap((model) =>
    (selection.filters ?? usualFilters[model]).flatMap((nFilters) =>
      engines
        .filter((engine) => selection.engines || engine !== 'reference' || isUsualReference(model, nFilters))
        .flatMap((engine) =>
          // The reference engine knows no threads.
          (engine === 'reference' ? [1] : threads).map((count) => ({
            engine,
            threads: count,
            model,
            parameters: benchParameters(model, nFilters, selection),
            images: selection.images ?? countImages(engine, nFilters),
          })),
        ),
    ),
  );
}

function isUsualReference(model: NetworkType, nFilters: number): boolean {
  return model === 'LC_SNN' && nFilters === 25;
}

function countImages(engine: string, nFilters: number): number {
  const images = usualImages * Math.min(1, 100 / nFilters);
  return Math.max(10, Math.round(engine === 'reference' ? images / referenceSlowness : images));
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
