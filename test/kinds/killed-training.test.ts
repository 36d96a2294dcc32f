/** `kill -9` in training, of every kind: the database opens, nothing committed is lost, and the network comes out the same to the bit. */
import { describeKilledTrainings } from './describe-killed-trainings.js';

/** In the very first checkpoint, and in one of a training that was resumed. */
describeKilledTrainings(() => [{ inCheckpoint: 1 }, { inCheckpoint: 2 }]);
