import { expect, it } from 'vitest';
import { drawImage } from './draw-image.js';

it('drawImage: five shades from 0 to 255, two characters a pixel, no blanks at the end of a line', () => {
  const pixels = Uint8Array.from([0, 51, 52, 255, 255, 205, 103, 0, 0]);
  expect(drawImage(pixels, 3)).toBe(['    ░░', '██████', '▒▒'].join('\n'));
});
