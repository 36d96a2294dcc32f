/** Equations as LaTeX, for pages that typeset them. */
import type { Assignment, BinaryOperator, Expression } from './tree.js';

const greek = new Set(
  'alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi rho sigma tau phi chi psi omega'.split(
    ' ',
  ),
);

/** How tightly operators bind; what binds less tightly than its surroundings is put in parentheses. */
const binding: Readonly<Record<BinaryOperator, number>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 7,
};
const ofChoice = 0;
const ofUnary = 5;
const ofFraction = 7;
const ofAtom = 8;

/** Operators but those of products. No backslash stands before punctuation, which Markdown would take for an escape. */
const symbols: Readonly<Record<Exclude<BinaryOperator, '*' | '/'>, string>> = {
  '||': '\\vee',
  '&&': '\\wedge',
  '==': '=',
  '!=': '\\ne',
  '<': '\\lt',
  '<=': '\\le',
  '>': '\\gt',
  '>=': '\\ge',
  '+': '+',
  '-': '-',
};

interface Printed {
  readonly text: string;
  readonly binds: number;
}

/** `\tau_{\mathrm{decay}} v`: a product without a sign, Greek letters by their names, `tc…` as time constants. */
export function printLatex(expression: Expression): string {
  return print(expression).text;
}

/** `v \leftarrow v + \mathrm{input}` */
export function printAssignment({ target, value }: Assignment): string {
  return `${printName(target)} \\leftarrow ${printLatex(value)}`;
}

/** `thetaPlus` is θ with the subscript plus, `a2Minus` a with 2 and minus, `tcDecay` τ with decay; other words stay upright. */
export function printName(name: string): string {
  if (name === 'dt') return '\\Delta t';
  const [, head, digits, rest] = /^([a-z]+|[A-Z])(\d*)([A-Z]\w*)?$/.exec(name) ?? [];
  const letter = head && printLetter(head);
  if (!letter) return `\\mathrm{${name.replaceAll('_', '\\_')}}`;
  const words = rest && `\\mathrm{${rest[0].toLowerCase()}${rest.slice(1).replaceAll('_', '\\_')}}`;
  const subscript = [digits, words].filter(Boolean).join(', ');
  return subscript === '' ? letter : `${letter}_{${subscript}}`;
}

function printLetter(head: string): string | undefined {
  if (head.length === 1) return head;
  if (head === 'tc') return '\\tau';
  return greek.has(head) ? `\\${head}` : undefined;
}

function print(expression: Expression): Printed {
  switch (expression.kind) {
    case 'number':
      return printNumber(expression.value);
    case 'name':
      return { text: printName(expression.name), binds: ofAtom };
    case 'unary': {
      const sign = expression.operator === '!' ? '\\neg ' : '-';
      return { text: sign + within(expression.operand, ofUnary + 1), binds: ofUnary };
    }
    case 'binary':
      return printBinary(expression);
    case 'choice': {
      const { test, yes, no } = expression;
      const cases = `${printLatex(yes)} & \\text{if } ${printLatex(test)} \\cr ${printLatex(no)} & \\text{otherwise}`;
      return { text: `\\begin{cases} ${cases} \\end{cases}`, binds: ofChoice };
    }
    default:
      return printCall(expression);
  }
}

/** In parentheses where it binds less tightly than that. */
function within(expression: Expression, least: number): string {
  const { text, binds } = print(expression);
  return binds < least ? parenthesise(text) : text;
}

function parenthesise(text: string): string {
  return `\\left(${text}\\right)`;
}

function printNumber(value: number): Printed {
  const [digits, exponent] = String(value).split('e');
  if (exponent === undefined) return { text: digits, binds: ofAtom };
  const power = `10^{${Number(exponent)}}`;
  return digits === '1'
    ? { text: power, binds: ofFraction }
    : { text: `${digits} \\cdot ${power}`, binds: 6 };
}

function printBinary(expression: Expression & { kind: 'binary' }): Printed {
  const { operator, left, right } = expression;
  const binds = binding[operator];
  const opposite = dropSign(expression);
  if (opposite) return { text: `-${within(opposite, ofUnary + 1)}`, binds: ofUnary };
  if (operator === '/') return { text: `\\frac{${printLatex(left)}}{${printLatex(right)}}`, binds };
  if (operator === '*') return { text: printProduct(left, right), binds };
  // A sum of sums needs no parentheses; a difference of one does, and so does a sign behind an operator.
  const least = operator === '+' && right.kind !== 'unary' && !dropSign(right) ? binds : binds + 1;
  return { text: `${within(left, binds)} ${symbols[operator]} ${within(right, least)}`, binds };
}

/** The opposite of a product or quotient that begins with a minus sign, which then stands before all of it. */
function dropSign(expression: Expression): Expression | undefined {
  if (expression.kind !== 'binary' || binding[expression.operator] < binding['*']) return undefined;
  const { left } = expression;
  const opposite = left.kind === 'unary' && left.operator === '-' ? left.operand : dropSign(left);
  return opposite && { ...expression, left: opposite };
}

function printProduct(left: Expression, right: Expression): string {
  if (left.kind === 'name' && right.kind === 'name' && left.name === right.name) {
    return `${printName(left.name)}^{2}`;
  }
  const [first, second] = [left, right].map((each) => within(each, binding['*']));
  return `${first} ${/^[\d.]/.test(second) ? '\\cdot' : '\\thinspace'} ${second}`;
}

function printCall({ name, operands }: Expression & { kind: 'call' }): Printed {
  const values = operands.map(printLatex);
  const apply = (called: string) => ({ text: called + parenthesise(values.join(', ')), binds: ofAtom });
  switch (name) {
    case 'sqrt':
      return { text: `\\sqrt{${values[0]}}`, binds: ofAtom };
    case 'abs':
      return { text: `\\left|${values[0]}\\right|`, binds: ofAtom };
    case 'floor':
      return { text: `\\left\\lfloor ${values[0]} \\right\\rfloor`, binds: ofAtom };
    case 'pow':
      return { text: `${within(operands[0], ofAtom)}^{${values[1]}}`, binds: ofFraction };
    case 'uniform':
      return { text: '\\mathcal{U}(0, 1)', binds: ofAtom };
    case 'normal':
      return { text: '\\mathcal{N}(0, 1)', binds: ofAtom };
    case 'convolve':
      return { text: parenthesise(`${values[1]} \\ast ${values[0]}`), binds: ofAtom };
    case 'clip':
      return apply('\\mathrm{clip}');
    default:
      return apply(`\\${name}`);
  }
}
