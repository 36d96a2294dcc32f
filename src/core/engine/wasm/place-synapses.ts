/** Lays the synapse model of a connection out in memory as the records that the kernels read. */
import type { SynapseProgram } from '../../network/program.js';
import { synapseDrawKey } from '../../random/draws.js';
import type { WasmMemory } from '../../wasm/wasm-memory.js';
import * as layout from './assembly/layout.js';
import type { SynapseArray, SynapsePlan } from './emit-synapses.js';
import { padToVector } from './pad-to-vector.js';
import { bitsOf, padRows, type RuleEnd, type VariablePlace } from './place-rules.js';

/** What all shards share of a synapse model. */
export interface SharedSynapse {
  /** Address of the mask of synapses, arranged as the weights; 0 where all are synapses. */
  readonly mask: number;
  /** Addresses of the parameters of every synapse, by their values. */
  readonly parameters: ReadonlyMap<ArrayLike<number>, number>;
}

export interface PlacedSynapse {
  readonly variables: ReadonlyMap<string, VariablePlace>;
  /** First row of the connection that the shard has. */
  readonly firstRow: number;
  /** Of its record. */
  readonly address: number;
}

interface SynapsePlaces {
  readonly plan: SynapsePlan;
  readonly shared: SharedSynapse;
  readonly seed: number;
  /** Number of the connection. */
  readonly index: number;
  readonly weights: number;
  readonly firstRow: number;
  readonly nRows: number;
  /** Number of the model's first kernel. */
  readonly firstKernel: number;
  readonly source: RuleEnd;
  readonly target: RuleEnd;
  /** Engine index of every source of the shard; beyond the layer: padding. */
  readonly sources: ArrayLike<number>;
  /** Scratch offset of the target's input. */
  readonly input: number;
  readonly reserve: (bytes: number) => number;
}

/** Writes the record of a synapse model and what it names. */
export function placeSynapse(
  memory: WasmMemory,
  connection: SynapseProgram,
  places: SynapsePlaces,
): PlacedSynapse {
  const { plan, shared, reserve, firstRow, nRows, source, target, sources } = places;
  const rowBytes = 4 * padToVector(connection.wiring.fanOut.rowLength);
  const firstByte = firstRow * rowBytes;
  const bytesOf = { source: 4 * source.size, synapse: nRows * rowBytes };
  /** Values of the shard's sources or synapses. */
  const arrange = (of: 'source' | 'synapse', values: ArrayLike<number>): Float32Array => {
    if (of === 'source') return Float32Array.from({ length: source.size }, (_, i) => values[sources[i]] ?? 0);
    return padRows(connection, values).subarray(firstByte / 4, (firstByte + bytesOf.synapse) / 4);
  };
  const variables = new Map<string, VariablePlace>();
  const states = [...plan.synapse.state].flatMap(([name, { of, initial }]) => {
    const [base, bytes] = [reserve(bytesOf[of]), bytesOf[of]];
    variables.set(name, { isShared: false, base, bytes });
    if (typeof initial === 'number') return [base, bytes, 0, bitsOf(initial)];
    return [base, bytes, memory.place(arrange(of, initial)), 0];
  });
  const draws = plan.synapse.draws.map(() => reserve(rowBytes));
  const locate = (array: SynapseArray): readonly [isShared: number, base: number] => {
    switch (array.kind) {
      case 'weights':
        return [1, places.weights + firstByte];
      case 'mask':
        return [1, shared.mask + firstByte];
      case 'input':
        return [0, places.input];
      case 'state':
        return [0, (variables.get(array.name) as VariablePlace).base];
      case 'passed':
        return [0, reserve(bytesOf.source)];
      case 'neuron':
        return [0, (array.of === 'source' ? source : target).variables[array.variable]];
      case 'draw':
        return [0, draws[array.call]];
      default:
        return array.of === 'synapse'
          ? [1, (shared.parameters.get(array.values) as number) + firstByte]
          : [1, memory.place(arrange('source', array.values))];
    }
  };
  const arrays = plan.arrays.flatMap(locate);
  const list = (words: readonly number[]) => memory.place(Uint32Array.from(words));
  const describeDraws = (calls: readonly number[]) =>
    calls.flatMap((call) => {
      const isNormal = plan.synapse.draws[call].distribution === 'normal';
      return [draws[call], isNormal ? 1 : 0, ...synapseDrawKey(places.seed, places.index, call)];
    });
  const number = (kernel: number | null) => (kernel === null ? -1 : places.firstKernel + kernel);
  const passes = plan.passes.flatMap(({ sources: ofSources, rows }, index) => {
    const { over, draws: calls } = plan.synapse.passes[index];
    return [
      over === 'spiking' ? 1 : 0,
      number(ofSources),
      number(rows),
      list(describeDraws(calls)),
      calls.length,
    ];
  });
  const address = memory.allocate(layout.modelRecordSize);
  const view = memory.record(address, layout.modelRecordSize);
  for (const [field, value] of [
    [layout.modelArrays, list(arrays)],
    [layout.modelArrayCount, plan.arrays.length],
    [layout.modelAddresses, reserve(4 * plan.arrays.length)],
    [layout.modelStates, list(states)],
    [layout.modelStateCount, states.length / 4],
    [layout.modelEntries, reserve(layout.entrySize * layout.mostEntries)],
    [layout.modelPasses, list(passes)],
    [layout.modelPassCount, plan.passes.length],
    [layout.modelFirstRow, firstRow],
  ] as const) {
    view.setUint32(field, value, true);
  }
  return { address, variables, firstRow };
}
