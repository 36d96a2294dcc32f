/** A drawing comes to MNIST's size and place, wherever and however large it was drawn. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { centreDrawing, fieldSize } from './centre-drawing.js';

const side = 140;

interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function fill({ left, top, width, height }: Rectangle): Uint8Array {
  return Uint8Array.from({ length: side * side }, (_, at) => {
    const x = at % side;
    const y = Math.floor(at / side);
    return x >= left && x < left + width && y >= top && y < top + height ? 255 : 0;
  });
}

/** Rows and columns that are lit, and the centre of mass. */
function measure(image: Uint8Array) {
  const lit = [...image.keys()].filter((at) => image[at] > 0);
  const columns = lit.map((at) => at % fieldSize);
  const rows = lit.map((at) => Math.floor(at / fieldSize));
  const sum = image.reduce((total, level) => total + level, 0);
  const mean = (places: number[]) =>
    places.reduce((total, place, i) => total + (place + 0.5) * image[lit[i]], 0) / sum;
  return {
    width: Math.max(...columns) - Math.min(...columns) + 1,
    height: Math.max(...rows) - Math.min(...rows) + 1,
    x: mean(columns),
    y: mean(rows),
  };
}

describe('centreDrawing', () => {
  it('scales any rectangle to 20 pixels along its longer side, and puts it into the middle', () => {
    const rectangle = fc
      .record({ width: fc.integer({ min: 8, max: 100 }), height: fc.integer({ min: 8, max: 100 }) })
      .chain(({ width, height }) =>
        fc.record({
          left: fc.integer({ min: 0, max: side - width }),
          top: fc.integer({ min: 0, max: side - height }),
          width: fc.constant(width),
          height: fc.constant(height),
        }),
      );
    fc.assert(
      fc.property(rectangle, (drawn) => {
        const { width, height, x, y } = measure(centreDrawing(fill(drawn), side, side));
        expect(Math.max(width, height)).toBe(20);
        expect(Math.abs(width / height - drawn.width / drawn.height)).toBeLessThan(
          0.05 * (20 / Math.min(width, height)) ** 2,
        );
        expect(Math.abs(x - 14)).toBeLessThanOrEqual(0.5);
        expect(Math.abs(y - 14)).toBeLessThanOrEqual(0.5);
      }),
    );
  });

  it('keeps a picture that has the right size and place already, bit for bit and upright', () => {
    const image = new Uint8Array(fieldSize * fieldSize);
    for (let y = 4; y < 24; y++) for (let x = 10; x < 18; x++) image[y * fieldSize + x] = 100 + 5 * (x - 10);
    // Heavier on the right, so its mass is not in the middle of its box.
    for (let x = 10; x < 18; x++) image[4 * fieldSize + x] = 255;
    const centred = centreDrawing(image, fieldSize, fieldSize);
    const [dx, dy] = [14 - measure(image).x, 14 - measure(image).y].map(Math.round);
    const moved = new Uint8Array(image.length);
    image.forEach((level, at) => {
      if (level > 0) moved[at + dy * fieldSize + dx] = level;
    });
    expect(centred).toEqual(moved);
  });

  it('averages what a pixel covers', () => {
    // 40 × 40 in a chessboard of single pixels: every pixel of the result covers two bright and two dark ones.
    const chess = Uint8Array.from({ length: 1600 }, (_, at) =>
      (at + Math.floor(at / 40)) % 2 === 0 ? 200 : 0,
    );
    const centred = centreDrawing(chess, 40, 40);
    expect(new Set(centred)).toEqual(new Set([0, 100]));
  });

  it('moves a lopsided drawing as far as the field allows', () => {
    const lopsided = fill({ left: 0, top: 20, width: 100, height: 3 });
    for (let y = 0; y < 100; y++) for (let x = 80; x < 100; x++) lopsided[y * side + x] = 255;
    const { width, x } = measure(centreDrawing(lopsided, side, side));
    expect(width).toBe(20);
    expect(x).toBeGreaterThan(14);
  });

  it('gives a dark image for no drawing', () => {
    expect(centreDrawing(new Uint8Array(side * side), side, side)).toEqual(
      new Uint8Array(fieldSize * fieldSize),
    );
  });
});
