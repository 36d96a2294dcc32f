/** Fuzzes the reader of Spike-by-Spike configurations. */
import { parseSbsConfig } from '../../src/kinds/sbs/sbs-config.js';
import { sbsConfigText } from '../../test/support/sbs-config.js';
import type { FuzzedReader } from './reader.js';

export const sbsConfig: FuzzedReader = {
  name: 'sbs-config',
  seeds: () => [new TextEncoder().encode(sbsConfigText)],
  read: (bytes) => parseSbsConfig(new TextDecoder().decode(bytes), 'net.json'),
};
