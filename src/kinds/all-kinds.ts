/** Loads the kinds of Locus at once, for what is synchronous: a program that imports Locus has their code anyway. */
import { convertedKind } from './converted/kind.js';
import { nnmfKind } from './nnmf/kind.js';
import { rememberKind } from './registry.js';
import { reluKind } from './relu/kind.js';
import { sbsKind } from './sbs/kind.js';
import { snnKind } from './snn/kind.js';

for (const kind of [snnKind, nnmfKind, sbsKind, reluKind, convertedKind]) rememberKind(kind);
