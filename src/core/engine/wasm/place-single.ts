/** Lays out rules of single synapses: of sparse connections, and of connections with a delay for each. */
import { boundsOf, lagOf } from '../../network/delays.js';
import type { SynapseProgram } from '../../network/program.js';
import type { WasmMemory } from '../../wasm/wasm-memory.js';
import * as layout from './assembly/layout.js';
import type { RuleArray } from './emit-rules.js';

/** Whether a connection's rule visits synapses one by one, and not in rows. */
export function learnsSingly({ compiledRule, wiring, delay }: SynapseProgram): boolean {
  return compiledRule !== null && (wiring.isSparse === true || typeof delay !== 'number');
}

/** An array of the rule, and where its values lie. */
export interface LocatedArray {
  readonly array: RuleArray;
  /** 1: `base` is an address; 0: a scratch offset. */
  readonly isShared: number;
  readonly base: number;
}

interface SinglePlaces {
  /** Neurons of the source in memory. */
  readonly sources: number;
  readonly reserve: (bytes: number) => number;
}

/** An array as the table of the kernels is to name it: gathered values, or one for all. */
export type KernelArray = readonly [isShared: number, base: number];

/** Writes what gathers the arrays of single synapses; returns its address, and the arrays of the kernels. */
export function placeSingle(
  memory: WasmMemory,
  { delay }: SynapseProgram,
  arrays: readonly LocatedArray[],
  { sources, reserve }: SinglePlaces,
): { readonly address: number; readonly kernelArrays: readonly KernelArray[] } {
  const steps = lagOf(typeof delay === 'number' ? 1 : boundsOf(delay)[1]) + 1;
  const kernelArrays: KernelArray[] = [];
  const gathered = arrays.flatMap(({ array, isShared, base }) => {
    if (array.kind === 'signal') {
      kernelArrays.push([isShared, base]);
      return [];
    }
    const values = reserve(4 * layout.mostSingle);
    kernelArrays.push([0, values]);
    const of = indexOf(array);
    const past = of === layout.gatherSource ? reserve(4 * sources * steps) : 0;
    return [[of, isShared, base, values, past, array.kind === 'synapse' ? 1 : 0]];
  });
  const list = memory.place(Uint32Array.from(gathered.flat()));
  const address = memory.allocate(layout.singleRecordSize);
  const view = memory.record(address, layout.singleRecordSize);
  for (const [field, value] of [
    [layout.singleArrays, list],
    [layout.singleArrayCount, gathered.length],
    [layout.singleSteps, steps],
    [layout.singleFirst, reserve(4 * sources)],
    [layout.singleMarks, reserve(sources * steps)],
    [layout.singleWaiting, reserve(4 * layout.mostSingle * layout.waitingSize)],
    [layout.singleEntry, reserve(layout.entrySize)],
  ] as const) {
    view.setUint32(field, value, true);
  }
  return { address, kernelArrays };
}

function indexOf(array: RuleArray): number {
  if (!('of' in array)) return layout.gatherSynapse;
  return array.of === 'source' ? layout.gatherSource : layout.gatherTarget;
}
