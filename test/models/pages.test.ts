/** The pages of neuron models and learning rules: as they would be written now, one of each, with examples that run. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { closedForms } from '../../scripts/models/closed-forms.js';
import { writeModelPages } from '../../scripts/models/model-page.js';
import { countSpikes } from '../../scripts/models/neuron-response.js';
import { delays, measureWindow } from '../../scripts/models/rule-window.js';
import { measureSent, spikeTimes } from '../../scripts/models/synapse-response.js';
import { readRuleDefinition } from '../../src/core/definitions/rule-definition.js';
import { BoostedLIF } from '../../src/core/models/index.js';
import { listShelf } from '../../src/core/shelf.js';
import { TsodyksMarkram } from '../../src/core/synapses/index.js';

const names = listShelf().map(({ definition }) => definition.name);

describe('the pages of models and rules', () => {
  let written: Map<string, string>;
  beforeAll(async () => {
    written = await writeModelPages();
  });

  it('are there for each entry of the shelf, with its picture, and for nothing else', () => {
    const wanted = ['README.md', ...names.flatMap((name) => [`${name}.md`, `${name}.png`])];
    expect(readdirSync('docs/models').toSorted()).toEqual(wanted.toSorted());
    expect([...written.keys()].toSorted()).toEqual(wanted.filter((file) => file.endsWith('.md')).toSorted());
  });

  it.each(['README', ...names])('%s is as it would be written now: npm run models', (name) => {
    expect(readFileSync(`docs/models/${name}.md`, 'utf8')).toBe(written.get(`${name}.md`));
  });

  it.each(names)('%s has a picture, of at most 30 kB', (name) => {
    const picture = readFileSync(`docs/models/${name}.png`);
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    expect(picture.length).toBeLessThan(30_000);
  });

  it('have examples that run with the built package', () => {
    const blocks = names.map((name) => {
      const page = readFileSync(`docs/models/${name}.md`, 'utf8');
      const [, code] = /^```ts\n([^]*?)^```$/m.exec(page) ?? [];
      const imported = code.replace(/^import (\{.*\}) from ('.*');$/m, 'const $1 = await import($2);');
      return `{\nconsole.log('# ${name}');\n${imported}\n}`;
    });
    const words = ['--input-type=module', '--eval', blocks.join('\n')];
    const { status, stderr, stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const printed = [...stdout.matchAll(/^# (\w+)\nFloat32Array\(\d+\) \[/gm)].map(([, name]) => name);
    expect(printed).toEqual(names);
  });

  it('are linked from the pages that explain models and rules, and from README.md', () => {
    for (const page of [
      'README.md',
      'docs/neuron-models.md',
      'docs/learning-rules.md',
      'docs/synapse-models.md',
    ]) {
      expect(readFileSync(page, 'utf8')).toContain('models/README.md)');
    }
    for (const { kind, definition } of listShelf()) {
      const page = { neuron: 'neuron-models', rule: 'learning-rules', synapse: 'synapse-models' }[kind];
      expect(readFileSync(`docs/${page}.md`, 'utf8')).toContain(
        `[\`${definition.name}\`](models/${definition.name}.md)`,
      );
    }
  });
});

describe('what the pictures show', () => {
  it('is the rate of BoostedLIF neurons: a spike where the sum of a geometric series reaches the threshold', async () => {
    const inputs = [0.1, 0.15, 0.3, 0.6, 1.6, 14];
    const decay = Math.exp(-1 / 100);
    const expected = inputs.map((input) => {
      const share = 1 - (13 * (1 - decay)) / input;
      if (share <= 0) return 0;
      const steps = Math.max(1, Math.ceil(Math.log(share) / Math.log(decay)));
      // The first input comes at step 1; after a spike come five steps without input.
      return 1 + Math.floor((999 - steps) / (steps + 5));
    });
    expect(await countSpikes(BoostedLIF.definition, inputs)).toEqual(expected);
    expect(expected.filter((count) => count > 0).length).toBe(5);
  });

  const rules = listShelf().flatMap((entry) => (entry.kind === 'rule' ? [entry.definition] : []));

  it.each(
    rules.filter(({ name }) => Object.hasOwn(closedForms, name)).map((rule) => [rule.name, rule] as const),
  )('is the closed form of %s: absolute error < 1e-6', async (name, rule) => {
    const parameters = Object.fromEntries(readRuleDefinition(rule).parameters);
    const changes = await measureWindow(rule);
    expect(changes.length).toBe(delays.length);
    changes.forEach((change, i) => {
      const expected = closedForms[name].at(delays[i], parameters);
      expect(Math.abs(change - expected), `${delays[i]} ms`).toBeLessThan(1e-6);
    });
    expect(Math.max(...changes.map(Math.abs))).toBeGreaterThan(1e-5);
  });

  it('is what a TsodyksMarkram synapse sends: u x at its first spike, less at each that follows, more after a pause', async () => {
    const sent = await measureSent(TsodyksMarkram.definition);
    const atSpikes = spikeTimes.map((step) => sent[step]);
    // u₊ = U + U (1 − U), x = 1
    expect(atSpikes[0]).toBeCloseTo(0.2 + 0.2 * 0.8, 6);
    const train = atSpikes.slice(1, 10);
    expect(train).toEqual(train.toSorted((a, b) => b - a));
    expect(atSpikes[10]).toBeGreaterThan(2 * train[8]);
    expect(sent.filter((value) => value !== 0).length).toBe(spikeTimes.length);
  });

  it('knows a closed form of rules that there are only', () => {
    expect(names).toEqual(expect.arrayContaining(Object.keys(closedForms)));
  });
});
