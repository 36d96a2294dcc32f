/** A stored custom network out of a message, shown images on the engine `wasm`; pages load it too. */
import { restoreNetwork, type SpikeTrain, unpackNetwork } from '../../src/browser.js';

/** What a network did, as lists. */
export interface Answered {
  /** By layer [image]: where the spikes of every step begin, and whose they are. */
  readonly trains: Readonly<Record<string, readonly (readonly [offsets: number[], neurons: number[]])[]>>;
  /** Weights and thresholds after it has learned from them. */
  readonly learned: Readonly<Record<string, readonly number[]>>;
  readonly predictions: readonly number[];
}

export interface PresentSaved {
  /** Fetches the message there. */
  presentSaved(url: string, images: readonly number[]): Promise<Answered>;
}

export async function presentMessage(message: ArrayBuffer, images: Uint8Array): Promise<Answered> {
  const { network, readout, encoder } = restoreNetwork(unpackNetwork(message), { engine: 'wasm' });
  const { trains, counts } = await network.present(images, { ...encoder, learn: false, trains: ['Y', 'Z'] });
  await network.present(images, { ...encoder });
  const { arrays } = network.getState();
  network.dispose();
  return {
    trains: Object.fromEntries(Object.entries(trains).map(([layer, each]) => [layer, each.map(listTrain)])),
    learned: Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, [...data]])),
    predictions: readout === null ? [] : [...readout.predict(counts.Y)],
  };
}

function listTrain({ offsets, neurons }: SpikeTrain): [number[], number[]] {
  return [[...offsets], [...neurons]];
}

async function presentSaved(url: string, images: readonly number[]): Promise<Answered> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(await response.text());
  return presentMessage(await response.arrayBuffer(), Uint8Array.from(images));
}

Object.assign(globalThis, { presentSaved });
