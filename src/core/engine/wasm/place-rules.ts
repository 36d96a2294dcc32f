/** Lays compiled rules out in memory as the records that the kernels read. */
import type { CompiledTrace } from '../../definitions/rule-graph.js';
import type { SynapseProgram } from '../../network/program.js';
import type { WasmMemory } from '../../wasm/wasm-memory.js';
import * as layout from './assembly/layout.js';
import type { RuleArray, RulePlan } from './emit-rules.js';
import { learnsSingly, placeSingle } from './place-single.js';
import { rowStride } from './row-stride.js';

/** What all shards share of a rule. */
export interface SharedRule {
  /** Addresses of the state of synapses that outlives an image, by name. */
  readonly persistent: ReadonlyMap<string, number>;
  /** Addresses of the parameters of every synapse, in the order of the plan. */
  readonly parameters: readonly number[];
}

/** Where a variable of a rule or synapse model lies. */
export interface VariablePlace {
  readonly isShared: boolean;
  /** An address, or a scratch offset. */
  readonly base: number;
  readonly bytes: number;
}

export interface PlacedRule {
  /** Traces and state of synapses. */
  readonly variables: ReadonlyMap<string, VariablePlace>;
  /** First row of the connection that the shard has. */
  readonly firstRow: number;
  /** Of its record. */
  readonly address: number;
  /** Traces that are made from the step of the last spike when they are read, and the addresses of their records. */
  readonly lazyTraces: readonly { readonly trace: CompiledTrace; readonly record: number }[];
}

/** One end of a connection in a shard. */
export interface RuleEnd {
  /** Neurons in memory. */
  readonly size: number;
  readonly positions: number;
  /** Scratch offsets of the layer's variables. */
  readonly variables: Readonly<Record<string, number>>;
}

interface RulePlaces {
  readonly plan: RulePlan;
  readonly shared: SharedRule;
  /** Scratch offsets of the signals' values, by name. */
  readonly signals: ReadonlyMap<string, number>;
  readonly weights: number;
  readonly firstRow: number;
  readonly nRows: number;
  /** Number of the rule's first kernel. */
  readonly firstKernel: number;
  readonly nSources: number;
  readonly source: RuleEnd;
  readonly target: RuleEnd;
  readonly reserve: (bytes: number) => number;
}

