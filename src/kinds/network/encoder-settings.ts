/** How images become spikes, as a stored network keeps it: options of `Network.present` that JSON can hold. */
import { rateFields } from '../../core/encoding/encoder.js';
import { type EncoderName, encoders } from '../../core/encoding/index.js';
import type { PresentImagesOptions } from '../../core/network/present/present-options.js';
import { mostCountedSteps } from '../../core/network/steps.js';
import { seedField } from '../../core/random/stream.js';
import { count, type Field, filledText, nested, number, oneOf, type Schema } from '../../options.js';

export interface EncoderSettings
  extends Pick<
    PresentImagesOptions,
    'layer' | 'time' | 'intensity' | 'maxProbability' | 'threshold' | 'seed'
  > {
  /** By name: a function cannot be stored. */
  readonly encoder?: EncoderName;
}

const schema: Schema<EncoderSettings> = {
  layer: filledText,
  time: count({ most: mostCountedSteps, unit: 'steps' }),
  encoder: oneOf(Object.keys(encoders) as EncoderName[]),
  intensity: rateFields.intensity,
  maxProbability: number({ least: 0, most: 1 }),
  threshold: number(),
  seed: seedField,
};

export const encoderField: Field<EncoderSettings> = nested(schema);

/** As a parameter of the stored network: JSON whose names are in order, so that equal settings have one spelling. */
export function spellEncoder(settings: EncoderSettings): string {
  const given = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(given));
}
