/** Fuzzes the reader of pictures. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { decodePicture } from '../../src/datasets/decode-picture.js';
import type { FuzzedReader } from './reader.js';

const folder = join(import.meta.dirname, '../../test/fixtures/pictures');
const fixture = (name: string) => new Uint8Array(readFileSync(join(folder, name)));
const size = 12;
const grey = Uint8Array.from({ length: size * size }, (_, i) => (i * 37) % 256);
const raw = () => sharp(grey, { raw: { width: size, height: size, channels: 1 } });

export const png: FuzzedReader = {
  name: 'png',
  seeds: async () => [
    fixture('white-on-transparent.png'),
    new Uint8Array(await raw().toColourspace('b-w').png().toBuffer()),
    new Uint8Array(await raw().png({ palette: true }).toBuffer()),
    new Uint8Array(await raw().toColourspace('grey16').png({ progressive: true }).toBuffer()),
  ],
  read: (bytes) => decodePicture(bytes, 'picture.png'),
};

export const jpeg: FuzzedReader = {
  name: 'jpeg',
  seeds: async () => [
    fixture('cmyk.jpg'),
    fixture('rotated.jpg'),
    new Uint8Array(await raw().jpeg({ progressive: true }).toBuffer()),
  ],
  read: (bytes) => decodePicture(bytes, 'picture.jpg'),
};
