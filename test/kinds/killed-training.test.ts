/** `kill -9` in training, of every kind: the database opens, nothing committed is lost, and the network comes out the same to the bit. */
import { describeKilledTrainings } from './describe-killed-trainings.js';

/** In the very first checkpoint, somewhere on the way, and in a checkpoint of a training that was resumed. */
describeKilledTrainings((random) => [
  { inCheckpoint: 1 },
  { saved: 1 + random.nextBelow(2), delay: 15 * random.nextFloat() },
  { inCheckpoint: 2 },
]);
