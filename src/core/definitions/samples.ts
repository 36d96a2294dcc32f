/**
 * How the samples of a minibatch share a variable, derived from the equations of one: what is the same for all of them counts once, and
 * what each of them adds is summed, or averaged, in their order.
 */
import { LocusError } from '../../errors.js';
import { apply, choose, type Graph, listNodes, type Meaning, toNode } from './graph.js';
import { givenNames } from './simplify.js';

/** What the samples add to each other: stands in the graph as what is given by this name. */
export interface SampleSum {
  readonly name: string;
  /** What one sample adds. Its node comes before that of the sum. */
  readonly node: number;
}

/** What `mean` multiplies sums by, given by this name: one over the number of samples. */
export const shareName = 'share@';

/** Whether a name is that of a sum; none in a text is. */
export function isSum(name: string): boolean {
  return name.startsWith('sum@');
}

const zero: Meaning = { known: 0 };

/** A graph of several samples. */
export class Samples {
  /** In the order in which they are needed. */
  readonly sums: SampleSum[] = [];
  readonly #own: boolean[] = [];

  /**
   * @param isOwn whether each sample has a value of its own of what is given by a name
   * @param share factor of a mean; null: sums
   */
  constructor(
    readonly graph: Graph,
    private readonly isOwn: (name: string) => boolean,
    private readonly share: Meaning | null = null,
  ) {}

  /** Whether a value is the same for all samples. */
  isShared(meaning: Meaning): boolean {
    return 'known' in meaning || !this.#isOwn(meaning.node);
  }

  /** Names of the sums that values are computed from, and those that these need. */
  sumsOf(nodes: Iterable<number>): Set<string> {
    const found = new Set<string>();
    const wanted = [...nodes];
    for (const name of givenNames(this.graph, wanted)) {
      const sum = this.sums.find((each) => each.name === name);
      if (!sum) continue;
      found.add(name);
      for (const earlier of this.sumsOf([sum.node])) found.add(earlier);
    }
    return found;
  }

  /**
   * What an assignment makes of a variable that the samples share; null where that does not follow: the value is neither the same for all
   * nor the variable plus, or minus, something.
   *
   * @param condition where the assignment is made; null: by every sample, so that what is the same for all counts once
   */
  assign(before: Meaning, after: Meaning, condition: Meaning | null): Meaning | null {
    if (condition === null && this.isShared(after)) return after;
    return this.#collect(before, after, condition);
  }

  /** A sum that begins with the variable: terms that are the same for all count once, those of the samples are summed. */
  #collect(before: Meaning, after: Meaning, condition: Meaning | null): Meaning | null {
    if (this.#isStart(before, after, condition)) return after;
    const node = 'node' in after ? this.graph.nodes[after.node] : undefined;
    if (node?.kind !== 'operation' || (node.operation !== '+' && node.operation !== '-')) return null;
    const { operation } = node;
    const [left, right] = node.operands.map((each): Meaning => ({ node: each }));
    const first = this.#collect(before, left, condition);
    const second = first || operation === '-' ? null : this.#collect(before, right, condition);
    const start = first ?? second;
    if (!start) return null;
    const join = (term: Meaning) => apply(this.graph, operation, first ? [start, term] : [term, start]);
    const term = first ? right : left;
    if (condition === null && this.isShared(term)) return join(term);
    const known = this.sums.length;
    const added = join(this.#reduce(term, condition));
    // Where no sample adds anything, not even a zero changes its sign.
    const isAdded = this.sums
      .slice(known)
      .map(({ name }) => apply(this.graph, '!=', [{ node: this.graph.given(name) }, zero]))
      .reduce((one, other) => apply(this.graph, 'or', [one, other]));
    return choose(this.graph, isAdded, added, start);
  }

  /** Whether a sum may begin with a value: the variable itself, or for every sample the same of it, such as its decay. */
  #isStart(before: Meaning, value: Meaning, condition: Meaning | null): boolean {
    const variable = toNode(this.graph, before);
    const node = toNode(this.graph, value);
    if (node === variable) return true;
    return condition === null && this.isShared(value) && listNodes(this.graph, [node]).has(variable);
  }

  /**
   * The sum of a term over the samples. What is the same for all is taken out of it, but for the factor of a bare variable: a sample adds
   * products, not variables.
   */
  #reduce(term: Meaning, condition: Meaning | null): Meaning {
    if (this.isShared(term)) return apply(this.graph, '*', [term, this.#add({ known: 1 }, condition)]);
    const node = this.graph.nodes[toNode(this.graph, term)];
    if (node.kind !== 'operation') return this.#add(term, condition);
    const { operation } = node;
    const operands = node.operands.map((each): Meaning => ({ node: each }));
    const [left, right = left] = operands;
    const isProduct = (each: Meaning) =>
      !this.isShared(each) && this.graph.nodes[toNode(this.graph, each)].kind === 'operation';
    switch (operation) {
      case 'negate':
        return apply(this.graph, operation, [this.#reduce(left, condition)]);
      case '+':
      case '-':
        if (operands.some((each) => this.isShared(each))) break;
        return apply(this.graph, operation, [this.#reduce(left, condition), this.#reduce(right, condition)]);
      case '*':
        if (this.isShared(left) && isProduct(right))
          return apply(this.graph, operation, [left, this.#reduce(right, condition)]);
        if (this.isShared(right) && isProduct(left))
          return apply(this.graph, operation, [this.#reduce(left, condition), right]);
        break;
      case '/':
        if (this.isShared(right) && isProduct(left))
          return apply(this.graph, operation, [this.#reduce(left, condition), right]);
        break;
      default:
    }
    return this.#add(term, condition);
  }

  #add(term: Meaning, condition: Meaning | null): Meaning {
    const { graph, share } = this;
    const node = toNode(graph, condition === null ? term : choose(graph, condition, term, zero));
    const name = `sum@${this.sums.length}`;
    this.sums.push({ name, node });
    const sum: Meaning = { node: graph.given(name) };
    return share ? apply(graph, '*', [sum, share]) : sum;
  }

  #isOwn(node: number): boolean {
    const known = this.#own[node];
    if (known !== undefined) return known;
    const each = this.graph.nodes[node];
    const found =
      each.kind === 'given'
        ? each.name !== shareName &&
          !this.sums.some(({ name }) => name === each.name) &&
          this.isOwn(each.name)
        : each.kind === 'operation' && each.operands.some((operand) => this.#isOwn(operand));
    this.#own[node] = found;
    return found;
  }
}

/** The error of a variable that the samples cannot share. */
export function cannotShare(place: string, variable: string): LocusError {
  return new LocusError(
    'INVALID_ARGUMENT',
    `${place}: expected, in a minibatch (batchSize > 1), what all of its images can make together of ${variable}, which they share: the same for each, or ${variable} plus, or minus, what each of them adds`,
  );
}
