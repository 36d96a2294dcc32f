/**
 * The living definition of what a network does: plain loops in float32, one step after another.  Other engines are right
 * when they agree with this one, so a change of semantics begins here.
 */
import { spikesAt } from '../../encoding/spike-train.js';
import { invalidArgument } from '../../errors.js';
import { checkPresentation, readSpikes } from '../../network/check-presentation.js';
import { checkVariable } from '../../network/layer-variables.js';
import { letEventsIn } from '../let-events-in.js';
import { normalizeColumns } from '../normalize-columns.js';
import { Turns } from '../turns.js';
import {
  arrivesInSameStep,
  type Program,
  type ProgramConnection,
  type ProgramLayer,
  type SynapseProgram,
} from '../../network/program.js';
import {
  type Engine,
  type Presentation,
  type PresentOptions,
  registerEngine,
  type Simulation,
} from '../../network/simulation.js';

const { fround } = Math;

interface LayerState {
  readonly variables: Record<string, Float32Array>;
  readonly spikes: Uint8Array;
  readonly input: Float32Array;
  readonly tracePre: Float32Array;
  readonly tracePost: Float32Array;
  /** Neurons that have spiked since the state was reset. */
  readonly spiked: Uint8Array;
}

interface SynapseState {
  readonly weights: Float32Array;
  /** [group, column] 1 where clamping has changed a weight since the last normalisation. */
  readonly clamped: Uint8Array;
  plastic: boolean;
  /** Whether every column summed to the norm when the present image began. */
  normalized: boolean;
  /** Whether the connection has learned since it was last normalised. */
  learned: boolean;
}

class ReferenceSimulation implements Simulation {
  readonly engine = 'reference';
  readonly #layers: LayerState[];
  readonly #synapses: (SynapseState | null)[];
  readonly #turns = new Turns();

