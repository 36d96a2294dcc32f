/** Emits what a lazy visit does first: it repeats in registers, for four synapses, the steps since their last visit. */
import type { Graph, GraphNode } from '../../definitions/graph.js';
import type { SynapseGraph } from '../../definitions/rule-passes.js';
import { type FunctionBytes, v128 } from '../../wasm/module-bytes.js';
import { NodeEmitter } from './emit-nodes.js';

/** Puts four values of an array on the stack: of a node that is given, or a constant of every synapse. */
export type LoadNode = (node: GraphNode) => void;

export class RepeatEmitter {
  /** Locals of the state that the repeated steps change, by name. */
  readonly state: ReadonlyMap<string, number>;
  readonly #nodes: Graph['nodes'];
  readonly #values: readonly number[];
  /** Nodes that differ from one repeated step to the next. */
  readonly #changing: readonly boolean[];

  constructor(
    private readonly code: FunctionBytes,
    private readonly step: SynapseGraph,
  ) {
    this.#nodes = step.graph.nodes;
    this.state = new Map([...step.results.keys()].map((name) => [name, code.local(v128)]));
    this.#values = this.#nodes.map(
      (node) => (node.kind === 'given' ? this.state.get(node.name) : undefined) ?? code.local(v128),
    );
    const changing: boolean[] = [];
    for (const node of this.#nodes) {
      changing.push(
        node.kind === 'given'
          ? this.state.has(node.name)
          : node.kind === 'operation' && node.operands.some((each) => changing[each]),
      );
    }
    this.#changing = changing;
  }

  /**
   * Emits the repetition from the state in its locals.
   *
   * @param missing local of the number of steps that each synapse has to repeat: whole numbers, none for 0 or less
   */
  emit(missing: number, load: LoadNode): void {
    const { code } = this;
    const [pending, changed] = [code.local(v128), code.local(v128)];
    const isAny = () =>
      code
        .get(missing)
        .splatI32(0)
        .vector('i32x4.gt_s')
        .set(pending)
        .get(pending)
        .get(changed)
        .vector('v128.and')
        .vector('v128.any_true');
    code.splatI32(-1).set(changed);
    isAny().if();
    this.#emitNodes(false, load);
    code.loop();
    this.#emitNodes(true, load);
    code.splatI32(0).set(changed);
    for (const [local, next] of this.#results()) {
      code.get(next).get(local).vector('v128.xor').get(changed).vector('v128.or').set(changed);
      code.get(next).get(local).get(pending).vector('v128.bitselect').set(local);
    }
    code.get(missing).splatI32(-1).vector('i32x4.add').set(missing);
    // Nor is a step repeated that has left every bit: all others would.
    isAny().again().end();
  }

  #emitNodes(changing: boolean, load: LoadNode): void {
    const emitter = new NodeEmitter(this.code, this.#nodes, this.#values);
    this.#nodes.forEach((node, index) => {
      if (this.#changing[index] !== changing || (node.kind === 'given' && changing)) return;
      if (node.kind === 'operation') emitter.emit(node, this.#values[index]);
      else {
        load(node);
        this.code.set(this.#values[index]);
      }
    });
  }

  /** Locals of the state, and of what a step makes of it: all computed before any is assigned. */
  #results(): [local: number, next: number][] {
    const { code } = this;
    const emitter = new NodeEmitter(code, this.#nodes, this.#values);
    return [...this.step.results].map(([name, node]) => {
      const next = code.local(v128);
      emitter.number(node);
      code.set(next);
      return [this.state.get(name) as number, next];
    });
  }
}
