/** Pictures of one's own: polarity, transparency, size and formats, made here with known pixels. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../test/support/make-folder.js';
import { loadDataset } from './dataset.js';
import { loadImage } from './load-image.js';

/** A vertical stroke of one level in the middle third of a ground of another. */
function drawStroke(size: number, ground: number, stroke: number): Uint8Array {
  return Uint8Array.from({ length: size * size }, (_, i) => {
    const row = Math.floor(i / size);
    const column = i % size;
    const inside = column >= size / 3 && column < (2 * size) / 3 && row >= size / 6 && row < (5 * size) / 6;
    return inside ? stroke : ground;
  });
}

function grey(pixels: Uint8Array, width: number, height = width): Sharp {
  return sharp(pixels, { raw: { width, height, channels: 1 } }).toColourspace('b-w');
}

function farthest(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((worst, level, i) => Math.max(worst, Math.abs(level - b[i])), 0);
}

describe('loadImage', () => {
  it('gives the very pixels of a bright-on-dark PNG of the wanted size', async () => {
    const { test } = await loadDataset('mnist-10k');
    const digit = test.images.slice(0, 784);
    const path = join(makeFolder(), 'digit.png');
    await grey(digit, 28).png().toFile(path);
    const loaded = await loadImage(path, 28);
    expect(loaded).toEqual(digit);
    expect(Object.getPrototypeOf(loaded)).toBe(Uint8Array.prototype);
  });

  it('inverts dark on light, and leaves bright on dark', async () => {
    const folder = makeFolder();
    await grey(drawStroke(30, 255, 0), 30)
      .png()
      .toFile(join(folder, 'paper.png'));
    await grey(drawStroke(30, 0, 255), 30)
      .png()
      .toFile(join(folder, 'board.png'));
    const expected = drawStroke(30, 0, 255);
    expect(await loadImage(join(folder, 'paper.png'), 30)).toEqual(expected);
    expect(await loadImage(join(folder, 'board.png'), 30)).toEqual(expected);
  });

  it('decides by the border alone: a mostly dark drawing on white paper is inverted', async () => {
    const pixels = Uint8Array.from({ length: 400 }, (_, i) => {
      const row = Math.floor(i / 20);
      const column = i % 20;
      return row === 0 || row === 19 || column === 0 || column === 19 ? 255 : 10;
    });
    const path = join(makeFolder(), 'box.png');
    await grey(pixels, 20).png().toFile(path);
    expect((await loadImage(path, 20))[210]).toBe(245);
  });

  it('reads a JPEG to within its losses', async () => {
    const path = join(makeFolder(), 'paper.jpg');
    await grey(drawStroke(24, 255, 0), 24)
      .jpeg({ quality: 98 })
      .toFile(path);
    expect(farthest(await loadImage(path, 24), drawStroke(24, 0, 255))).toBeLessThan(12);
  });

  it('takes transparent as white: black ink on nothing', async () => {
    const ink = drawStroke(18, 0, 255);
    const rgba = new Uint8Array(18 * 18 * 4);
    ink.forEach((alpha, i) => (rgba[i * 4 + 3] = alpha));
    const path = join(makeFolder(), 'ink.png');
    await sharp(rgba, { raw: { width: 18, height: 18, channels: 4 } })
      .png()
      .toFile(path);
    expect(await loadImage(path, 18)).toEqual(ink);
  });

  it('reads colours, palettes and 16 bits', async () => {
    const folder = makeFolder();
    const rgb = new Uint8Array(drawStroke(16, 255, 0).length * 3);
    drawStroke(16, 255, 0).forEach((level, i) => rgb.fill(level, i * 3, i * 3 + 3));
    const colour = () => sharp(rgb, { raw: { width: 16, height: 16, channels: 3 } });
    await colour().png().toFile(join(folder, 'rgb.png'));
    await colour().png({ palette: true }).toFile(join(folder, 'palette.png'));
    await colour().toColourspace('rgb16').png().toFile(join(folder, 'deep.png'));
    await colour().toColourspace('grey16').png().toFile(join(folder, 'deep-grey.png'));
    for (const name of ['rgb.png', 'palette.png', 'deep.png', 'deep-grey.png']) {
      expect(farthest(await loadImage(join(folder, name), 16), drawStroke(16, 0, 255))).toBeLessThan(2);
    }
  });

  it('scales down, and pads what is not square with the level of its border', async () => {
    const folder = makeFolder();
    await grey(drawStroke(300, 255, 0), 300)
      .png()
      .toFile(join(folder, 'large.png'));
    const small = await loadImage(join(folder, 'large.png'), 20);
    expect(small.length).toBe(400);
    expect(small[10 * 20 + 10]).toBe(255);
    expect(small[10 * 20 + 2]).toBe(0);
    // 10 wide, 40 high, ground 200: inverted 55, the stroke in the middle column.
    const tall = Uint8Array.from({ length: 400 }, (_, i) =>
      i % 10 >= 4 && i % 10 < 6 && i >= 50 && i < 350 ? 0 : 200,
    );
    await grey(tall, 10, 40).png().toFile(join(folder, 'tall.png'));
    const padded = await loadImage(join(folder, 'tall.png'), 40);
    expect(padded[20 * 40 + 3]).toBe(55);
    expect(padded[20 * 40 + 36]).toBe(55);
    expect(padded[20 * 40 + 19]).toBe(255);
  });

  it('turns a photograph upright as its camera says', async () => {
    const pixels = new Uint8Array(20 * 20);
    for (let i = 0; i < 20; i++) pixels[3 * 20 + i] = i > 0 && i < 19 ? 255 : 0;
    const path = join(makeFolder(), 'photo.png');
    // Orientation 6: to be turned by 90° clockwise, so that the row 3 becomes the column 16.
    await grey(pixels, 20).withMetadata({ orientation: 6 }).png().toFile(path);
    const loaded = await loadImage(path, 20);
    expect(loaded[10 * 20 + 16]).toBe(255);
    expect(loaded[3 * 20 + 10]).toBe(0);
  });

  it('names a missing file, a file that is no picture, and a wrong size', async () => {
    const folder = makeFolder();
    const text = join(folder, 'text.png');
    writeFileSync(text, 'not a picture');
    await expect(loadImage(join(folder, 'none.png'), 20)).rejects.toMatchObject({
      code: 'DATA_MISSING',
      message: expect.stringContaining(join(folder, 'none.png')),
    });
    await expect(loadImage(folder, 20)).rejects.toMatchObject({ code: 'DATA_MISSING' });
    await expect(loadImage(text, 20)).rejects.toMatchObject({
      code: 'DATA_CORRUPT',
      message: expect.stringContaining(`${text}: expected a PNG or JPEG picture`),
    });
    const whole = join(folder, 'whole.png');
    await grey(drawStroke(64, 0, 255), 64)
      .png({ compressionLevel: 0 })
      .toFile(whole);
    writeFileSync(join(folder, 'cut.png'), (await sharp(whole).png().toBuffer()).subarray(0, 60));
    await expect(loadImage(join(folder, 'cut.png'), 20)).rejects.toMatchObject({ code: 'DATA_CORRUPT' });
    for (const size of [0, 1.5, 5000, Number.NaN]) {
      await expect(loadImage(whole, size)).rejects.toThrow('loadImage: expected a whole size from 1 to 4096');
    }
  });
});
