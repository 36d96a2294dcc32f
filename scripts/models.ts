/**
 * Writes a page for every neuron model, learning rule and synapse model that is defined by equations into `docs/models/`, with a picture
 * of what it does, and the page that lists them. `npm run models`
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { readRuleDefinition } from '../src/core/definitions/rule-definition.js';
import { describeEntry, listShelf, type ShelfEntry } from '../src/core/shelf.js';
import { PictureBrowser } from '../src/figures/display/picture-browser.js';
import type { Figure } from '../src/figures/figure.js';
import { closedForms } from './models/closed-forms.js';
import { responseFigure, sendingFigure, windowFigure } from './models/model-figures.js';
import { writeModelPages } from './models/model-page.js';
import { respondToInput } from './models/neuron-response.js';
import { measureWindow } from './models/rule-window.js';
import { measureSent } from './models/synapse-response.js';

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs', 'models');

async function draw(entry: ShelfEntry): Promise<Figure> {
  const { name } = entry.definition;
  if (entry.kind === 'neuron') {
    const { state, parameters, inputs } = describeEntry(entry);
    const response = await respondToInput(entry.definition);
    const { value, unit = null } = state.find((each) => each.name === response.variable) ?? {};
    // A variable that begins as a parameter has its unit.
    const variable = unit ?? parameters.find((each) => each.name === value)?.unit ?? null;
    return responseFigure(name, response, {
      variable,
      input: inputs[0].unit,
    });
  }
  if (entry.kind === 'synapse') {
    const isAtSpikes = entry.definition.each !== 'step';
    return sendingFigure(name, await measureSent(entry.definition), isAtSpikes);
  }
  const parameters = Object.fromEntries(readRuleDefinition(entry.definition).parameters);
  const closed = Object.hasOwn(closedForms, name)
    ? (s: number) => closedForms[name].at(s, parameters)
    : undefined;
  return windowFigure(name, await measureWindow(entry.definition), closed);
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [file, text] of await writeModelPages()) writeFileSync(join(folder, file), text);
const browser = await PictureBrowser.open();
let bytes = 0;
for (const entry of listShelf()) {
  const picture = await sharp(await browser.render(await draw(entry), 'png', { scale: 1.25 }))
    .png({ palette: true, quality: 90, effort: 10 })
    .toBuffer();
  bytes += picture.length;
  writeFileSync(join(folder, `${entry.definition.name}.png`), picture);
}
await browser.close();
console.log(`${(bytes / 1e3).toFixed(0)} kB of pictures in ${folder}`);
if (browser.consoleErrors.length > 0) throw new Error(browser.consoleErrors.join('\n'));
