/** Random expressions of the grammar of equations. */
import fc from 'fast-check';

/** An expression over the given names. */
export function expressions(names: readonly string[]): fc.Arbitrary<string> {
  const { expression } = fc.letrec<{ expression: string }>((tie) => {
    const part = tie('expression');
    const join = (operators: readonly string[]) =>
      fc
        .tuple(part, fc.constantFrom(...operators), part)
        .map(([a, operator, b]) => `(${a} ${operator} ${b})`);
    return {
      expression: fc.oneof(
        { maxDepth: 4, depthSize: 'small' },
        fc.constantFrom(...names),
        fc.integer({ min: -999, max: 999 }).map((n) => `(${n / 64})`),
        join(['+', '-', '*', '/']),
        join(['<', '<=', '>', '>=', '==', '!=']),
        join(['&&', '||']),
        fc.tuple(part, part, part).map(([test, yes, no]) => `(${test} ? ${yes} : ${no})`),
        part.map((a) => `(-(${a}))`),
        part.map((a) => `(!${a})`),
        fc.tuple(fc.constantFrom('exp', 'log', 'sqrt', 'abs', 'floor'), part).map(([f, a]) => `${f}(${a})`),
        fc.tuple(fc.constantFrom('min', 'max'), part, part).map(([f, a, b]) => `${f}(${a}, ${b})`),
        fc.tuple(part, part, part).map(([a, b, c]) => `clip(${a}, ${b}, ${c})`),
        fc.tuple(part, fc.integer({ min: 1, max: 4 })).map(([a, n]) => `pow(${a}, ${n})`),
      ),
    };
  });
  return expression;
}
