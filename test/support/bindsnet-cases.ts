/** Which test walks which runs of BindsNET: a family is told by what `meta.json` says, never by the name of a case. */
import { type CaseFolder, readMeta, walkCases } from './walk-cases.js';

interface AnyMeta {
  readonly model?: string;
  readonly rule?: string;
  readonly connection?: string;
  readonly n?: number;
  readonly n_source?: number;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly arrays: Readonly<Record<string, { readonly axes?: readonly string[] } | undefined>>;
}

const axesOf = ({ arrays }: AnyMeta, file: string) => arrays[file]?.axes?.join() ?? '';
const isMinibatch = (meta: AnyMeta) => axesOf(meta, 'source_spikes') === 'step,sample,source';

const families = {
  neurons: ({ model, n, arrays }) => model !== undefined && n !== undefined && arrays.trace_set === undefined,
  rules: (meta) =>
    meta.n_source !== undefined &&
    meta.rule !== undefined &&
    !meta.rule.startsWith('MCC') &&
    !isMinibatch(meta),
  traces: ({ arrays }) => arrays.trace_set !== undefined,
  'reward prediction': ({ arrays }) => arrays.reward_prediction_error !== undefined,
  minibatches: isMinibatch,
  'run options': ({ arrays }) => arrays.injects_v !== undefined,
  evaluation: (meta) => 'n_labels' in meta,
  /** What a connection delivers, without learning. */
  deliveries: ({ rule, arrays }) => rule === undefined && arrays.delivered !== undefined,
  /** Learning of kernels. */
  kernels: ({ rule, arrays }) => rule !== undefined && arrays.delivered !== undefined,
  pooling: ({ arrays }) => arrays.rates !== undefined,
  /** Learning of a multicompartment connection. */
  features: ({ rule }) => rule?.startsWith('MCC') === true,
  propagation: ({ arrays }) => arrays.w_AB !== undefined,
  networks: (meta) => axesOf(meta, 'input_spikes').endsWith(',step,pixel'),
  reservoirs: ({ arrays }) => arrays.w_recurrent !== undefined,
} as const satisfies Readonly<Record<string, (meta: AnyMeta) => boolean>>;

export type Family = keyof typeof families;

export const familyNames = Object.keys(families) as Family[];

const all = walkCases('bindsnet', { marker: 'meta.json' });

/** The cases of a family. */
export function bindsnetCases(family: Family): CaseFolder[] {
  return all.filter(({ folder }) => families[family](readMeta(folder) as AnyMeta));
}

/** Every case with the families that it belongs to. */
export function familiesOfCases(): { readonly name: string; readonly families: readonly Family[] }[] {
  return all.map((each) => ({
    name: each.name,
    families: familyNames.filter((name) => families[name](readMeta(each.folder) as AnyMeta)),
  }));
}
