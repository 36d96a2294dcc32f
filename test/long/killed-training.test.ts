/** `kill -9` in training at many more moments than `npm test` has time for. */
import { describeKilledTrainings } from '../kinds/describe-killed-trainings.js';

/** Twice in the middle of a checkpoint, first of all in the very first one; once at the beginning; and twice anywhere. */
describeKilledTrainings((random) => {
  const delay = () => 15 * random.nextFloat();
  const anywhere = () => ({ saved: 1 + random.nextBelow(2), delay: delay() });
  return [{ inCheckpoint: 1 }, anywhere(), { saved: 0, delay: delay() }, anywhere(), { inCheckpoint: 2 }];
});
