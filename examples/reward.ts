/** Cues and actions: which action a cue asks for is learned from rewards that come after it. */
import { CueAndReward } from '../src/index.js';
import { defineExample, startClock } from './support/example.js';

export default await defineExample(import.meta.url, {
  about: 'Answers to cues, learned by MSTDPET from delayed rewards alone.',
  options: { cues: 3, train: 240, test: 300, seed: 0 },
  async run({ cues, train, test, seed }) {
    const task = new CueAndReward({ nCues: cues, seed });
    const clock = startClock();
    for (let i = 0; i < train; i++) await task.trial(i % cues);
    const cpuMs = clock() / train;
    let right = 0;
    for (let i = 0; i < test; i++) if ((await task.trial(i % cues, { learn: false })) === i % cues) right++;
    task.dispose();
    const accuracy = right / test;
    return { accuracy, error: Math.sqrt((accuracy * (1 - accuracy)) / test), cpuMs };
  },
});
