/** Pictures of the user: polarity, transparency, size and formats, made here with known pixels. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../test/support/make-folder.js';
import { sharedFolder } from '../../test/support/walk-cases.js';
import { loadDataset } from './dataset.js';
import { readNpy } from '../formats/npy.js';
import { decodePicture } from './decode-picture.js';
import { loadImage, prepareImage } from './load-image.js';

const ownData = join(sharedFolder, 'fixtures/own-data');

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

  it.each<[string, number, number, boolean, number]>([
    ['black ink: over white, inverted', 0, 255, true, 255],
    ['white ink: over black', 255, 255, false, 0],
    ['grey ink: over black', 130, 130, false, 0],
  ])(
    'lays ink on a transparent ground over another level: %s',
    async (_, ink, expected, inverted, ground) => {
      const opacity = drawStroke(18, 0, 255);
      opacity[8 * 18 + 8] = 128;
      const rgba = new Uint8Array(18 * 18 * 4);
      opacity.forEach((alpha, i) => rgba.set([ink, ink, ink, alpha], i * 4));
      const folder = makeFolder();
      const raw = () => sharp(rgba, { raw: { width: 18, height: 18, channels: 4 } });
      await raw().png().toFile(join(folder, 'colour.png'));
      await raw().toColourspace('b-w').png().toFile(join(folder, 'grey-alpha.png'));
      await raw().toColourspace('rgb16').png().toFile(join(folder, 'deep-alpha.png'));
      for (const name of ['colour.png', 'grey-alpha.png', 'deep-alpha.png']) {
        const path = join(folder, name);
        const prepared = await prepareImage(path, 18, {});
        expect(prepared.inverted).toBe(inverted);
        const level = opacity.map((alpha) => Math.round((alpha * expected) / 255));
        // The encoder widens 8 bits to 16 by a factor of 256 instead of 257.
        expect(farthest(prepared.pixels, level)).toBeLessThanOrEqual(name === 'deep-alpha.png' ? 1 : 0);
        expect((await decodePicture(path, path)).ground).toBe(ground);
      }
    },
  );

  it('leaves an opaque picture of one level, and one without any ink, as they are', async () => {
    const flat = await grey(new Uint8Array(16).fill(90), 4).png().toBuffer();
    const pixels = new Uint8Array(16).fill(90);
    expect(await decodePicture(flat, 'flat')).toEqual({ pixels, width: 4, height: 4, ground: null });
    const clear = join(makeFolder(), 'clear.png');
    await sharp(new Uint8Array(64), { raw: { width: 4, height: 4, channels: 4 } })
      .png()
      .toFile(clear);
    expect(await loadImage(clear, 4)).toEqual(new Uint8Array(16));
  });

  it.each<[boolean, number, number]>([
    [true, 200, 55],
    [false, 200, 200],
    [true, 30, 225],
    [false, 30, 30],
  ])(
    'inverts where `invert` is %s, whatever the border: a ground of %i',
    async (invert, ground, expected) => {
      const path = join(makeFolder(), 'picture.png');
      await grey(drawStroke(18, ground, 100), 18)
        .png()
        .toFile(path);
      const prepared = await prepareImage(path, 18, { invert });
      expect(prepared).toEqual({ pixels: drawStroke(18, expected, invert ? 155 : 100), inverted: invert });
      expect(await loadImage(path, 18, { invert })).toEqual(prepared.pixels);
    },
  );

  it('refuses other options', async () => {
    await expect(loadImage('picture.png', 18, { invert: 'yes' } as never)).rejects.toThrow(
      'loadImage: expected invert to be true or false, got "yes"',
    );
    await expect(loadImage('picture.png', 18, { inverse: true } as never)).rejects.toThrow(
      'Did you mean "invert"?',
    );
  });

  it('weighs red, green and blue as television does', async () => {
    const colours = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0];
    const picture = sharp(Uint8Array.from(colours), { raw: { width: 4, height: 1, channels: 3 } });
    const { pixels } = await decodePicture(await picture.png().toBuffer(), 'colours');
    expect([...pixels]).toEqual([76, 150, 29, 226]);
  });

  it('reads 16 bits to the nearest of 256 levels', async () => {
    const deep = Uint16Array.of(0, 128, 129, 257, 32_768, 65_407, 65_535, 1000);
    const raw = sharp(deep, { raw: { width: 8, height: 1, channels: 1 } });
    const { pixels } = await decodePicture(await raw.toColourspace('grey16').png().toBuffer(), 'deep');
    expect([...pixels]).toEqual(Array.from(deep, (level) => Math.round(level / 257)));
  });

  it('refuses a PNG and a JPEG that are cut off anywhere', async () => {
    const picture = () => grey(drawStroke(9, 0, 255), 9);
    for (const file of [await picture().png().toBuffer(), await picture().jpeg().toBuffer()]) {
      await decodePicture(file, 'whole');
      for (let length = 0; length < file.length; length++) {
        await expect(decodePicture(file.subarray(0, length), 'cut')).rejects.toMatchObject({
          code: 'DATA_CORRUPT',
          message: expect.stringContaining('cut: expected a PNG or JPEG picture, got '),
        });
      }
    }
  });

  it('refuses a size that so few bytes cannot hold', async () => {
    const file = Buffer.from(
      await grey(drawStroke(9, 0, 255), 9)
        .png()
        .toBuffer(),
    );
    file.writeUInt32BE(11_000, 16);
    file.writeUInt32BE(11_000, 20);
    file.writeUInt32BE(crc32(file.subarray(12, 29)), 29);
    await expect(decodePicture(file, 'vast')).rejects.toThrow(
      `vast: expected a PNG or JPEG picture, got ${file.length} bytes for 11000 × 11000 pixels`,
    );
  });

  it.each(['cmyk.jpg', 'rotated.jpg', 'white-on-transparent.png'])('reads %s as it looks', async (name) => {
    const path = new URL(`../../test/fixtures/pictures/${name}`, import.meta.url).pathname;
    const { pixels, width, height } = await decodePicture(readFileSync(path), name);
    const expected = readNpy(readFileSync(`${path}.npy`), name, 'u1');
    expect([height, width]).toEqual(expected.shape);
    expect(farthest(pixels, expected.data)).toBeLessThanOrEqual(name.endsWith('.jpg') ? 1 : 0);
  });

  describe.skipIf(!existsSync(ownData))('pictures as people have them', () => {
    const { pictures, others } = existsSync(ownData)
      ? (JSON.parse(readFileSync(join(ownData, 'messy-expected/expected.json'), 'utf8')) as {
          pictures: Record<string, { shape: [number, number] }>;
          others: Record<string, string>;
        })
      : { pictures: {}, others: {} };
    const isBitmap = (name: string) => name.endsWith('.bmp');

    it.each(Object.entries(pictures).filter(([name]) => !isBitmap(name)))(
      '%s is read as a person sees it',
      async (name, { shape }) => {
        const { pixels, width, height } = await decodePicture(join(ownData, 'messy', name), name);
        const file = join(ownData, 'messy-expected', `${name.replace('/', '__')}.npy`);
        const expected = readNpy(readFileSync(file), file, 'u1');
        expect([height, width]).toEqual(shape);
        expect(farthest(pixels, expected.data)).toBeLessThanOrEqual(/jpe?g$/i.test(name) ? 6 : 0);
      },
    );

    const isBroken = (name: string) => /cut short|not a picture|empty file/.test(others[name]);
    it.each([...Object.keys(others).filter(isBroken), ...Object.keys(pictures).filter(isBitmap)])(
      '%s is refused by name',
      async (name) => {
        await expect(decodePicture(join(ownData, 'messy', name), name)).rejects.toMatchObject({
          code: 'DATA_CORRUPT',
          message: expect.stringContaining(`${name}: expected a PNG or JPEG picture`),
        });
      },
    );
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
