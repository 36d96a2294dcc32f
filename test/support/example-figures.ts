/** The example of every figure by the function that draws it: what snapshots hold and a real browser draws. */
import type { Figure } from '../../src/figures/index.js';
import * as registry from '../../src/figures/registry.js';

export const exampleFigures = Object.fromEntries(
  Object.entries(registry).map(([method, { definition }]) => [method, definition.example]),
) as Record<keyof typeof registry, () => Figure>;
