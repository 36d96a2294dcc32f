/** Traces and state of a defined rule on the host, in engine order, beside the state of synapses that the device works on. */
import { followTrace, RuleState } from '../../definitions/rule-state.js';
import { spikesAt } from '../../encoding/spike-train.js';
import type { SynapseProgram } from '../../network/program.js';
import { DeviceWeights } from './device-weights.js';
import { joinArrays } from '../../join-arrays.js';
import { type GpuPlan, padRows, unpadRows } from './plan-network.js';
import { activeBlock, type RulePlan, sourcesWidth, spikesBlock } from './plan-rules.js';
import type { Shown } from './spike-lists.js';

/** What a presentation that fails goes back to. */
export interface KeptRule {
  readonly variables: Readonly<Record<string, Float32Array>>;
  readonly isSetByHand: boolean;
}

/** Values of the signals for every step of a call, by name. */
export type SignalRows = ReadonlyMap<string, Float32Array>;

export class RuleMirror {
  /** [variable, row, padded filter] */
  readonly device: DeviceWeights;
  readonly #state: RuleState;

  constructor(
    readonly plan: GpuPlan,
    readonly rule: RulePlan,
    { wiring: { fanOut } }: SynapseProgram,
  ) {
    const { layer } = plan.neurons;
    const source = rule.hasInputs ? plan.inputs.layer.size : layer.size;
    this.#state = new RuleState(rule.compiled, fanOut, { source, target: layer.size });
    this.device = new DeviceWeights(this.#pad());
  }

  /** A copy of a trace, or of state of synapses. */
  get(variable: string): Float32Array {
    return this.#variables()[variable].slice();
  }

  set(variable: string, values: Float32Array): void {
    this.#state.set(variable, values);
    this.device.values = this.#pad();
  }

  reset(): void {
    this.#state.reset();
    this.device.values = this.#pad();
  }

  /** Follows the spikes of a step, by neuron. */
  follow(source: Uint8Array, target: Uint8Array): void {
    this.#state.followSpikes({ source, target });
  }

  /** Takes over the state of synapses that the device has sent. */
  show(padded: Float32Array): void {
    const { variables, compiled } = this.rule;
    const rows = unpadRows(this.plan, padded);
    const size = rows.length / Math.max(1, compiled.synapse.size);
    variables.forEach((variable, i) => {
      this.#state.synapse[variable].set(rows.subarray(i * size, (i + 1) * size));
    });
  }

  keep(): KeptRule {
    const copies = Object.entries(this.#variables()).map(([name, values]) => [name, values.slice()] as const);
    return { variables: Object.fromEntries(copies), isSetByHand: this.#state.isSetByHand };
  }

  restore({ variables, isSetByHand }: KeptRule): void {
    for (const [name, values] of Object.entries(variables)) this.#state.set(name, values);
    this.#state.isSetByHand = isSetByHand;
    this.device.values = this.#pad();
  }

  /** What the next step finds of the layer of neurons: see plan-rules.ts. */
  ends(hasSpiked: (neuron: number) => boolean): Float32Array {
    const { plan, rule } = this;
    const { size } = plan.neurons.layer;
    const blocks = rule.ends.map(({ kind, name }, block): Float32Array => {
      if (kind === 'trace') return this.#state.traces[name] as Float32Array;
      if (block !== activeBlock) return new Float32Array(size);
      return Float32Array.from({ length: size }, (_, i) => Number(this.#isActive(hasSpiked(i))));
    });
    return padRows(plan, joinArrays(blocks));
  }

  /**
   * What is known of the inputs after each step, and the signals: see plan-rules.ts.
   *
   * @param shown images one after another
   * @param hasSpiked whether an input has spiked since the reset, before the first step
   */
  sources(
    shown: Shown,
    steps: number,
    hasSpiked: (source: number) => boolean,
    signals: SignalRows,
  ): Float32Array {
    const { rule } = this;
    const { nListed, sources, compiled } = rule;
    const width = sourcesWidth(rule);
    const nSteps = steps * shown.length;
    const rows = new Float32Array(nSteps * width);
    const spikes = new Uint8Array(nListed);
    const active = Uint8Array.from(spikes, (_, source) => Number(this.#isActive(hasSpiked(source))));
    const traces = sources.slice(activeBlock + 1).map(({ name }) => ({
      trace: compiled.traces.find((each) => each.name === name) as RulePlan['compiled']['traces'][number],
      values: this.#state.traces[name].slice(),
    }));
    for (let step = 0; step < nSteps; step++) {
      const t = step % steps;
      const block = (at: number) =>
        rows.subarray(step * width + at * nListed, step * width + (at + 1) * nListed);
      if (t === 0 && step > 0) for (const { values } of [...traces, { values: active }]) values.fill(0);
      if (sources.length > 0) {
        spikes.fill(0);
        for (const source of spikesAt(shown[(step - t) / steps], t)) spikes[source] = active[source] = 1;
        block(spikesBlock).set(spikes);
        block(activeBlock).set(active);
        traces.forEach(({ trace, values }, i) =>
          followTrace(trace, values, spikes, block(activeBlock + 1 + i)),
        );
      }
      compiled.signals.forEach((name, i) => {
        rows[step * width + sources.length * nListed + i] = signals.get(name)?.[step] ?? Number.NaN;
      });
    }
    return rows;
  }

  #isActive(hasSpiked: boolean): boolean {
    return hasSpiked || this.#state.isSetByHand;
  }

  #variables(): Readonly<Record<string, Float32Array>> {
    // Programs of this engine are in single precision.
    return { ...this.#state.traces, ...this.#state.synapse } as Readonly<Record<string, Float32Array>>;
  }

  #pad(): Float32Array {
    const { synapse } = this.#state;
    return padRows(
      this.plan,
      joinArrays(this.rule.variables.map((variable) => synapse[variable] as Float32Array)),
    );
  }
}
