/** The defined rules of a network on the host: their variables and signals, and what a call to the device is given of them. */
import { unknownName } from '../../../errors.js';
import type { SpikeTrain } from '../../encoding/spike-train.js';
import { ownerOf } from '../../network/connection-variables.js';
import type { Program } from '../../network/program.js';
import { checkSignals, Signals } from '../../network/rule-inputs.js';
import type { Presentation, RunSteps } from '../../network/simulation.js';
import type { DeviceWeights } from './device-weights.js';
import { type GpuPlan, never } from './plan-network.js';
import { type KeptRule, RuleMirror, type SignalRows } from './rule-mirror.js';
import type { RuleInput } from './run-pipeline.js';

/** What the last step has left of the neurons. */
export interface NeuronsFound {
  /** Of inputs, steps since the last spike. */
  readonly inputAges: Uint16Array;
  /** The same of a neuron. */
  readonly ageOf: (neuron: number) => number;
}

export class DefinedRules {
  readonly #signals: Signals;
  /** By connection. */
  readonly #mirrors: readonly (RuleMirror | null)[];

  constructor(
    readonly plan: GpuPlan,
    program: Program,
  ) {
    this.#signals = new Signals(program);
    this.#mirrors = [plan.forward, plan.lateral].map((connection) =>
      connection?.rule ? new RuleMirror(plan, connection.rule, connection.program) : null,
    );
  }

  /** State of synapses that the device works on. */
  get devices(): readonly DeviceWeights[] {
    return this.#mirrors.flatMap((mirror) => (mirror ? [mirror.device] : []));
  }

  get(connection: number, variable: string): Float32Array {
    return this.#mirror(connection, variable).get(variable);
  }

  set(connection: number, variable: string, values: Float32Array): void {
    this.#mirror(connection, variable).set(variable, values);
  }

  setSignal(name: string, value: number): void {
    this.#signals.set(name, value);
  }

  reset(): void {
    for (const mirror of this.#mirrors) mirror?.reset();
  }

  keep(): readonly (KeptRule | undefined)[] {
    return this.#mirrors.map((mirror) => mirror?.keep());
  }

  restore(kept: readonly (KeptRule | undefined)[]): void {
    kept.forEach((each, connection) => {
      if (each) this.#mirrors[connection]?.restore(each);
    });
  }

  /** Traces follow the spikes of the last step. */
  follow({ inputAges, ageOf }: NeuronsFound): void {
    if (this.devices.length === 0) return;
    const inputs = Uint8Array.from(inputAges, (age) => Number(age === 0));
    const neurons = Uint8Array.from({ length: this.plan.neurons.layer.size }, (_, i) =>
      Number(ageOf(i) === 0),
    );
    for (const mirror of this.#mirrors) mirror?.follow(mirror.rule.hasInputs ? inputs : neurons, neurons);
  }

  /** Takes over the state of synapses after a step, or (null) as the device has left it. */
  show(connection: number, padded: Float32Array | null): void {
    const mirror = this.#mirrors[connection];
    if (mirror) mirror.show(padded ?? mirror.device.values);
  }

  /**
   * The signals of every step; those that are given are set.
   *
   * @throws LocusError for a signal that the rule of a connection which learns reads, and that was never given
   */
  readSignals(
    steps: number,
    learns: (connection: number) => boolean,
    given: RunSteps['signals'] = new Map(),
  ): SignalRows {
    const isRead = (name: string) =>
      this.#mirrors.some((mirror, i) => mirror?.rule.compiled.signals.includes(name) && learns(i));
    const rows = new Map<string, Float32Array>();
    for (const name of this.#signals.names) {
      const values = given.get(name);
      const row = new Float32Array(steps);
      rows.set(name, row);
      for (let t = 0; t < steps; t++) {
        if (values !== undefined) this.#signals.set(name, typeof values === 'number' ? values : values[t]);
        if (isRead(name)) row[t] = this.#signals.get(name);
      }
    }
    return rows;
  }

  /**
   * The same of images that a presentation shows one after another.
   *
   * @throws LocusError for what an image gives, and where it gives nothing and nothing was set
   */
  signalsOf(presentation: Presentation, first: number, images: number): SignalRows {
    const { names } = this.#signals;
    const { steps } = presentation;
    const rows = new Map(names.map((name) => [name, new Float32Array(images * steps)]));
    for (let image = 0; image < images; image++) {
      const found = this.#signals.ofImage(presentation, first + image);
      names.forEach((name, i) => {
        for (let t = 0; t < steps; t++) {
          (rows.get(name) as Float32Array)[image * steps + t] = found[t * names.length + i];
        }
      });
    }
    return rows;
  }

  /** @throws LocusError for a signal of the first image that no rule reads, or of too few steps */
  checkSignals(presentation: Presentation): void {
    if (presentation.count === 0) return;
    const given = presentation.signals?.(0) ?? {};
    checkSignals(given, this.#signals.names, presentation.steps, 'signals of image 0');
  }

  /** What a rule that learns is given beside the weights; null where there is none. */
  give(
    connection: number,
    images: readonly SpikeTrain[],
    steps: number,
    { inputAges, ageOf }: NeuronsFound,
    signals: SignalRows,
  ): RuleInput | null {
    const mirror = this.#mirrors[connection];
    return (
      mirror && {
        synapse: mirror.device,
        ends: mirror.ends((neuron) => ageOf(neuron) < never),
        sources: mirror.sources(images, steps, (source) => inputAges[source] < never, signals),
      }
    );
  }

  #mirror(connection: number, variable: string): RuleMirror {
    const found = [this.plan.forward, this.plan.lateral][connection];
    if (found) ownerOf(found.program, variable);
    const mirror = this.#mirrors[connection];
    if (!mirror) throw unknownName(`connection ${connection}`, 'variable of the connection', variable, []);
    return mirror;
  }
}
