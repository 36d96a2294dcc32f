import { expect, it } from 'vitest';
import { encodeFigure } from './encode-figure.js';

it('packs typed arrays and rows of them, and leaves lists as they are', () => {
  const decode = (base64: string) => [
    ...new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer),
  ];
  const { data } = JSON.parse(
    encodeFigure({
      data: [
        {
          y: Float32Array.of(1, Number.NaN, 3).subarray(1),
          z: [Float32Array.of(1, 2), Float32Array.of(3, 4)],
          ragged: [Uint8Array.of(1), Uint8Array.of(2, 3)],
          x: [1, 'a', null],
        },
      ],
      layout: {},
    }),
  ) as {
    data: [
      {
        y: { bdata: string };
        z: { bdata: string; shape: string; dtype: string };
        ragged: unknown;
        x: unknown;
      },
    ];
  };
  expect(decode(data[0].y.bdata)).toEqual([Number.NaN, 3]);
  expect(decode(data[0].z.bdata)).toEqual([1, 2, 3, 4]);
  expect(data[0].z).toMatchObject({ dtype: 'f4', shape: '2, 2' });
  expect(data[0].ragged).toEqual([
    { dtype: 'u1', bdata: 'AQ==' },
    { dtype: 'u1', bdata: 'AgM=' },
  ]);
  expect(data[0].x).toEqual([1, 'a', null]);
});

it('cannot end the script element that it stands in', () => {
  expect(encodeFigure({ data: [{ name: '</script><script>alert(1)' }], layout: {} })).not.toContain(
    '</script',
  );
});
