/** Makes a class of layers of a definition. */
import { oneOf, required, readOptions, type Schema } from '../../options.js';
import type { LayerParameters } from '../network/nodes/leaky.js';
import {
  type LayerDescription,
  type NeuronConstants,
  type NeuronModel,
  type NeuronStep,
  timeConstant,
} from '../network/nodes/neuron-model.js';
import { engineOrder, type LayerShape, parseShape, shapeField } from '../network/shape.js';
import { kernelField, type Kernels } from './convolutions.js';
import type { Graph, Known } from './graph.js';
import { Interpreter, interpretTogether } from './interpret.js';
import {
  type NeuronDefinition,
  type NeuronEquations,
  readNeuronDefinition,
  type Selection,
  selections,
} from './neuron-definition.js';
import type { Precision } from '../precision.js';
import { type CompiledNeurons, compileNeurons, type NeuronGraph } from './neuron-graph.js';
import {
  drawParameter,
  isDistribution,
  parameterField,
  type ParameterDistribution,
  type ParameterValue,
  readParameter,
} from './parameter-values.js';

/** Shape and traces as of every layer, and parameters by the names of the definition. */
export type DefinedParameters = LayerParameters & Readonly<Record<string, unknown>>;

/** A layer of defined neurons. */
export interface DefinedLayer extends LayerDescription {
  /** As they were given, in the units of the definition. */
  readonly options: DefinedParameters;
  /** Values in mV, ms, pA, engine order where there is one for every neuron. */
  readonly parameters: ReadonlyMap<string, Known | ParameterDistribution>;
  /** Weights of the last steps, the oldest first. */
  readonly kernels: Kernels;
}

export interface DefinedNeuron {
  new (parameters: DefinedParameters): DefinedLayer;
  readonly definition: NeuronDefinition;
}

/**
 * A neuron model from its equations, for `Network.addLayer`; its layers run on every engine; `gpu` and `gpu-webasm` refuse draws.
 *
 * @example
 * const Izhikevich = defineNeuron({ name: 'Izhikevich', parameters: { a: 0.02, … }, state: { v: -65, u: 'b * -65' }, step: '…', spike: 'v >= 45' });
 * network.addLayer('Y', new Izhikevich({ shape: 100, a: 0.1 }));
 * @throws LocusError that names the text, line and column, and what was expected
 */
export function defineNeuron(given: NeuronDefinition): DefinedNeuron {
  const model = readModel(given);
  return makeClass(model.equations.definition, () => model);
}

/** A model of the shelf: its texts are read when its first layer is made, so that importing all of the shelf costs nothing. */
export function defineOnShelf(definition: NeuronDefinition): DefinedNeuron {
  let model: ReadModel | undefined;
  return makeClass(definition, () => (model ??= readModel(definition)));
}

interface ReadModel {
  readonly equations: NeuronEquations;
  /** Of the options of its layers. */
  readonly schema: Schema<DefinedParameters>;
}

function readModel(given: NeuronDefinition): ReadModel {
  const equations = readNeuronDefinition(given);
  // Reads every name of every text once, so that an unknown one is an error here and not in a network.
  compileNeurons(equations, equations.parameters, 1, equations.kernels);
  const schema = {
    shape: required(shapeField),
    tcTracePre: timeConstant,
    tcTracePost: timeConstant,
    ...Object.fromEntries([...equations.kernels.keys()].map((kernel) => [kernel, kernelField])),
    ...(equations.definition.select && { select: oneOf(selections) }),
    ...Object.fromEntries([...equations.parameters.keys()].map((parameter) => [parameter, parameterField])),
  } as Schema<DefinedParameters>;
  return { equations, schema };
}

