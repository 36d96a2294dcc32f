/** Runs `locus feed`. */
import { nameClass } from '../../figures/class-names.js';
import { loadNetwork } from '../../kinds/snn/index.js';
import type { CommandContext } from '../context.js';
import { drawImage } from '../draw-image.js';
import { UsageError } from '../usage-error.js';
import { chooseStoredEngine, type StoredNetworkArguments } from './stored-network.js';
import { countOf } from '../../wording.js';

export interface FeedArguments extends StoredNetworkArguments {
  readonly label?: number;
  readonly index?: number;
  readonly image?: string;
  readonly invert?: boolean;
}

export async function runFeed(
  { name, label, index, image, invert, ...options }: FeedArguments,
  context: CommandContext,
): Promise<void> {
  if ((label === undefined) === (image === undefined)) {
    throw new UsageError('feed: expected either --label or --image');
  }
  if (image !== undefined && index !== undefined) {
    throw new UsageError('feed: --index goes with --label only');
  }
  if (image === undefined && invert !== undefined) {
    throw new UsageError('feed: --invert goes with --image only');
  }
  const network = loadNetwork(name, await chooseStoredEngine({ name, ...options }, 1, context));
  try {
    const fed = await (image === undefined
      ? network.feedLabel(label as number, { index })
      : network.feedImage(image, { invert }));
    const inputSpikes = fed.inputSpikes.data.reduce((sum, spike) => sum + spike, 0);
    const spikes = fed.counts.reduce((sum, count) => sum + count, 0);
    const { predictions } = fed;
    const document = {
      name: network.name,
      label: fed.label,
      image: image ?? null,
      inverted: fed.inverted,
      predictions,
      steps: fed.spikes.steps,
      inputSpikes,
      spikes,
      counts: [...fed.counts],
    };
    context.report(document, () => {
      const shown =
        image === undefined
          ? `test image ${index ?? 0} of label ${nameClass(label as number, network.classNames)}`
          : `${image}${fed.inverted ? ', inverted' : ''}`;
      const answers = Object.entries(predictions).map(
        ([method, prediction]) =>
          `${method.padEnd(12)}  ${describePrediction(prediction, fed.label, network.classNames)}`,
      );
      const silent = fed.counts.reduce((sum, count) => sum + Number(count === 0), 0);
      return [
        drawImage(fed.image, network.parameters.crop),
        '',
        `${shown}: ${countOf(inputSpikes, 'input spike')} in ${countOf(fed.spikes.steps, 'step')}`,
        `${network.nOutput} neurons answer with ${countOf(spikes, 'spike')} (${silent} are silent)`,
        ...(answers.length > 0 ? answers : ['not calibrated yet: no prediction']),
      ].join('\n');
    });
  } finally {
    network.dispose();
  }
}

function describePrediction(
  prediction: number | undefined,
  label: number | null,
  classNames: readonly string[] | null,
): string {
  if (prediction === undefined || prediction < 0) return 'no prediction (no spikes)';
  const name = nameClass(prediction, classNames);
  if (label === null) return name;
  return `${name} ${prediction === label ? '✓' : '✗'}`;
}
