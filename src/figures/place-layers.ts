/** Where layers stand in a drawing of a network, and how connections run between them. */
interface Named {
  readonly name: string;
}

interface Edge {
  readonly source: string;
  readonly target: string;
}

/** Column and row. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Of a layer, in columns and rows. */
export interface Box {
  readonly width: number;
  readonly height: number;
}

type Point = readonly [x: number, y: number];
/** A cubic curve: its ends, and what they head for. */
type Cubic = readonly [from: Point, leaving: Point, arriving: Point, to: Point];

/** Points that a curve is drawn through. */
const nPoints = 25;

/** A layer stands to the right of all that were added before it and reach it; those of a column stand above each other. */
export function placeLayers(layers: readonly Named[], connections: readonly Edge[]): Map<string, Spot> {
  const columns = new Map<string, number>();
  for (const { name } of layers) {
    const before = connections.flatMap(({ source, target }) =>
      target === name && source !== name ? (columns.get(source) ?? []) : [],
    );
    columns.set(name, 1 + Math.max(-1, ...before));
  }
  return new Map(
    layers.map(({ name }) => {
      const x = columns.get(name) as number;
      const column = layers.filter((each) => columns.get(each.name) === x);
      const row = column.findIndex((each) => each.name === name);
      return [name, { x, y: (column.length - 1) / 2 - row }];
    }),
  );
}

/** The curve of a connection: to the next column straight, over others above them, back below them, onto itself as a loop. */
export function curveOf(
  connections: readonly Edge[],
  index: number,
  placed: ReadonlyMap<string, Spot>,
  { width, height }: Box,
): Cubic {
  const { source, target } = connections[index];
  const [from, onto] = [source, target].map((name) => placed.get(name) as Spot);
  const earlier = connections.slice(0, index);
  const nth = earlier.filter((other) => other.source === source && other.target === target).length;
  const [right, up] = [width / 2, height / 2];
  const ends = (a: Point, b: Point, bend: Point): Cubic => [
    [from.x + a[0], from.y + a[1]],
    [from.x + a[0] + bend[0], from.y + a[1] + bend[1]],
    [onto.x + b[0] + (a[0] === b[0] ? bend[0] : -bend[0]), onto.y + b[1] + bend[1]],
    [onto.x + b[0], onto.y + b[1]],
  ];
  if (source === target) return ends([-0.12, up], [0.12, up], [-0.1, 0.4 + 0.12 * nth]);
  if (onto.x === from.x) return ends([right, 0], [right, 0], [0.2 + 0.08 * nth, 0]);
  if (onto.x === from.x + 1) {
    const shift = (nth % 2 === 0 ? 1 : -1) * Math.ceil(nth / 2) * 0.08;
    return ends([right, shift], [-right, shift], [0.12, 0]);
  }
  const side = onto.x > from.x ? 1 : -1;
  return ends([0, side * up], [0, side * up], [0, side * (0.4 + 0.12 * nth)]);
}

/** Points of a curve, its ends included. */
export function pointsOn([a, b, c, d]: Cubic): Point[] {
  return Array.from({ length: nPoints }, (_, i) => {
    const t = i / (nPoints - 1);
    const s = 1 - t;
    const at = (axis: 0 | 1) =>
      s ** 3 * a[axis] + 3 * s * s * t * b[axis] + 3 * s * t * t * c[axis] + t ** 3 * d[axis];
    return [at(0), at(1)];
  });
}