function makeClass(definition: NeuronDefinition, read: () => ReadModel): DefinedNeuron {
  const { name } = definition;
  return class implements DefinedLayer {
    static readonly definition = definition;
    static readonly definitionKind = 'neuron';
    readonly options: DefinedParameters;
    readonly model: NeuronModel;
    readonly shape: LayerShape;
    readonly tcTracePre: number;
    readonly tcTracePost: number;
    readonly modelOf: (seed: number, layer: number) => NeuronModel;
    readonly parameters: ReadonlyMap<string, Known | ParameterDistribution>;
    readonly kernels: Kernels;

    constructor(parameters: DefinedParameters) {
      const { equations, schema } = read();
      this.options = readOptions(name, schema, parameters);
      const { shape, tcTracePre = 20, tcTracePost = 20, select, ...values } = this.options;
      this.shape = parseShape(shape, name);
      this.tcTracePre = tcTracePre;
      this.tcTracePost = tcTracePost;
      const order = engineOrder(this.shape);
      this.parameters = new Map(
        [...equations.parameters].map(([parameter, value]) => {
          const chosen = values[parameter] as ParameterValue | undefined;
          if (chosen === undefined) return [parameter, value];
          const scale = equations.scales.get(parameter) ?? 1;
          return [parameter, readParameter(chosen, scale, order, [name, parameter])];
        }),
      );
      this.kernels = new Map(
        [...equations.kernels].map(([kernel, weights]) => [
          kernel,
          (values[kernel] as ArrayLike<number> | undefined) ?? weights,
        ]),
      );
      const chosenSelect = (select as Selection | undefined) ?? definition.select;
      this.modelOf = (seed, layer) => {
        const drawn = [...this.parameters].map(([parameter, value], index): [string, Known] => [
          parameter,
          isDistribution(value) ? drawParameter(value, order, seed, layer, index) : value,
        ]);
        return makeModel(equations, new Map(drawn), this.kernels, chosenSelect);
      };
      this.model = this.modelOf(0, 0);
    }

    constants(dt: number): NeuronConstants {
      return { dt };
    }
  };
}

function makeModel(
  equations: NeuronEquations,
  parameters: ReadonlyMap<string, Known>,
  kernels: Kernels,
  select: Selection | undefined,
): NeuronModel {
  const { definition } = equations;
  const compiled = new Map<string, CompiledNeurons>();
  const compile = (dt: number, precision: Precision = 'single'): CompiledNeurons => {
    const key = `${dt} ${precision}`;
    const known = compiled.get(key);
    if (known) return known;
    const made = compileNeurons(equations, parameters, dt, kernels, precision);
    compiled.set(key, made);
    return made;
  };
  const interpreters = new Map<string, Interpreter>();
  const interpreterOf = (graph: Graph, size: number, key: string): Interpreter => {
    const interpreter = interpreters.get(`${key} ${size}`) ?? new Interpreter(graph, size);
    interpreters.set(`${key} ${size}`, interpreter);
    return interpreter;
  };
  const { persistent = [] } = definition;
  const step = (given: NeuronStep<Precision>) => {
    const { constants, spikes, learn, precision } = given;
    const graphs = compile(constants.dt, precision);
    const found = learn ? graphs.learning : graphs.frozen;
    const interpreter = interpreterOf(found.graph, spikes.length, `${constants.dt} ${precision} ${learn}`);
    interpreter.run(valuesOf(given));
    writeStep(given, readStep(found, interpreter));
  };
  const stepTogether = (steps: readonly NeuronStep[]) => {
    const [{ constants, spikes }] = steps;
    const together = compile(constants.dt).together();
    const own = steps.map((_, sample) =>
      interpreterOf(together.graph, spikes.length, `${constants.dt} sample ${sample}`),
    );
    interpretTogether(together, own, steps.map(valuesOf), spikes.length);
    // Read first: what they share, which is the same of each, another may still be given.
    const left = own.map((interpreter) => readStep(together, interpreter));
    steps.forEach((each, sample) => writeStep(each, left[sample]));
  };
  return {
    name: definition.name,
    kernel: 'defined',
    persistent,
    inputs: [...equations.inputs.keys()],
    ...(definition.emit === undefined ? {} : { emits: definition.emit }),
    initialState: ({ dt }) => Object.fromEntries(compile(dt).initial),
    compile,
    draws: equations.draws,
    isExclusive: select === 'one-of-layer',
    step,
    stepTogether,
  };
}

/** What the graph of a step is given, by name. */
function valuesOf({ state, draws, inputs, spikes }: NeuronStep<Precision>) {
  return { ...state, ...draws, ...inputs, spiked: spikes };
}

/** Copies of the state that a graph leaves, and of its condition of a spike: a variable may become what another was. */
function readStep({ state, spike }: Pick<NeuronGraph, 'state' | 'spike'>, interpreter: Interpreter) {
  return {
    state: [...state].map(([variable, node]) => [variable, interpreter.read(node).slice()] as const),
    spike: interpreter.read(spike).slice(),
  };
}

function writeStep({ state, spikes }: NeuronStep<Precision>, left: ReturnType<typeof readStep>): void {
  for (const [variable, values] of left.state) state[variable].set(values);
  // A condition may be any number: `spike: 'v'`.
  left.spike.forEach((value, j) => {
    spikes[j] = value !== 0 ? 1 : 0;
  });
}
