/** How images become spikes, as a stored network keeps it: options of `Network.present` that JSON can hold. */
import { type EncodingOptions, encodingSchema } from '../../core/network/present/present-options.js';
import { type Field, nested } from '../../options.js';

/** The encoder by name: a function cannot be stored. */
export type EncoderSettings = EncodingOptions;

export const encoderField: Field<EncoderSettings> = nested(encodingSchema);

/** As a parameter of the stored network: JSON whose names are in order, so that equal settings have one spelling. */
export function spellEncoder(settings: EncoderSettings): string {
  const given = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(given));
}
