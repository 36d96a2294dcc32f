/** What the page asks the server for: stored networks out of the database, and images of the test set. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { findBestMnist, type ImageSet, loadSplit } from '../src/datasets/index.js';
import { LocusError } from '../src/errors.js';
import { checkNetworkRecord } from '../src/kinds/check-record.js';
import { packNetwork } from '../src/kinds/network-message.js';
import { ownNetworkShape } from '../src/kinds/network/network-shape.js';
import { networkType } from '../src/kinds/network/restore-network.js';
import type { ArrayShapes } from '../src/kinds/record-shape.js';
import { snnRecordShape } from '../src/kinds/snn/snn-shape.js';
import { type NetworkStore, type NetworkSummary, openStore } from '../src/store/index.js';
import type { ListedNetwork, NetworkList, TestDigit, TestDigits } from './protocol.js';

export interface RouteOptions {
  /** Database file; that of the project if left out. */
  readonly database?: string;
  /** Name of the network to begin with; the best of moderate size if left out. */
  readonly network?: string;
  /** Folder of the data files. */
  readonly dataDir?: string;
}

/** Synapses up to which a network is small enough to begin with. */
const moderateSize = 1_000_000;
const digitsPerLabel = 3;

/** Answers a request below `/api/`; throws what is to be told to the page. */
export async function serveApi(
  path: string,
  response: Pick<ServerResponse, 'setHeader' | 'end'>,
  options: RouteOptions,
): Promise<void> {
  const name = /^\/networks\/(.+)$/.exec(path)?.[1];
  if (path === '/networks') {
    sendJson(
      response,
      withStore(options.database, (store) => listNetworks(store, options.network)),
    );
  } else if (path === '/digits') {
    sendJson(response, await chooseDigits(options.dataDir));
  } else if (name) {
    const record = withStore(options.database, (store) => store.load(decodeURIComponent(name)));
    const isOwn = record.parameters.network_type === networkType;
    const { meta } = checkNetworkRecord<unknown, object, ArrayShapes>(
      isOwn ? ownNetworkShape : snnRecordShape,
      record,
    );
    response.setHeader('Content-Type', 'application/octet-stream');
    response.end(packNetwork({ ...record, meta: { ...meta } }));
  } else {
    throw new LocusError(
      'NOT_FOUND',
      `the page's server: expected networks, networks/NAME or digits, got ${path}`,
    );
  }
}

/** A middleware of the routes below the path it is mounted at. */
export function apiMiddleware(options: RouteOptions) {
  return (request: IncomingMessage, response: ServerResponse) => {
    serveApi(request.url ?? '', response, options).catch((error: unknown) => {
      response.statusCode = error instanceof LocusError && error.code === 'NOT_FOUND' ? 404 : 500;
      response.setHeader('Content-Type', 'text/plain; charset=utf-8');
      response.end((error as Error).message);
    });
  };
}

/** The networks that can predict, and which of them to begin with. */
export function listNetworks(store: NetworkStore, wanted?: string): NetworkList {
  const networks = store
    .list({ filter: { network_type: ['LC_SNN', 'C_SNN', 'FC_SNN'] } })
    .filter(({ scores }) => bestAccuracy(scores) > 0)
    .sort((a, b) => bestAccuracy(b.scores) - bestAccuracy(a.scores));
  const best = networks.find(({ nParameters }) => nParameters <= moderateSize) ?? networks[0];
  if (!best) {
    throw new LocusError(
      'NOT_FOUND',
      `${store.path}: expected a network that is trained and scored; "npx locus train lc" makes one`,
    );
  }
  const chosen = wanted === undefined ? best.name : store.view(wanted).name;
  return { chosen, networks: networks.map(describeNetwork) };
}

function describeNetwork({ name, parameters, scores }: NetworkSummary): ListedNetwork {
  const { network_type, n_filters, kernel_size, c_l } = parameters;
  const type = String(network_type).replace('_SNN', '');
  const competition = c_l ? ', trained competition' : '';
  const accuracy = (100 * bestAccuracy(scores)).toFixed(1);
  const title = `${type}, ${String(n_filters)} filters of ${String(kernel_size)} × ${String(kernel_size)}${competition}`;
  return { name, title: `${title}: ${accuracy} % (${name.slice(0, 8)})` };
}

function bestAccuracy(scores: NetworkSummary['scores']): number {
  return Math.max(0, ...Object.values(scores).map((score) => score?.accuracy ?? 0));
}

/** The first images of every label in the test set. */
async function chooseDigits(dataDir?: string): Promise<TestDigits> {
  const { name } = await findBestMnist({ dataDir });
  const test = await loadSplit(name, 'test', { dataDir });
  const numbers = [...test.labels.keys()];
  const rows = Array.from({ length: digitsPerLabel }, (_, index) =>
    Array.from({ length: 10 }, (_, label) => numbers.filter((item) => test.labels[item] === label)[index]),
  );
  return { size: test.width, digits: rows.flat().map((item) => readDigit(test, item)) };
}

function readDigit({ images, labels, width, height }: ImageSet, item: number): TestDigit {
  const size = width * height;
  return { label: labels[item], item, pixels: [...images.subarray(item * size, (item + 1) * size)] };
}

function sendJson(response: Pick<ServerResponse, 'setHeader' | 'end'>, value: unknown): void {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(value));
}

/** Opens the database for one action. */
export function withStore<T>(path: string | undefined, action: (store: NetworkStore) => T): T {
  const store = openStore(path);
  try {
    return action(store);
  } finally {
    store.close();
  }
}
