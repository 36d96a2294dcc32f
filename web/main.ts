/** The page: draw a digit, and a stored network reads it while you draw. */
import { cropCentre } from '../src/datasets/crop-centre.js';
import { type Answer, readStoredSnn, type StoredSnn, unpackNetwork } from '../src/browser.js';
import { centreDrawing, fieldSize } from './centre-drawing.js';
import { DrawingPad, greyCanvas } from './drawing-pad.js';
import { type EngineChoice, listChoices } from './engines.js';
import { nameClass, showOpinions } from './opinions.js';
import type { NetworkList, ShownAnswer, TestDigit, TestDigits } from './protocol.js';
import { drawRaster } from './raster.js';
import { SimulationClient } from './simulation-client.js';
import { chooseVoters, showVoters } from './voters.js';

function find<E extends HTMLElement>(id: string, type: new () => E): E {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new TypeError(`the page has no ${type.name} ${id}`);
  return element;
}

const simulation = new SimulationClient();
const networkSelect = find('network', HTMLSelectElement);
const pad = new DrawingPad(find('pad', HTMLCanvasElement), () => {
  shown = null;
  item = 0;
  void answer();
});

/** The test image on the pad; null: a drawing. */
let shown: TestDigit | null = null;
/** Random item of the spikes. */
let item = 0;
let stored: StoredSnn | undefined;
let message: ArrayBuffer | undefined;
let engine: EngineChoice;
let choices: readonly EngineChoice[];
let last: Answer | undefined;

/** Whether an image is with the worker, and whether a newer one waits. */
let busy = false;
let waiting = false;

function readInput(crop: number): Uint8Array {
  const { levels, width, height } = pad.read();
  const images = shown ? Uint8Array.from(shown.pixels) : centreDrawing(levels, width, height);
  const set = { name: 'drawing', count: 1, channels: 1, height: fieldSize, width: fieldSize };
  return cropCentre({ ...set, images, labels: new Uint8Array(1) }, crop);
}

/** Has the present image answered; while one is being answered only the newest waits. */
async function answer(): Promise<void> {
  if (!stored || busy) {
    waiting = true;
    return;
  }
  busy = true;
  waiting = false;
  try {
    const image = readInput(stored.parameters.crop);
    const network = stored;
    const present = item;
    const name = engine.name;
    const answer = await simulation.answer(image, present);
    if (stored === network) {
      show(network, image, answer);
      const detail: ShownAnswer = { network: network.name, engine: name, image, item: present, answer };
      document.dispatchEvent(new CustomEvent('answer', { detail }));
    }
  } catch (error) {
    report(error);
  } finally {
    busy = false;
  }
  if (waiting) await answer();
}

function show(network: StoredSnn, image: Uint8Array, answer: Answer): void {
  last = answer;
  find('problem', HTMLElement).hidden = true;
  const { parameters, state } = network;
  const { nFilters, crop, dt } = parameters;
  greyCanvas(image, crop, find('input', HTMLCanvasElement));
  const voting = answer.opinions.find(({ method }) => method !== 'lc');
  const voters = chooseVoters(network, answer.counts, voting?.label ?? -1);
  drawRaster(find('raster', HTMLCanvasElement), answer, {
    dt,
    nFilters,
    nPositions: answer.counts.length / nFilters,
    voters: new Set(voters.map(({ neuron }) => neuron)),
  });
  showOpinions(find('opinions', HTMLElement), answer.opinions, state.readout);
  showVoters(find('voters', HTMLElement), network, voters);
  const isSilent = voters.length === 0;
  find('raster-caption', HTMLElement).textContent = isSilent
    ? 'Nothing is drawn: no spikes.'
    : 'Orange: spikes of the voters.';
  const of = answer.counts.length === nFilters ? 'The neurons' : 'In every receptive field the neuron';
  find('voters-caption', HTMLElement).textContent = isSilent
    ? ''
    : `${of} whose spikes speak most for ${nameClass(state.readout, voting?.label ?? -1)}, with the weights.`;
  showStatus();
}

function showStatus(): void {
  if (!stored) return;
  const { timeMax } = stored.parameters;
  const took = last ? ` ${timeMax} ms of spikes took ${last.milliseconds.toFixed(1)} ms.` : '';
  const others = choices
    .filter(({ missing }) => missing)
    .map(({ title, missing }) => ` No ${title}: ${missing}.`);
  find('status', HTMLElement).textContent = `${engine.title} (${engine.device}).${took}${others.join('')}`;
}

function report(error: unknown): void {
  const problem = find('problem', HTMLElement);
  problem.hidden = false;
  problem.textContent = (error as Error).message;
}

async function fetchFrom(path: string): Promise<Response> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(await response.text());
  return response;
}

async function loadNetwork(name: string): Promise<void> {
  const response = await fetchFrom(`api/networks/${encodeURIComponent(name)}`);
  message = await response.arrayBuffer();
  await start();
}

/** The loaded network on the chosen engine. */
async function start(): Promise<void> {
  if (!message) return;
  stored = undefined;
  last = undefined;
  find('problem', HTMLElement).hidden = true;
  find('status', HTMLElement).textContent = 'Loading…';
  await simulation.load(message, engine.name);
  stored = readStoredSnn(unpackNetwork(message));
  showStatus();
  await answer();
}

function listEngines(): void {
  find('engines', HTMLElement).append(
    ...choices.map(({ name, title, missing }) => {
      const label = document.createElement('label');
      const radio = document.createElement('input');
      radio.type = 'radio';
      radio.name = 'engine';
      radio.value = name;
      radio.disabled = missing !== null;
      radio.checked = name === engine.name;
      label.title = missing ?? '';
      label.append(radio, ` ${title}`);
      radio.addEventListener('change', () => {
        engine = choices.find((choice) => choice.name === name) ?? engine;
        start().catch(report);
      });
      return label;
    }),
  );
}

async function listNetworks(): Promise<string> {
  const { chosen, networks } = (await (await fetchFrom('api/networks')).json()) as NetworkList;
  networkSelect.append(...networks.map(({ name, title }) => new Option(title, name, false, name === chosen)));
  networkSelect.addEventListener('change', () => {
    loadNetwork(networkSelect.value).catch(report);
  });
  return chosen;
}

async function listDigits(): Promise<void> {
  const { size, digits } = (await (await fetchFrom('api/digits')).json()) as TestDigits;
  find('digits', HTMLElement).append(
    ...digits.map((digit) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.title = `a ${digit.label} of the test set`;
      button.ariaLabel = `test image ${digit.item}, a ${digit.label}`;
      button.append(greyCanvas(digit.pixels, size));
      button.addEventListener('click', () => {
        pad.show(digit.pixels, size);
        shown = digit;
        ({ item } = digit);
        void answer();
      });
      return button;
    }),
  );
}

find('clear', HTMLElement).addEventListener('click', () => {
  pad.clear();
  shown = null;
  item = 0;
  void answer();
});
find('again', HTMLElement).addEventListener('click', () => {
  item++;
  void answer();
});
window.addEventListener('resize', () => {
  if (!waiting) void answer();
});

async function begin(): Promise<void> {
  choices = await listChoices();
  engine = choices.find(({ missing }) => missing === null) as EngineChoice;
  listEngines();
  await Promise.all([listNetworks().then(loadNetwork), listDigits()]);
}

begin().catch(report);
