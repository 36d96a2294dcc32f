import { describe, expect, it } from 'vitest';
import { Network } from '../network.js';
import { Input, LIF } from '../nodes/index.js';
import { buildFanOut } from './fan-out.js';
import { SynapticConnection, type Wiring } from './topology.js';

/** Two neurons onto two positions of three channels, each position with rows of its own. */
function sound(): Wiring {
  const entries: [number, number, number][] = [
    [0, 0, 0],
    [0, 2, 3],
    [1, 1, 0],
    [1, 3, 3],
  ];
  return {
    fanOut: buildFanOut(2, 4, 3, entries),
    weightShape: [3, 4],
    engineIndex: Uint32Array.from({ length: 12 }, (_, i) => i),
    nGroups: 2,
    maskSelf: false,
  };
}

class Own extends SynapticConnection {
  readonly #wiring: Wiring;

  constructor(wiring: Wiring) {
    super({ w: 1 }, 'Own');
    this.#wiring = wiring;
  }

  wire(): Wiring {
    return this.#wiring;
  }
}

function compile(wiring: Wiring) {
  return new Network()
    .addLayer('X', new Input({ shape: 2 }))
    .addLayer('Y', new LIF({ shape: [3, 1, 2] }))
    .addConnection('X', 'Y', new Own(wiring))
    .compile();
}

const words = (...values: number[]) => Uint32Array.from(values);

/** The sound wiring with parts of its fan-out, or of itself, replaced. */
const change = (fanOut: Partial<Wiring['fanOut']>, rest: Partial<Wiring> = {}): Wiring => {
  const wiring = sound();
  return { ...wiring, fanOut: { ...wiring.fanOut, ...fanOut }, ...rest };
};

describe("a topology of the user's own", () => {
  it('compiles where it is sound', () => {
    expect(compile(sound()).connections).toHaveLength(1);
    const mask = new Uint8Array(12).fill(1, 0, 3);
    const sparse = change({}, { mask, weightShape: [3], engineIndex: words(0, 1, 2) });
    expect(compile(sparse).connections).toHaveLength(1);
  });

  it.each([
    [
      'rows shorter than the channels',
      change({ rowLength: 1 }),
      'fanOut.rowLength to be the 3 channels of the target, got 1',
    ],
    [
      'sources that there are not',
      change({ nSources: 3 }),
      'fanOut.nSources to be the 2 neurons of the source, got 3',
    ],
    ['no rows', change({ nRows: 0 }), 'fanOut.nRows to be a whole number ≥ 1, got 0'],
    ['a start that is short', change({ start: words(0, 2) }), 'fanOut.start to have 3 places, got 2'],
    ['a start that begins later', change({ start: words(1, 2, 4) }), 'fanOut.start to begin with 0, got 1'],
    ['a start that falls', change({ start: words(0, 5, 4) }), 'fanOut.start to ascend'],
    ['rows that are too few', change({ row: words(0, 2, 1) }), 'fanOut.row and fanOut.target of 4 entries'],
    ['a row that there is not', change({ row: words(0, 9, 1, 3) }), 'fanOut.row below 4 (entry 1), got 9'],
    [
      'a target within a position',
      change({ target: words(0, 4, 0, 3) }),
      'fanOut.target to be the first neuron of a position, a multiple of 3 below 6 (entry 1), got 4',
    ],
    [
      'a target beyond the layer',
      change({ target: words(0, 6, 0, 3) }),
      'fanOut.target to be the first neuron of a position, a multiple of 3 below 6 (entry 1), got 6',
    ],
    [
      'targets that descend',
      change({ target: words(3, 0, 0, 3), row: words(2, 0, 1, 3) }),
      'the entries of source 0 to ascend by target',
    ],
    [
      "a row of another position's group",
      change({ row: words(0, 1, 1, 3) }),
      'rows of group 1 onto position 1 (entry 1), got "row 1"',
    ],
    [
      'groups of another number',
      change({}, { nGroups: 4 }),
      'nGroups to be 1 or the 2 positions of the target',
    ],
    ['a mask of no square', change({}, { maskSelf: true }), 'whole squares of 3 rows for maskSelf, got 4'],
    [
      'a weight without a place',
      change({}, { engineIndex: words(0, 1) }),
      'weightShape and engineIndex of nRows × rowLength = 12 weights',
    ],
    [
      'two weights in one place',
      change({}, { engineIndex: new Uint32Array(12) }),
      'engineIndex to name every place below 12 once (weight 1), got 0',
    ],
    [
      'a mask of another size',
      change({}, { mask: new Uint8Array(11) }),
      'a mask of nRows × rowLength = 12 weights, got 11',
    ],
    [
      'a synapse without a weight',
      change({}, { mask: new Uint8Array(12).fill(1), weightShape: [3], engineIndex: words(0, 1, 2) }),
      'engineIndex to name every synapse of the mask, got 3',
    ],
  ])('is refused with %s', (_, wiring, message) => {
    expect(() => compile(wiring)).toThrow(`Network connection X->Y: expected ${message}`);
  });
});