/** Writes the record of a rule and what it names; returns its address and where its variables lie. */
export function placeRule(memory: WasmMemory, connection: SynapseProgram, places: RulePlaces): PlacedRule {
  const { plan, shared, reserve, firstRow, nRows, source, target } = places;
  const { rule } = plan;
  const rowBytes = 4 * rowStride(connection.wiring);
  const firstByte = firstRow * rowBytes;
  const variables = new Map<string, VariablePlace>();
  const traces = rule.traces.flatMap((trace) => {
    const bytes = 4 * (trace.of === 'source' ? source : target).size;
    const values = reserve(bytes);
    variables.set(trace.name, { isShared: false, base: values, bytes });
    const seen = trace.readsBefore ? reserve(bytes) : values;
    const side = trace.of === 'source' ? 0 : 1;
    return [side, values, seen, bytes, bitsOf(trace.decay), bitsOf(trace.scale), trace.adds ? 1 : 0, 0];
  });
  const seen = new Map(rule.traces.map(({ name }, index) => [name, traces[8 * index + 2]]));
  const states = [...rule.synapse].flatMap(([name, initial]) => {
    const bytes = nRows * rowBytes;
    const outliving = shared.persistent.get(name);
    if (outliving !== undefined) {
      variables.set(name, { isShared: true, base: outliving + firstByte, bytes });
      return [];
    }
    const base = reserve(bytes);
    variables.set(name, { isShared: false, base, bytes });
    if (typeof initial === 'number') return [base, bytes, 0, bitsOf(initial)];
    const own = padRows(connection, initial).subarray(firstByte / 4, (firstByte + bytes) / 4);
    return [base, bytes, memory.place(own), 0];
  });
  // Whole numbers that a reset clears: for each synapse, and the one that the connection has, of which a vector holds four.
  const counts = (bytes: number) => {
    const base = reserve(bytes);
    states.push(base, bytes, 0, 0);
    return base;
  };
  const [made, learned] = plan.isLazy ? [counts(nRows * rowBytes), counts(16)] : [0, 0];
  let parameters = 0;
  const locate = (array: RuleArray): readonly [isShared: number, base: number] => {
    switch (array.kind) {
      case 'synapse': {
        if (array.name === 'w') return [1, places.weights + firstByte];
        const { isShared, base } = variables.get(array.name) as VariablePlace;
        return [isShared ? 1 : 0, base];
      }
      case 'parameter':
        return [1, shared.parameters[parameters++] + firstByte];
      case 'trace':
        return [0, seen.get(array.name) as number];
      case 'neuron':
        return [0, (array.of === 'source' ? source : target).variables[array.variable]];
      case 'learned':
        return [0, learned];
      case 'made':
        return [0, made];
      default:
        return [0, places.signals.get(array.name) as number];
    }
  };
  const located = plan.arrays.map((array) => {
    const [isShared, base] = locate(array);
    return { array, isShared, base };
  });
  const single = learnsSingly(connection)
    ? placeSingle(memory, connection, located, { sources: source.size, reserve })
    : null;
  const arrays = single?.kernelArrays.flat() ?? located.flatMap(({ isShared, base }) => [isShared, base]);
  const visits = { never: 0, active: 1, both: 1, always: 2 } as const;
  const groupSizes = plan.groups.flatMap((group) =>
    group.map((_, index) => (index === 0 ? group.length : 0)),
  );
  const passes = plan.passes.flatMap((pass, index) => [
    places.firstKernel + plan.variants * index,
    visits[pass.idle],
    visits[pass.source],
    visits[pass.target],
    pass.ofWeight ? 1 : 0,
    pass.forAll ? 1 : 0,
    groupSizes[index],
  ]);
  const address = memory.allocate(layout.ruleRecordSize);
  const traceRecords = memory.place(Uint32Array.from(traces));
  const list = (words: readonly number[]) => memory.place(Uint32Array.from(words));
  const fields: readonly (readonly [field: number, value: number])[] = [
    [layout.ruleTraces, traceRecords],
    [layout.ruleTraceCount, rule.traces.length],
    [layout.ruleArrays, list(arrays)],
    [layout.ruleArrayCount, plan.arrays.length],
    [layout.ruleStates, list(states)],
    [layout.ruleStateCount, states.length / 4],
    [layout.rulePasses, list(passes)],
    [layout.rulePassCount, plan.passes.length],
    [layout.ruleAddresses, reserve(4 * plan.arrays.length)],
    [layout.ruleTargetSpikes, reserve(4 * target.size)],
    [layout.ruleBlockCounts, reserve(4 * target.positions)],
    [layout.ruleBlocks, reserve(target.size)],
    [layout.ruleIsShared, plan.isShared ? 1 : 0],
    [layout.ruleIsSummed, plan.rule.isSummed ? 1 : 0],
    [layout.ruleSourceCount, places.nSources],
    [layout.ruleTargetActive, reserve(4 * target.size)],
    [layout.ruleActiveCounts, reserve(4 * target.positions)],
    [layout.ruleActiveBlocks, reserve(target.size)],
    [layout.ruleEntries, reserve(layout.entrySize * layout.mostEntries)],
    [layout.ruleSingle, single?.address ?? 0],
    [layout.ruleIsSetByHand, 0],
    [layout.ruleLearned, learned],
    [layout.ruleOutlives, plan.isLazy && rule.persistent.length > 0 ? 1 : 0],
    [layout.ruleIsIdle, plan.passes.some(({ idle }) => idle !== 'never') ? 1 : 0],
  ];
  const view = memory.record(address, layout.ruleRecordSize);
  for (const [field, value] of fields) view.setUint32(field, value, true);
  const lazyTraces = rule.traces.flatMap((trace, index) =>
    !single && isLazy(trace) ? [{ trace, record: traceRecords + index * layout.traceRecordSize }] : [],
  );
  return { address, variables, firstRow, lazyTraces };
}

/** Whether a trace is known from the step of its neuron's last spike. */
function isLazy({ of, adds, readsBefore }: CompiledTrace): boolean {
  return of === 'source' && !adds && !readsBefore;
}

/** Values of all synapses of a connection in rows that are padded to whole vectors. */
export function padRows({ wiring }: SynapseProgram, values: number | ArrayLike<number>): Float32Array {
  const { nRows, rowLength } = wiring.fanOut;
  const padded = rowStride(wiring);
  const rows = new Float32Array(nRows * padded);
  if (typeof values === 'number') return rows.fill(values);
  for (let row = 0; row < nRows; row++) {
    for (let k = 0; k < rowLength; k++) rows[row * padded + k] = values[row * rowLength + k];
  }
  return rows;
}

/** The bits of a float32, which records keep among whole numbers. */
export function bitsOf(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0];
}
