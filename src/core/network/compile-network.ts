/** Compiles a network as a user describes it to the flat program that engines run. */
import { invalidArgument, unknownName } from '../../errors.js';
import { roundTo } from '../precision.js';
import { checkVariables } from './connection-variables.js';
import { countDelay, countDelays, type DelayContext } from './delays.js';
import { modelInPrecision, ruleInPrecision } from './double-precision.js';
import { decayPerStep, inputsOf, type LayerDescription } from './nodes/neuron-model.js';
import type { Program, ProgramConnection, ProgramLayer, Propagation, SynapseProgram } from './program.js';
import { checkRuleNeurons, checkSynapseNeurons } from './rule-inputs.js';
import { countNeurons, engineOrder } from './shape.js';
import { checkWiring } from './topology/check-wiring.js';
import type { LateralCompetition } from './topology/lateral.js';
import type { SynapticConnection } from './topology/topology.js';

export type ConnectionDescription = SynapticConnection | LateralCompetition;

export interface NamedConnection {
  readonly name: string;
  /** Names of layers. */
  readonly source: string;
  readonly target: string;
  readonly connection: ConnectionDescription;
}

/** What a program takes from its network as it is. */
export interface ProgramSettings extends Pick<Program, 'dt' | 'seed' | 'precision'> {
  readonly propagation: Propagation;
}

/**
 * The program of layers and connections, in their order.
 *
 * @throws LocusError that names the layer or connection which does not fit
 */
export function compileNetwork(
  settings: ProgramSettings,
  described: ReadonlyMap<string, LayerDescription>,
  connections: readonly NamedConnection[],
): Program {
  const { dt, seed, precision } = settings;
  const layers = [...described].map(([name, layer], index) => compileLayer(settings, name, layer, index));
  return {
    dt,
    seed,
    precision,
    layers,
    connections: connections.map((connection, index) =>
      compileConnection(settings, described, layers, connection, index),
    ),
  };
}

function compileLayer(
  { dt, seed, precision }: ProgramSettings,
  name: string,
  layer: LayerDescription,
  index: number,
): ProgramLayer {
  const own = layer.modelOf?.(seed, index) ?? layer.model;
  const model = modelInPrecision(layer, own, precision, `Network layer ${name}`);
  return {
    name,
    model,
    equations: () => (model.compile ? model : (layer.equations?.() ?? null)),
    constants: layer.constants(dt),
    shape: layer.shape,
    size: countNeurons(layer.shape),
    tracePreDecay: decayPerStep(dt, layer.tcTracePre, precision),
    tracePostDecay: decayPerStep(dt, layer.tcTracePost, precision),
  };
}

function compileConnection(
  settings: ProgramSettings,
  described: ReadonlyMap<string, LayerDescription>,
  layers: readonly ProgramLayer[],
  { name, source, target, connection }: NamedConnection,
  index: number,
): ProgramConnection {
  const place = `Network connection ${name}`;
  const [from, onto] = [source, target].map((end) => described.get(end) as LayerDescription);
  const names = [...described.keys()];
  const ends = {
    name,
    source: names.indexOf(source),
    target: names.indexOf(target),
    into: findInput(onto, target, connection.into, place),
  };
  const isForward = ends.source < ends.target;
  const standard = settings.propagation === 'same-step' && isForward ? 0 : 1;
  const timing = { dt: settings.dt, seed: settings.seed, index, standard, isForward, place };
  if (connection.kind === 'uniform') {
    const weight = roundTo[settings.precision](connection.weight);
    return { kind: 'uniform', ...ends, weight, delay: countDelay(connection.delay, timing) };
  }
  return {
    kind: 'synapses',
    ...ends,
    ...compileSynapses(
      settings,
      connection,
      [from, onto],
      [layers[ends.source], layers[ends.target]],
      timing,
    ),
  };
}

type SynapseSettings = Omit<SynapseProgram, 'kind' | 'name' | 'source' | 'target' | 'into'>;

function compileSynapses(
  { dt, precision }: ProgramSettings,
  connection: SynapticConnection,
  [{ tcTracePre: tcSource }, { tcTracePost: tcTarget }]: readonly LayerDescription[],
  [from, onto]: readonly ProgramLayer[],
  timing: DelayContext,
): SynapseSettings {
  const { place } = timing;
  const silent = [from, onto].find(({ model }) => model.emits !== undefined);
  if (silent && connection.rule.kernel === 'post-pre') {
    const expectation = `layers that spike, from whose spikes ${connection.rule.name} learns`;
    throw invalidArgument(place, expectation, silent.name);
  }
  const wiring = connection.wire(from.shape, onto.shape, place, timing);
  checkWiring(wiring, from.shape, onto.shape, place);
  const { engineIndex, fanOut } = wiring;
  const [wMin, wMax] = [connection.wMin, connection.wMax].map(roundTo[precision]);
  const context = { dt, engineIndex, wMin, wMax, tcSource, tcTarget, precision };
  const delay = countDelays(connection.delay, engineIndex, fanOut.nRows * fanOut.rowLength, timing);
  const hasPlainRows = !wiring.isSparse && typeof delay === 'number';
  const own = ruleInPrecision(connection.rule, precision, place);
  // Kernels that are written by hand take rows of weights whose synapses see their source at one time.
  const rule = hasPlainRows ? own : (own.equations?.() ?? own);
  const compiledRule = rule.compile?.(context) ?? null;
  const equations = () => (rule.compile ? rule : rule.equations?.());
  checkRuleNeurons(compiledRule, rule.name, { source: from, target: onto }, place);
  const sourceOrder = engineOrder(from.shape);
  const compiledSynapse =
    connection.synapse?.compile({ dt, precision, fanOut, sourceOrder, engineIndex, place }) ?? null;
  checkSynapseNeurons(compiledSynapse, { source: from, target: onto }, place);
  checkVariables({ compiledRule, compiledSynapse }, place);
  if (!hasPlainRows && rule.kernel !== 'none' && !compiledRule) {
    const expectation = `a learning rule of equations, which sparse synapses and delays of each synapse need`;
    throw invalidArgument(place, expectation, rule.name);
  }
  if (compiledSynapse && typeof delay !== 'number') {
    const expectation = `one delay for all synapses of the synapse model ${compiledSynapse.name}`;
    throw invalidArgument(place, expectation, 'a delay for each');
  }
  return {
    wiring,
    rule,
    compiledRule,
    compiledSynapse,
    compileTogether: () => equations()?.compile?.({ ...context, together: true }) ?? null,
    wMin,
    wMax,
    norm: connection.norm,
    delay,
  };
}

/** The input of a layer that a connection names, or the first. */
function findInput(layer: LayerDescription, target: string, into: string | null, place: string): string {
  const known = inputsOf(layer.model);
  if (into !== null && !known.includes(into)) throw unknownName(place, `input of ${target}`, into, known);
  return into ?? known[0];
}
