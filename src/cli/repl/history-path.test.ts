import { expect, it } from 'vitest';
import { historyPath } from './history-path.js';

it('historyPath: under XDG_STATE_HOME where that is set, else in the home folder', () => {
  expect(historyPath({ XDG_STATE_HOME: '/state' }, '/home/me')).toBe('/state/locus/history');
  expect(historyPath({ XDG_STATE_HOME: '' }, '/home/me')).toBe('/home/me/.locus_history');
  expect(historyPath({}, '/home/me')).toBe('/home/me/.locus_history');
});