  constructor(readonly program: Program) {
    this.#layers = program.layers.map((layer) => ({
      variables: Object.fromEntries(
        Object.entries(layer.model.initialState(layer.constants)).map(([name, value]) => [
          name,
          new Float32Array(layer.size).fill(value),
        ]),
      ),
      spikes: new Uint8Array(layer.size),
      input: new Float32Array(layer.size),
      tracePre: new Float32Array(layer.size),
      tracePost: new Float32Array(layer.size),
      spiked: new Uint8Array(layer.size),
    }));
    this.#synapses = program.connections.map((connection) =>
      connection.kind === 'uniform'
        ? null
        : {
            weights: new Float32Array(connection.wiring.engineIndex.length),
            clamped: new Uint8Array(connection.wiring.nGroups * connection.wiring.fanOut.rowLength),
            plastic: true,
            normalized: false,
            learned: false,
          },
    );
  }

  getWeights(connection: number): Float32Array {
    return this.#synapse(connection).weights.slice();
  }

  setWeights(connection: number, weights: Float32Array, normalized: boolean): void {
    const synapse = this.#synapse(connection);
    synapse.weights.set(weights);
    synapse.clamped.fill(0);
    synapse.normalized = normalized;
    synapse.learned = false;
  }

  getVariable(layer: number, variable: string): Float32Array {
    return Float32Array.from(this.#variable(layer, variable));
  }

  setVariable(layer: number, variable: string, values: Float32Array): void {
    checkVariable(this.program.layers[layer], variable, 'set');
    this.#variable(layer, variable).set(values);
  }

  setPlastic(connection: number, plastic: boolean): void {
    this.#synapse(connection).plastic = plastic;
  }

  resetState(): void {
    this.program.layers.forEach((layer, index) => {
      const state = this.#layers[index];
      for (const [name, value] of Object.entries(layer.model.initialState(layer.constants))) {
        if (!layer.model.persistent.includes(name)) state.variables[name].fill(value);
      }
      for (const array of [state.spikes, state.input, state.tracePre, state.tracePost, state.spiked])
        array.fill(0);
    });
    for (const synapse of this.#synapses) {
      // What was learned and never normalised: no column is known to sum to the norm any more.
      if (!synapse?.learned) continue;
      synapse.normalized = false;
      synapse.learned = false;
    }
  }

  step(inputs: ReadonlyMap<number, Uint32Array>, learn: boolean): void {
    const { program } = this;
    program.layers.forEach((layer, index) => {
      this.#propagate((connection) => connection.target === index && arrivesInSameStep(program, connection));
      this.#stepLayer(layer, index, inputs.get(index), learn);
    });
    program.connections.forEach((connection, index) => {
      if (learn && connection.kind === 'synapses') this.#learn(connection, this.#synapse(index));
    });
    this.#propagate((connection) => !arrivesInSameStep(program, connection));
  }

  normalize(only?: number): void {
    this.program.connections.forEach((connection, index) => {
      if (connection.kind === 'uniform' || connection.norm === null) return;
      const synapse = this.#synapse(index);
      if (only === undefined ? !synapse.plastic : index !== only) return;
      this.#normalize(connection, synapse);
      synapse.normalized = true;
      synapse.learned = false;
    });
  }

  present(presentation: Presentation, options: PresentOptions): Promise<number> {
    return this.#turns.take(() => this.#present(presentation, options));
  }

  async #present(presentation: Presentation, options: PresentOptions): Promise<number> {
    checkPresentation(this.program, presentation, options);
    const { size } = this.program.layers[options.count];
    const { countEvery = presentation.steps } = options;
    let image = 0;
    for (; image < presentation.count && !options.signal?.aborted; image++) {
      const counts = new Uint16Array(size * Math.ceil(presentation.steps / countEvery));
      const spikes = new Uint32Array(this.#layers.length);
      const train = readSpikes(this.program, presentation, image);
      this.resetState();
      for (let t = 0; t < presentation.steps; t++) {
        this.step(new Map([[presentation.layer, spikesAt(train, t)]]), options.learn);
        const window = size * Math.floor(t / countEvery);
        this.#layers[options.count].spikes.forEach((spike, j) => {
          counts[window + j] += spike;
        });
        this.#layers.forEach((layer, index) => {
          spikes[index] += countOnes(layer.spikes);
        });
      }
      if (options.learn) this.normalize();
      options.onCounts?.(counts, image);
      options.onSpikes?.(spikes, image);
      options.onProgress?.(image + 1);
      await letEventsIn();
    }
    this.resetState();
    return image;
  }

  dispose(): void {}

  #synapse(connection: number): SynapseState {
    const synapse = this.#synapses[connection];
    if (!synapse) throw invalidArgument('simulation', 'a connection with weights', connection);
    return synapse;
  }

  #variable(layer: number, variable: string): Float32Array | Uint8Array {
    checkVariable(this.program.layers[layer], variable, 'get');
    const { variables, spikes, input, tracePre, tracePost } = this.#layers[layer];
    const all: Record<string, Float32Array | Uint8Array> = {
      ...variables,
      spikes,
      input,
      tracePre,
      tracePost,
    };
    return all[variable];
  }

  #stepLayer(layer: ProgramLayer, index: number, given: Uint32Array | undefined, learn: boolean): void {
    const { variables, spikes, input, tracePre, tracePost, spiked } = this.#layers[index];
    if (layer.model.kernel === 'input') {
      spikes.fill(0);
      for (const neuron of given ?? []) spikes[neuron] = 1;
    } else {
      layer.model.step({ state: variables, constants: layer.constants, input, spikes, learn });
      input.fill(0);
    }
    for (let i = 0; i < spikes.length; i++) {
      tracePre[i] = spikes[i] ? 1 : fround(tracePre[i] * layer.tracePreDecay);
      tracePost[i] = spikes[i] ? 1 : fround(tracePost[i] * layer.tracePostDecay);
      if (spikes[i]) spiked[i] = 1;
    }
  }

  #learn(connection: SynapseProgram, synapse: SynapseState): void {
    if (!synapse.plastic || connection.rule.kernel === 'none') return;
    const source = this.#layers[connection.source];
    const target = this.#layers[connection.target];
    const { weights, clamped } = synapse;
    const { fanOut, nGroups, maskSelf } = connection.wiring;
    connection.rule.update({
      fanOut,
      weights,
      sourceSpikes: source.spikes,
      targetSpikes: target.spikes,
      sourceTrace: source.tracePre,
      targetTrace: target.tracePost,
    });
    synapse.learned = true;
    // Normalisation can push weights over the bounds, so clamping reaches every weight, not only those that learned.
    const groupSize = weights.length / nGroups;
    for (let w = 0; w < weights.length; w++) {
      const column = w % fanOut.rowLength;
      if (maskSelf && Math.floor(w / fanOut.rowLength) % fanOut.rowLength === column) {
        weights[w] = 0;
        continue;
      }
      const within = Math.min(connection.wMax, Math.max(connection.wMin, weights[w]));
      if (within !== weights[w]) clamped[Math.floor(w / groupSize) * fanOut.rowLength + column] = 1;
      weights[w] = within;
    }
  }

  /** Adds to the inputs of targets what the present spikes send them: connections in their order, sources ascending. */
  #propagate(isChosen: (connection: ProgramConnection) => boolean): void {
    this.program.connections.forEach((connection, index) => {
      if (!isChosen(connection)) return;
      const { spikes } = this.#layers[connection.source];
      const { input } = this.#layers[connection.target];
      if (connection.kind === 'uniform') {
        const { channels } = this.program.layers[connection.target].shape;
        for (let start = 0; start < spikes.length; start += channels) {
          let count = 0;
          for (let k = 0; k < channels; k++) count += spikes[start + k];
          if (count === 0) continue;
          for (let j = start; j < start + channels; j++) {
            input[j] = fround(input[j] + fround(connection.weight * (count - spikes[j])));
          }
        }
        return;
      }
      const { start, row, target, rowLength } = connection.wiring.fanOut;
      const { weights } = this.#synapse(index);
      for (let i = 0; i < spikes.length; i++) {
        if (!spikes[i]) continue;
        for (let e = start[i]; e < start[i + 1]; e++) {
          for (let k = 0; k < rowLength; k++) {
            input[target[e] + k] = fround(input[target[e] + k] + weights[row[e] * rowLength + k]);
          }
        }
      }
    });
  }

  /** Scales every column that has changed to the norm: its target has spiked, or clamping has met it. */
  #normalize(connection: SynapseProgram, synapse: SynapseState): void {
    const { fanOut, nGroups } = connection.wiring;
    const { weights, clamped } = synapse;
    const { spiked } = this.#layers[connection.target];
    const everyColumn = !synapse.normalized || !connection.rule.changesOnlySpikingTargets;
    normalizeColumns(
      connection,
      weights,
      (group, column) =>
        everyColumn ||
        clamped[group * fanOut.rowLength + column] === 1 ||
        hasSpiked(spiked, fanOut.rowLength, column, nGroups === 1 ? null : group),
    );
    clamped.fill(0);
  }
}

/** Whether the neuron of this channel has spiked at the position, or at any position (null). */
function hasSpiked(spiked: Uint8Array, channels: number, channel: number, position: number | null): boolean {
  if (position !== null) return spiked[position * channels + channel] === 1;
  for (let j = channel; j < spiked.length; j += channels) if (spiked[j]) return true;
  return false;
}

function countOnes(spikes: Uint8Array): number {
  let count = 0;
  for (const spike of spikes) count += spike;
  return count;
}

export const referenceEngine: Engine = {
  name: 'reference',
  prepare: (program) => new ReferenceSimulation(program),
};

registerEngine(referenceEngine);
