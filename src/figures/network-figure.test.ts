import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { networkFigure } from './network-figure.js';
import { curveOf, placeLayers, pointsOn } from './place-layers.js';

const layer = (name: string) => ({ name, model: 'LIF', shape: [3, 1, 1], neurons: 3 });
const connection = (source: string, target: string) => ({
  name: `${source}->${target}`,
  source,
  target,
  rule: 'NoOp',
  learns: false,
  synapses: 9,
});

it('draws boxes and arrows', () => {
  expect(plainFigure(exampleFigures.networkFigure())).toMatchSnapshot();
});

it('puts layers to the right of those that reach them, and loops aside', () => {
  const edges = [
    connection('a', 'c'),
    connection('b', 'c'),
    connection('c', 'd'),
    connection('d', 'c'),
    connection('d', 'd'),
  ];
  expect(Object.fromEntries(placeLayers(['a', 'b', 'c', 'd'].map(layer), edges))).toEqual({
    a: { x: 0, y: 0.5 },
    b: { x: 0, y: -0.5 },
    c: { x: 1, y: 0 },
    d: { x: 2, y: 0 },
  });
});

it('lets every curve leave its source and end at its target, at the edge of the boxes', () => {
  const layers = ['a', 'b', 'c', 'd'].map(layer);
  const pairs = layers.flatMap(({ name }) => layers.map((other) => connection(name, other.name)));
  const placed = placeLayers(layers, pairs);
  const box = { width: 0.6, height: 0.4 };
  pairs.forEach(({ source, target }, i) => {
    const points = pointsOn(curveOf(pairs, i, placed, box));
    for (const [name, [x, y]] of [
      [source, points[0]],
      [target, points.at(-1)],
    ] as const) {
      const [right, up] = [Math.abs(x - placed.get(name)!.x) / 0.3, Math.abs(y - placed.get(name)!.y) / 0.2];
      expect(Math.max(right, up)).toBeCloseTo(1, 9);
    }
  });
});

it('shows names as they are, and tells parallel connections apart', () => {
  const parallel = [connection('a', '<b>'), { ...connection('a', '<b>'), name: 'second' }];
  const { data } = networkFigure({ layers: [layer('a'), layer('<b>')], connections: parallel });
  expect(data.at(-1)).toMatchObject({ text: ['<b>a</b><br>LIF<br>3', '<b>&lt;b&gt;</b><br>LIF<br>3'] });
  const { y } = data[1] as { y: (number | null)[] };
  expect(new Set(y.filter((each) => each !== null).map((each) => each.toFixed(6))).size).toBe(2);
});

it('takes a network for its outline, and nothing else', () => {
  const outline = { layers: [layer('a')], connections: [] };
  expect(networkFigure({ outline: () => outline }).data).toEqual(networkFigure(outline).data);
  expect(() => networkFigure({} as never)).toThrow('networkFigure: expected network');
});
