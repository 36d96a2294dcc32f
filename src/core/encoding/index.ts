/** All encoders: a new one is a file here and a line in `encoders`. */
import { unknownName } from '../../errors.js';
import { bernoulli } from './bernoulli.js';
import { constant } from './constant.js';
import type { Encoder } from './encoder.js';
import { poisson } from './poisson.js';
import { rankOrder } from './rank-order.js';
import { repeat } from './repeat.js';
import { single } from './single.js';

export const encoders = {
  poisson,
  bernoulli,
  constant,
  single,
  repeat,
  rankOrder,
} as const satisfies Record<string, Encoder>;

export type EncoderName = keyof typeof encoders;

/** The encoder of that name. */
export function getEncoder(name: string): Encoder {
  if (!Object.hasOwn(encoders, name)) throw unknownName('encoder', 'encoder', name, Object.keys(encoders));
  return encoders[name as EncoderName];
}

export type { Brightness, Encoder, EncoderOptions } from './encoder.js';
export { intervalTables } from './interval-table.js';
export type { PoissonStimulus } from './stimulus.js';
export { bernoulli, constant, poisson, rankOrder, repeat, single };
