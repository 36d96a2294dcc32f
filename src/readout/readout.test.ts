/** The readout object: the predictions of the functions it is made of, kept to the bit through JSON, and misuse. */
import { describe, expect, it } from 'vitest';
import { spikeTrainFromEvents } from '../core/encoding/spike-train.js';
import { RandomStream } from '../core/random/stream.js';
import {
  assignLabels,
  calibrateVotes,
  countNgrams,
  packSpikeCounts,
  predictByAssignment,
  predictByClassifier,
  predictByNgrams,
  predictByVotes,
  scorePredictions,
  sliceSpikeCounts,
  trainLinearClassifier,
} from './index.js';
import { type FitOptions, Readout, type ReadoutInput, type ReadoutJson } from './readout.js';

const nImages = 60;
const nClasses = 3;
const shape = { nFilters: 4, nPositions: 2 };
const random = new RandomStream(4, 'user');
const labels = Uint8Array.from({ length: nImages }, (_, image) => image % nClasses);
/** Neuron j prefers label j mod 3, and spikes at all of them now and then. */
const dense = Uint16Array.from({ length: nImages * 8 }, (_, at) => {
  const isPreferred = (at % 8) % nClasses === Math.floor(at / 8) % nClasses;
  return random.nextBelow(isPreferred ? 5 : 3);
});
const counts = packSpikeCounts(dense, shape);
const trains = Array.from({ length: nImages }, (_, image) => {
  const neurons = Array.from({ length: 6 }, (__, i) => (labels[image] * (i % 3) + random.nextBelow(2)) % 8);
  return spikeTrainFromEvents(
    neurons.map((___, t) => t),
    neurons,
    6,
    8,
  );
});

const byHand: readonly [FitOptions, ReadoutInput, () => ArrayLike<number>][] = [
  [
    { method: 'votes', nClasses },
    counts,
    () => predictByVotes('all_voting', counts, calibrateVotes(counts, labels, nClasses)),
  ],
  [
    { method: 'votes', nClasses, voting: 'patch_voting', topN: 2 },
    counts,
    () => predictByVotes('patch_voting', counts, calibrateVotes(counts, labels, nClasses), { topN: 2 }),
  ],
  [
    { method: 'allActivity', nClasses },
    counts,
    () => predictByAssignment('all_activity', counts, assignLabels(counts, labels, { nClasses })),
  ],
  [
    { method: 'proportionWeighting', nClasses },
    counts,
    () => predictByAssignment('proportion_weighting', counts, assignLabels(counts, labels, { nClasses })),
  ],
  [
    { method: 'ngram', nClasses, n: 3 },
    trains,
    () => predictByNgrams(trains, countNgrams(trains, labels, { n: 3, nClasses })),
  ],
  [
    { method: 'linear', nClasses: 5, regularization: 1, seed: 7 },
    counts,
    () =>
      predictByClassifier(
        trainLinearClassifier(counts, labels, { nClasses: 5, regularization: 1, seed: 7 }),
        counts,
      ),
  ],
];

describe.each(byHand)('a readout %j', (options, given, predict) => {
  const readout = Readout.fit(given, labels, options);

  it('predicts what its functions do, and scores it', () => {
    const predictions = readout.predict(given);
    expect(predictions).toEqual(predict());
    const { confusion, ...score } = readout.score(given, labels);
    expect(score).toEqual(scorePredictions(predictions, labels));
    expect(score.accuracy).toBeGreaterThan(0.5);
    const columns = (options.nClasses ?? 0) + 1;
    const correct = [0, 1, 2].reduce((sum, label) => sum + confusion[label * columns + label], 0);
    expect(correct).toBe(Math.round(score.accuracy * nImages));
  });

  it('comes back from JSON the same', () => {
    const text = JSON.stringify(readout);
    const loaded = Readout.fromJSON(JSON.parse(text) as ReadoutJson);
    expect(loaded.predict(given)).toEqual(readout.predict(given));
    expect(JSON.stringify(loaded)).toBe(text);
    expect([loaded.method, loaded.nClasses]).toEqual([options.method, options.nClasses]);
  });
});

describe('a readout', () => {
  it('counts the last n-gram of an image', () => {
    const last = [
      spikeTrainFromEvents([0, 1, 2], [5, 1, 2], 3, 8),
      spikeTrainFromEvents([0, 1, 2], [6, 3, 4], 3, 8),
    ];
    const readout = Readout.fit(last, Uint8Array.of(0, 1), { method: 'ngram', nClasses: 2 });
    const asked = [
      [1, 2],
      [3, 4],
      [7, 7],
    ].map((pair) => spikeTrainFromEvents([0, 1], pair, 2, 8));
    expect([...readout.predict(asked)]).toEqual([0, 1, -1]);
  });

  it('names what does not fit', () => {
    const fit = (options: object, given: unknown = counts) =>
      Readout.fit(given as ReadoutInput, labels, options as FitOptions);
    const cases: [() => unknown, string][] = [
      [() => fit({}), 'Readout.fit: expected method to be one of votes'],
      [() => fit({ method: 'vote' }), 'Did you mean "votes"?'],
      [() => fit({ method: 'votes', n: 2 }), 'unknown option "n". Known: method, nClasses, voting, topN'],
      [
        () => fit({ method: 'linear', voting: 'all_voting' }),
        'unknown option "voting". Known: method, nClasses, regularization, seed',
      ],
      [() => fit({ method: 'votes', nClasses: 2 }), 'labels from 0 to 1, got 2'],
      [() => fit({ method: 'votes' }, trains), 'expected spike counts (method votes)'],
      [() => fit({ method: 'ngram' }), 'a list of spike trains, as of Network.present with trains'],
      [
        () =>
          fit({ method: 'allActivity' }).predict(
            packSpikeCounts(new Uint16Array(6), { nFilters: 3, nPositions: 2 }),
          ),
        'an assignment of 6 neurons',
      ],
      [() => fit({ method: 'votes' }).score(sliceSpikeCounts(counts, 0, 5), labels), '5 labels'],
      [() => Readout.fromJSON({} as never), 'Readout.fromJSON: expected method to be one of votes'],
      [
        () => Readout.fromJSON({ method: 'votes', nClasses: 3, state: [] } as never),
        'state as Readout.toJSON gives it',
      ],
      [
        () =>
          Readout.fromJSON({ method: 'votes', nClasses: 3, state: { votes: { float32: ['a'] } } } as never),
        'a list of numbers, got "a"',
      ],
      [
        () => Readout.fromJSON({ method: 'votes', nClasses: 3, state: {} } as never).predict(counts),
        'votes to be an instance of Float32Array',
      ],
    ];
    for (const [call, message] of cases) expect(call).toThrow(message);
  });
});
