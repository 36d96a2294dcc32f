import { expect, it } from 'vitest';
import { nameClass } from './opinions.js';

it('a class is called by its name, else by its number', () => {
  expect(nameClass({ classNames: ['cat', 'dog'] }, 1)).toBe('dog');
  expect(nameClass({ classNames: null }, 1)).toBe('1');
});
