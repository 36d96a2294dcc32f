/** Makes a drawing look like the images of MNIST: as large, and in the same place. */

/** Side of MNIST's images, and of the box that its digits were scaled to [pixels]. */
export const fieldSize = 28;
const boxSize = 20;

/** Levels from here on are strokes. */
const ink = 16;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A drawing, bright on dark, as 28 × 28 bytes: its strokes are scaled to fit 20 × 20 pixels, every pixel the mean of what it
 * covers, and their centre of mass comes to the middle.  A drawing without strokes gives a dark image.
 *
 * @param levels height × width bytes, rows from the top
 */
export function centreDrawing(levels: Uint8Array, width: number, height: number): Uint8Array {
  const field = new Uint8Array(fieldSize * fieldSize);
  const box = findStrokes(levels, width, height);
  if (!box) return field;
  const scale = boxSize / Math.max(box.width, box.height);
  const columns = Math.max(1, Math.round(box.width * scale));
  const rows = Math.max(1, Math.round(box.height * scale));
  const small = shrink(levels, width, box, columns, rows);
  const [x, y] = findCentre(small, columns, rows);
  const left = placeWithin(Math.round(fieldSize / 2 - x), columns);
  const top = placeWithin(Math.round(fieldSize / 2 - y), rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      field[(top + row) * fieldSize + left + column] = Math.round(small[row * columns + column]);
    }
  }
  return field;
}

function findStrokes(levels: Uint8Array, width: number, height: number): Box | null {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let at = 0; at < width * height; at++) {
    if (levels[at] < ink) continue;
    const x = at % width;
    const y = Math.floor(at / width);
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Means over equal parts of a box, [row, column]. */
function shrink(levels: Uint8Array, width: number, box: Box, columns: number, rows: number): Float64Array {
  const small = new Float64Array(columns * rows);
  const across = coverage(box.width, columns);
  const down = coverage(box.height, rows);
  const area = (box.width / columns) * (box.height / rows);
  for (const { from: y, to: row, share: heightShare } of down) {
    for (const { from: x, to: column, share: widthShare } of across) {
      const level = levels[(box.top + y) * width + box.left + x];
      small[row * columns + column] += (level * heightShare * widthShare) / area;
    }
  }
  return small;
}

/** Which of `to` equal parts each of `from` pixels falls into, and with how much of itself. */
function coverage(from: number, to: number): { from: number; to: number; share: number }[] {
  const part = from / to;
  return Array.from({ length: to }, (_, index) => {
    const [start, end] = [index * part, (index + 1) * part];
    const first = Math.floor(start);
    const last = Math.min(from - 1, Math.ceil(end) - 1);
    return Array.from({ length: last - first + 1 }, (_, i) => ({
      from: first + i,
      to: index,
      share: Math.min(end, first + i + 1) - Math.max(start, first + i),
    }));
  }).flat();
}

/** Centre of mass; the middle of the first pixel lies at ½. */
function findCentre(levels: Float64Array, columns: number, rows: number): [x: number, y: number] {
  let [sum, x, y] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const level = levels[row * columns + column];
      sum += level;
      x += level * (column + 0.5);
      y += level * (row + 0.5);
    }
  }
  return [x / sum, y / sum];
}

/** The nearest place at which `length` pixels lie within the field. */
function placeWithin(start: number, length: number): number {
  return Math.max(0, Math.min(fieldSize - length, start));
}
