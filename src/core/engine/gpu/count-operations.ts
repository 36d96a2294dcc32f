/** How many operations a kernel prints. */
import type { Graph } from '../../definitions/graph.js';

/** Operations of a graph, counted again for each result that they decide. */
export function countOperations({ nodes }: Graph, results: Iterable<number>): number {
  const count = (result: number): number => {
    const seen = new Set<number>();
    const visit = (index: number): number => {
      const node = nodes[index];
      if (node.kind !== 'operation' || seen.has(index)) return 0;
      seen.add(index);
      return node.operands.reduce((sum, operand) => sum + visit(operand), 1);
    };
    return visit(result);
  };
  return [...results].reduce((sum, result) => sum + count(result), 0);
}
