import { describe, expect, it } from 'vitest';
import { printAssignment, printLatex, printName } from './latex.js';
import { parseAssignments, parseExpression } from './parse.js';

describe('printName', () => {
  it.each([
    ['v', 'v'],
    ['theta', '\\theta'],
    ['thetaPlus', '\\theta_{\\mathrm{plus}}'],
    ['tcDecay', '\\tau_{\\mathrm{decay}}'],
    ['tcCurrentDecay', '\\tau_{\\mathrm{currentDecay}}'],
    ['tc', '\\tau'],
    ['r1', 'r_{1}'],
    ['a2Plus', 'a_{2, \\mathrm{plus}}'],
    ['wMin', 'w_{\\mathrm{min}}'],
    ['dt', '\\Delta t'],
    ['rest', '\\mathrm{rest}'],
    ['sourceTrace', '\\mathrm{sourceTrace}'],
    ['my_name', '\\mathrm{my\\_name}'],
  ])('%s is %s', (name, latex) => expect(printName(name)).toBe(latex));
});

describe('printLatex', () => {
  it.each([
    ['a * (b + c)', 'a \\thinspace \\left(b + c\\right)'],
    ['a - (b - c)', 'a - \\left(b - c\\right)'],
    ['a - b - c', 'a - b - c'],
    ['a + (b + c)', 'a + b + c'],
    ['a + -b', 'a + \\left(-b\\right)'],
    ['-a * b', '-a \\thinspace b'],
    ['c + -2 * a / b', 'c + \\left(-\\frac{2 \\thinspace a}{b}\\right)'],
    ['a < -b', 'a \\lt -b'],
    ['-(a + b)', '-\\left(a + b\\right)'],
    ['a / (b + c) * d', '\\frac{a}{b + c} \\thinspace d'],
    ['2 * 3', '2 \\cdot 3'],
    ['0.04 * (v * v)', '0.04 \\thinspace v^{2}'],
    ['1e-7 * v', '10^{-7} \\thinspace v'],
    ['2.5e21 + 1', '2.5 \\cdot 10^{21} + 1'],
    ['exp(-dt / tau)', '\\exp\\left(-\\frac{\\Delta t}{\\tau}\\right)'],
    ['pow(a + b, 2)', '\\left(a + b\\right)^{2}'],
    ['pow(pow(a, 2), 3)', '\\left(a^{2}\\right)^{3}'],
    ['sqrt(a) + abs(b) + floor(c)', '\\sqrt{a} + \\left|b\\right| + \\left\\lfloor c \\right\\rfloor'],
    ['max(v, clip(a, 0, 1))', '\\max\\left(v, \\mathrm{clip}\\left(a, 0, 1\\right)\\right)'],
    ['uniform() < p', '\\mathcal{U}(0, 1) \\lt p'],
    ['a < b && !c || d != e', 'a \\lt b \\wedge \\neg c \\vee d \\ne e'],
    ['(a || b) && c', '\\left(a \\vee b\\right) \\wedge c'],
    [
      '2 * (a ? b : c)',
      '2 \\thinspace \\left(\\begin{cases} b & \\text{if } a \\cr c & \\text{otherwise} \\end{cases}\\right)',
    ],
    ['convolve(input, response)', '\\left(\\mathrm{response} \\ast \\mathrm{input}\\right)'],
  ])('%s', (text, latex) => expect(printLatex(parseExpression(text, 'test'))).toBe(latex));

  it('writes out what an assignment adds to', () => {
    const assignments = parseAssignments('v += dt * u; w *= 1 - a', 'test');
    expect(assignments.map(printAssignment)).toEqual([
      'v \\leftarrow v + \\Delta t \\thinspace u',
      'w \\leftarrow w \\thinspace \\left(1 - a\\right)',
    ]);
  });
});
