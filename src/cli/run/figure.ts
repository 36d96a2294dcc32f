/** Runs `locus figure`. */
import '../../node/engines.js';
import { openPage } from '../../figures/display/show-figure.js';
import type { Figure } from '../../figures/index.js';
import { convertedType } from '../../kinds/converted/converted-record.js';
import { reluType } from '../../kinds/relu/relu-record.js';
import { invalidArgument } from '../../errors.js';
import { type Fed, loadNetwork } from '../../kinds/snn/index.js';
import { layeredTypes, loadLayeredNetwork } from '../../kinds/layered/index.js';
import { loadConvertedModel } from '../../kinds/converted/index.js';
import { loadReluModel } from '../../kinds/relu/index.js';
import { plotDatabase } from '../../kinds/plot-database.js';
import { viewNetwork } from '../../store/index.js';
import type { CommandContext } from '../context.js';
import {
  type ConvertedFigureKind,
  convertedFigureKinds,
  figureKinds,
  type LayeredFigureKind,
  layeredFigureKinds,
  reluFigureKinds,
  type SnnFigureKind,
  snnFigureKinds,
} from '../figure-kinds.js';
import { parseChoice } from '../options.js';
import { UsageError } from '../usage-error.js';
import { networkOptionsFrom, type StoredNetworkArguments } from './stored-network.js';

export interface FigureArguments extends Omit<StoredNetworkArguments, 'name'> {
  readonly kind: string;
  readonly name?: string;
  readonly output?: string;
  readonly label?: number;
  readonly index?: number;
  readonly neuron?: number;
  readonly layer?: number;
  readonly images?: number;
}

const kindsOfType: Readonly<Record<string, readonly string[]>> = {
  [reluType]: reluFigureKinds,
  [convertedType]: convertedFigureKinds,
};

export async function runFigure(args: FigureArguments, context: CommandContext): Promise<void> {
  const kind = parseChoice(args.kind, figureKinds);
  const figure = kind === 'database' ? drawDatabase(args) : await drawOfNetwork(kind, args, context);
  const { path, opened } =
    args.output === undefined
      ? openPage(figure.toHtml(), kind)
      : { path: await figure.write(args.output), opened: false };
  context.report({ kind, path }, () => (opened ? `opened ${path}` : path));
}

function drawDatabase({ name, db }: FigureArguments): Figure {
  if (name !== undefined) throw new UsageError(`figure: database shows all networks, got "${name}" too`);
  return plotDatabase({ path: db });
}

async function drawOfNetwork(
  kind: SnnFigureKind | LayeredFigureKind | ConvertedFigureKind,
  args: FigureArguments,
  context: CommandContext,
): Promise<Figure> {
  const { name, db } = args;
  if (name === undefined) throw new UsageError(`figure: ${kind} needs the name of a network`);
  const type = viewNetwork(name, { path: db }).row.network_type;
  const isLayered = layeredTypes.some((each) => each === type);
  const kinds = isLayered ? layeredFigureKinds : (kindsOfType[String(type)] ?? snnFigureKinds);
  if (!kinds.includes(kind)) {
    throw new UsageError(
      `figure: ${kind} is not of ${String(type)} networks; those have ${kinds.join(', ')}`,
    );
  }
  if (isLayered) return drawLayered(kind as LayeredFigureKind, name, args, context);
  if (type === reluType) return loadReluModel(name, { database: db }).trainingCurvesFigure();
  if (type === convertedType) return drawConverted(kind as ConvertedFigureKind, name, args, context);
  return drawSnn(kind as SnnFigureKind, name, args);
}

async function drawConverted(
  kind: ConvertedFigureKind,
  name: string,
  { db, dataDir, layer = 0, images }: FigureArguments,
  context: CommandContext,
): Promise<Figure> {
  const model = loadConvertedModel(name, { database: db, dataDir });
  const { signal } = context;
  if (kind === 'accuracy-by-time') return model.accuracyByTimeFigure();
  if (kind === 'rates-by-activation') {
    const { layers } = model.network;
    if (layer >= layers.length)
      throw invalidArgument('figure', `--layer from 0 to ${layers.length - 1}`, layer);
    return model.ratesByActivationFigure({ layer: layers[layer].name, nIter: images, signal });
  }
  const progress = context.progress('rates and thresholds');
  const options = { nIter: images, signal, onProgress: progress.update };
  return model.rateThresholdFigure(options).finally(progress.stop);
}

async function drawLayered(
  kind: LayeredFigureKind,
  name: string,
  { db, dataDir, label, index, layer, images }: FigureArguments,
  context: CommandContext,
): Promise<Figure> {
  const network = loadLayeredNetwork(name, { database: db, dataDir });
  if (kind === 'training-curves') return network.trainingCurvesFigure();
  if (kind === 'layer-weights') return network.layerWeightsFigure({ layer });
  if (kind === 'reconstruction') return network.reconstructionFigure({ label, index });
  const progress = context.progress('testing with noise');
  const options = { nIter: images, onProgress: progress.update };
  return network.robustnessFigure(options).finally(progress.stop);
}

type Network = ReturnType<typeof loadNetwork>;

async function drawSnn(kind: SnnFigureKind, name: string, args: FigureArguments): Promise<Figure> {
  const { label = 3, index, neuron, db } = args;
  const network = loadNetwork(name, networkOptionsFrom(args));
  const feed = async (draw: (fed: Fed) => Figure) => draw(await network.feedLabel(label, { index }));
  const drawings: Record<typeof kind, (network: Network) => Figure | Promise<Figure>> = {
    'weights-xy': (net) => net.weightsXYFigure(),
    'weights-yy': (net) => net.weightsYYFigure(),
    votes: (net) => net.votesFigure(),
    'votes-distribution': (net) => net.votesDistributionFigure(),
    confusion: (net) => net.confusionFigure(),
    'accuracy-distribution': (net) => net.accuracyDistributionFigure(),
    'accuracy-by-training': (net) => net.accuracyByTrainingFigure({ database: db }),
    'accuracy-by-top-n': async (net) => net.accuracyByTopNFigure(),
    'competition-distribution': (net) => net.competitionDistributionFigure(),
    'competition-map': (net) => net.competitionMapFigure(),
    'stdp-window': (net) => net.stdpWindowFigure(),
    health: async (net) => net.healthFigure(),
    input: async (net) => feed((fed) => net.inputFigure(fed)),
    spikes: async (net) => feed((fed) => net.spikesFigure(fed)),
    'best-spikes': async (net) => feed((fed) => net.bestSpikesFigure(fed)),
    'best-voters': async (net) => feed((fed) => net.bestVotersFigure(fed)),
    voltage: async (net) => feed((fed) => net.voltageFigure(fed, neuron)),
  };
  try {
    return await drawings[kind](network);
  } finally {
    network.dispose();
  }
}
