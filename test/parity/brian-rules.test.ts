/** Learning rules against runs of Brian 2, whose equations are translated from the texts in `meta.json`. */
import { expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineRule } from '../../src/core/definitions/define-rule.js';
import type { TraceDefinition } from '../../src/core/definitions/rule-definition.js';
import { McCullochPitts } from '../../src/core/models/index.js';
import { Network } from '../../src/core/network/network.js';
import type { Precision } from '../../src/core/precision.js';
import { Input } from '../../src/core/network/nodes/index.js';
import { Connection } from '../../src/core/network/topology/index.js';
import { readArray, readSpikes } from '../support/case-arrays.js';
import { engines } from '../support/small-networks.js';
import { describeCases, readMeta, walkCases } from '../support/walk-cases.js';

interface Meta {
  readonly dt_ms: number;
  readonly steps: number;
  readonly model: string;
  readonly on_source: string;
  readonly on_target: string;
  readonly bounds: readonly [number, number];
  readonly float32_rerun: Readonly<Record<string, unknown>>;
  readonly packed: Readonly<Record<'input_source' | 'input_target', number>>;
}

const cases = walkCases('brian', { marker: 'meta.json' }).filter(
  ({ folder }) => (readMeta(folder) as Partial<Meta>).on_source !== undefined,
);

/** `a += 1; w = clip(w + b, 0, 1)`: what spikes add to traces, and what they do to the weight. */
function readClause(text: string) {
  const lines = text.split('\n').map((line) => line.trim());
  const weight = lines.findIndex((line) => line.startsWith('w ='));
  const change = /^w = clip\((.*), [^,]+, [^,]+\)$/.exec(lines[weight])?.[1];
  const raised = lines.flatMap((line, at) => {
    const found = /^(\w+) ([+-])= (.+)$/.exec(line);
    return found ? [{ name: found[1], scale: `${found[2]}${found[3]}`, isBefore: at > weight }] : [];
  });
  return { clause: `w = ${change}`, raised };
}

/** The rule as the case writes it. */
function translate({ model, on_source, on_target }: Meta) {
  const [source, target] = [on_source, on_target].map(readClause);
  const tc = (name: string) => new RegExp(`d${name}/dt = -${name}/\\(([0-9.]+)\\*ms\\)`).exec(model)?.[1];
  const traces = Object.fromEntries(
    (
      [
        ['source', source],
        ['target', target],
      ] as const
    ).flatMap(([of, { raised }]) =>
      raised.map(({ name, scale, isBefore }): [string, TraceDefinition] => [
        name,
        { of, tc: tc(name), mode: 'add', scale, reads: isBefore ? 'before' : 'after' },
      ]),
    ),
  );
  return defineRule({ name: 'Translated', traces, onSource: source.clause, onTarget: target.clause });
}

describeCases(cases, ({ folder }) => {
  it.each([
    ...engines.map((engine) => ({ engine, precision: 'single' as const })),
    { engine: 'reference', precision: 'double' as const },
  ])('has its weights on $engine in $precision precision', ({ engine, precision }) => {
    const meta = readMeta(folder) as Meta;
    const { dt_ms: dt, steps, packed, float32_rerun, bounds } = meta;
    const [nSource, nTarget] = [packed.input_source, packed.input_target];
    const transpose = (values: ArrayLike<number>) =>
      Float32Array.from({ length: nSource * nTarget }, (_, at) => {
        return values[(at % nSource) * nTarget + Math.floor(at / nSource)];
      });
    const Rule = translate(meta);
    // A spike of step t with Brian's delay d acts on the weight in step t + d, here with one step more.
    const hasDelays = Object.hasOwn(float32_rerun, 'delay_steps');
    const delay = hasDelays
      ? transpose(readArray(folder, 'delay_steps').data as Float32Array).map((steps) => (steps + 1) * dt)
      : undefined;
    const network = new Network<Precision>({ engine, precision, dt })
      .addLayer('X', new Input({ shape: nSource }))
      // Spikes where it is given this much, whatever the weights add.
      .addLayer('Y', new McCullochPitts({ shape: nTarget, thresh: 1e6 }))
      .addConnection(
        'X',
        'Y',
        new Connection({
          w: transpose(readArray(folder, 'w_initial').data as Float32Array),
          rule: new Rule(),
          wMin: bounds[0],
          wMax: bounds[1],
          delay,
        }),
      );
    const sources = readSpikes(folder, 'input_source', nSource);
    const targets = readSpikes(folder, 'input_target', nTarget);
    const expected = readArray(folder, 'w').data as Float32Array;
    const largest = expected.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
    // The run was in float64, its files are in float32.
    const rounding = precision === 'double' ? 0 : 10 * Number(float32_rerun.w);
    const tolerance = Math.max(rounding, 1e-6) * largest;
    const every = (steps * nSource * nTarget) / expected.length;
    let furthest = 0;
    for (let t = 0; t < steps; t++) {
      network.setVariable(
        'Y',
        'input',
        Float32Array.from(targets[t], (spike) => spike * 1e9),
      );
      const spikes = Uint32Array.from(sources[t].flatMap((spike, i) => (spike ? [i] : [])));
      network.simulation.step(new Map([[0, spikes]]), true);
      if (t % every !== 0) continue;
      const first = (t / every) * nSource * nTarget;
      const wanted = transpose(expected.subarray(first, first + nSource * nTarget));
      network.getWeights('X->Y').data.forEach((w, i) => {
        furthest = Math.max(furthest, Math.abs(w - wanted[i]));
      });
    }
    expect(furthest).toBeLessThanOrEqual(tolerance);
    network.dispose();
  });
});
