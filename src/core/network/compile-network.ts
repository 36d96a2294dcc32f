/** Compiles a network as a user describes it to the flat program that engines run. */
import { invalidArgument, unknownName } from '../../errors.js';
import { renumberSpikes } from '../encoding/spike-train.js';
import { roundTo } from '../precision.js';
import { checkVariables } from './connection-variables.js';
import { modelInPrecision, ruleInPrecision } from './double-precision.js';
import { decayPerStep, inputsOf, type LayerDescription } from './nodes/neuron-model.js';
import type { Program, ProgramConnection, ProgramLayer, SynapseProgram } from './program.js';
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
export type ProgramSettings = Pick<Program, 'dt' | 'seed' | 'propagation' | 'precision'>;

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
  const layers = [...described].map(([name, layer], index) => compileLayer(settings, name, layer, index));
  return {
    ...settings,
    layers,
    connections: connections.map((connection) => compileConnection(settings, described, layers, connection)),
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
    spikes: layer.spikes ? renumberSpikes(layer.spikes(dt), engineOrder(layer.shape)) : null,
    tracePreDecay: decayPerStep(dt, layer.tcTracePre, precision),
    tracePostDecay: decayPerStep(dt, layer.tcTracePost, precision),
  };
}

function compileConnection(
  settings: ProgramSettings,
  described: ReadonlyMap<string, LayerDescription>,
  layers: readonly ProgramLayer[],
  { name, source, target, connection }: NamedConnection,
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
  if (connection.kind === 'uniform')
    return { kind: 'uniform', ...ends, weight: roundTo[settings.precision](connection.weight) };
  return {
    kind: 'synapses',
    ...ends,
    ...compileSynapses(settings, connection, [from, onto], [layers[ends.source], layers[ends.target]], place),
  };
}

type SynapseSettings = Omit<SynapseProgram, 'kind' | 'name' | 'source' | 'target' | 'into'>;

function compileSynapses(
  { dt, precision }: ProgramSettings,
  connection: SynapticConnection,
  [{ tcTracePre: tcSource }, { tcTracePost: tcTarget }]: readonly LayerDescription[],
  [from, onto]: readonly ProgramLayer[],
  place: string,
): SynapseSettings {
  const silent = [from, onto].find(({ model }) => model.emits !== undefined);
  if (silent && connection.rule.kernel === 'post-pre') {
    const expectation = `layers that spike, from whose spikes ${connection.rule.name} learns`;
    throw invalidArgument(place, expectation, silent.name);
  }
  const wiring = connection.wire(from.shape, onto.shape, place);
  checkWiring(wiring, from.shape, onto.shape, place);
  const { engineIndex, fanOut } = wiring;
  const [wMin, wMax] = [connection.wMin, connection.wMax].map(roundTo[precision]);
  const context = { dt, engineIndex, wMin, wMax, tcSource, tcTarget, precision };
  const rule = ruleInPrecision(connection.rule, precision, place);
  const compiledRule = rule.compile?.(context) ?? null;
  const equations = () => (rule.compile ? rule : rule.equations?.());
  checkRuleNeurons(compiledRule, rule.name, { source: from, target: onto }, place);
  const sourceOrder = engineOrder(from.shape);
  const compiledSynapse =
    connection.synapse?.compile({ dt, precision, fanOut, sourceOrder, engineIndex, place }) ?? null;
  checkSynapseNeurons(compiledSynapse, { source: from, target: onto }, place);
  checkVariables({ compiledRule, compiledSynapse }, place);
  return {
    wiring,
    rule,
    compiledRule,
    compiledSynapse,
    compileTogether: () => equations()?.compile?.({ ...context, together: true }) ?? null,
    wMin,
    wMax,
    norm: connection.norm,
  };
}

/** The input of a layer that a connection names, or the first. */
function findInput(layer: LayerDescription, target: string, into: string | null, place: string): string {
  const known = inputsOf(layer.model);
  if (into !== null && !known.includes(into)) throw unknownName(place, `input of ${target}`, into, known);
  return into ?? known[0];
}
