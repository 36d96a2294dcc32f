/** `locus train`: trains, calibrates, scores and stores a network; each kind brings its commands. */
import { defineFamily, type Family, type Leaf } from '../command.js';

export function trainFamily(commands: readonly Leaf[]): Family {
  return defineFamily({
    usage: 'train',
    describe: 'train, calibrate, score and store a network',
    examples: [
      ['train lc --n-filters 100 --mean-weight 0.32 --c-w -50', 'a locally connected network'],
      ['train c --live', 'watch the training in the browser'],
      ['train fc --help', 'everything that can be set'],
    ],
    commands,
  });
}
