/** Classes of layers that descriptions of networks call by name; those that equations define bring their definition along. */
import { AdaptiveLIF } from './adaptive-lif.js';
import { Input } from './input.js';
import { IF } from './integrate-and-fire.js';
import { LIF } from './lif.js';
import { SpikeSource } from './spike-source.js';

export const layerClasses = { AdaptiveLIF, IF, Input, LIF, SpikeSource } as const;
