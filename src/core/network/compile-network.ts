/** Compiles a network as a user describes it to the flat program that engines run. */
import { invalidArgument, unknownName } from '../../errors.js';
import { roundTo } from '../precision.js';
import { compileBias } from './biases.js';
import { checkVariables } from './connection-variables.js';
import { countDelay, countDelays, type Delay, type DelayContext, type DelaySteps } from './delays.js';
import { orderByDelay } from './topology/order-by-delay.js';
import { modelInPrecision, ruleAsEquations, ruleInPrecision } from './double-precision.js';
import { decayPerStep, inputsOf, type LayerDescription } from './nodes/neuron-model.js';
import type { Program, ProgramConnection, ProgramLayer, Propagation, SynapseProgram } from './program.js';
import { checkRuleNeurons, checkSynapseNeurons } from './rule-inputs.js';
import { countNeurons, engineOrder, toEngineSpikes } from './shape.js';
import { checkWiring } from './topology/check-wiring.js';
import type { LateralCompetition } from './topology/lateral.js';
import { applyMask } from './topology/mask.js';
import type { SynapticConnection, Wiring } from './topology/topology.js';
import { compileBounds } from './weight-bounds.js';

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
    spikes: layer.spikes ? toEngineSpikes(layer.spikes(dt), layer.shape, engineOrder(layer.shape)) : null,
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
  const { seed, precision } = settings;
  const isForward = ends.source < ends.target;
  const standard = settings.propagation === 'same-step' && isForward ? 0 : 1;
  const timing = { dt: settings.dt, seed, index, standard, isForward, place };
  if (connection.kind === 'uniform') {
    const weight = roundTo[precision](connection.weight);
    const delay = countDelay(connection.delay, timing);
    return { kind: 'uniform', ...ends, weight, among: connection.among, delay };
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
    bias: compileBias(connection.bias, { seed, connection: index, target: onto.shape, precision, place }),
  };
}

type SynapseSettings = Omit<SynapseProgram, 'kind' | 'name' | 'source' | 'target' | 'into' | 'bias'>;

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
  const topology = connection.wire(from.shape, onto.shape, place, timing);
  checkWiring(topology, from.shape, onto.shape, place);
  const masked = applyMask(topology, connection.mask, place);
  checkDelivery(connection, masked, from, place);
  const { wiring, delay } = compileDelays(masked, connection.delay, timing);
  const { engineIndex, fanOut } = wiring;
  const bounds = compileBounds(connection, { wiring, source: from.shape, precision, place });
  const { low, high } = bounds.ownBounds ?? {};
  const [wMin, wMax] = [
    low ? Float64Array.from(low) : bounds.wMin,
    high ? Float64Array.from(high) : bounds.wMax,
  ];
  const size = fanOut.nRows * fanOut.rowLength;
  const summed = wiring.updates === 'summed' && connection.rule.kernel !== 'none';
  const context = { dt, engineIndex, size, wMin, wMax, tcSource, tcTarget, precision, summed };
  const hasPlainRows = !wiring.isSparse && typeof delay === 'number';
  checkSingle(wiring, delay, bounds.ownBounds !== null, place);
  const asked = summed ? ruleAsEquations(connection.rule, place) : connection.rule;
  const own = ruleInPrecision(asked, precision, place);
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
    ...bounds,
    norm: connection.norm,
    delay,
  };
}

/** The delays of the synapses; those of a source of sparse ones follow each other in the order of their delays. */
function compileDelays(
  wiring: Wiring,
  given: Delay | null,
  timing: DelayContext,
): { readonly wiring: Wiring; readonly delay: DelaySteps } {
  const { nRows, rowLength } = wiring.fanOut;
  const delay = countDelays(given, wiring.engineIndex, nRows * rowLength, timing);
  return wiring.isSparse && typeof delay !== 'number' ? orderByDelay(wiring, delay) : { wiring, delay };
}

/** Where something else than the weights of spiking sources reaches the target, no rule and no synapse model can say what that is. */
function checkDelivery(
  { rule, synapse }: SynapticConnection,
  { delivery }: Wiring,
  from: ProgramLayer,
  place: string,
): void {
  if (!delivery) return;
  const of = `of a connection that delivers a ${delivery.kind}`;
  if (rule.kernel !== 'none') throw invalidArgument(place, `no rule ${of}`, rule.name);
  if (synapse) throw invalidArgument(place, `no synapse model ${of}`, synapse.name);
  if (from.model.emits !== undefined)
    throw invalidArgument(place, `a source ${of} to be a layer that spikes`, from.name);
}

/** The input of a layer that a connection names, or the first. */
function findInput(layer: LayerDescription, target: string, into: string | null, place: string): string {
  const known = inputsOf(layer.model);
  if (into !== null && !known.includes(into)) throw unknownName(place, `input of ${target}`, into, known);
  return into ?? known[0];
}

/** @throws LocusError where synapses that engines visit one by one have what only whole rows do */
function checkSingle(
  { isSparse, delivery, updates }: Wiring,
  delay: DelaySteps,
  hasOwnBounds: boolean,
  place: string,
): void {
  if (!isSparse && typeof delay === 'number') return;
  const what = isSparse ? 'a sparse connection' : 'delays of each synapse';
  if (delivery) throw invalidArgument(place, `spikes that arrive one by one with ${what}`, delivery.kind);
  if (updates === 'summed') throw invalidArgument(place, `updates in turn with ${what}`, updates);
  if (hasOwnBounds)
    throw invalidArgument(place, `one wMin, wMax and sign for all synapses with ${what}`, 'lists');
}
