/** Figures as JSON that Plotly reads: typed arrays become base64 instead of long lists of digits. */

/** What every figure has; `Figure` is one. */
export interface FigureParts {
  readonly data: readonly unknown[];
  readonly layout: object;
}

type NumberArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** Plotly's names of element types. */
const plotlyTypes: Readonly<Record<string, string>> = {
  Int8Array: 'i1',
  Uint8Array: 'u1',
  Uint8ClampedArray: 'u1c',
  Int16Array: 'i2',
  Uint16Array: 'u2',
  Int32Array: 'i4',
  Uint32Array: 'u4',
  Float32Array: 'f4',
  Float64Array: 'f8',
};

/** JSON of a figure that may stand inside a script element. */
export function encodeFigure({ data, layout }: FigureParts): string {
  return JSON.stringify(encode({ data, layout })).replaceAll('<', '\\u003c');
}

function encode(value: unknown): unknown {
  if (isNumberArray(value)) return encodeNumbers(value);
  if (Array.isArray(value)) {
    return isMatrix(value) ? encodeMatrix(value) : value.map(encode);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, encode(inner)]));
  }
  return value;
}

function isNumberArray(value: unknown): value is NumberArray {
  return ArrayBuffer.isView(value) && value.constructor.name in plotlyTypes;
}

/** Rows of one length and type. */
function isMatrix(rows: readonly unknown[]): rows is NumberArray[] {
  const [first] = rows;
  return (
    isNumberArray(first) &&
    rows.every(
      (row) => isNumberArray(row) && row.constructor === first.constructor && row.length === first.length,
    )
  );
}

function encodeNumbers(values: NumberArray) {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return { dtype: plotlyTypes[values.constructor.name], bdata: bytes.toString('base64') };
}

function encodeMatrix(rows: readonly NumberArray[]) {
  const bytes = rows.map((row) => Buffer.from(row.buffer, row.byteOffset, row.byteLength));
  return {
    dtype: plotlyTypes[rows[0].constructor.name],
    bdata: Buffer.concat(bytes).toString('base64'),
    shape: `${rows.length}, ${rows[0].length}`,
  };
}
