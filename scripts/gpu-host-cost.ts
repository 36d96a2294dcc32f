/** What the GPU engine does on the processor for every image, of 100 filters on MNIST: `npx tsx scripts/gpu-host-cost.ts`. */
import { cropCentre, loadDataset } from '../src/datasets/index.js';
import { poisson } from '../src/core/encoding/index.js';
import { planNetwork } from '../src/core/engine/gpu/plan-network.js';
import { listAges, listSpikes } from '../src/core/engine/gpu/spike-lists.js';
import '../src/node/engines.js';
import { LC_SNN } from '../src/kinds/snn/index.js';

const count = 64;
const steps = 250;
const plan = planNetwork(new LC_SNN({ nFilters: 100 }).network.simulation.program);
const pixels = cropCentre((await loadDataset('mnist-10k')).train, 20);

/** CPU milliseconds per image of the second of two runs, and its result. */
function measure<T>(work: () => T): { milliseconds: number; result: T } {
  work();
  const used = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(used);
  return { milliseconds: (user + system) / 1000 / count, result };
}

const encode = measure(() =>
  Array.from({ length: count }, (_, item) =>
    poisson(pixels.subarray(item * 400, (item + 1) * 400), { time: steps, intensity: 127.5, item }),
  ),
);
const shown = encode.result.map((train) => [train]);
const lists = measure(() => listSpikes(plan, shown, steps, new Uint32Array(), 0));
const ages = measure(() => listAges(plan, shown, steps, new Uint16Array(400).fill(4095)));
const spikes = encode.result.reduce((sum, { neurons }) => sum + neurons.length, 0) / count;
console.log(
  `input spikes ${spikes.toFixed(0)}, weight rows ${((lists.result.offsets.at(-1) ?? 0) / count).toFixed(0)} per image`,
);
console.log(
  `CPU ms per image: encoding ${encode.milliseconds.toFixed(2)}, lists of spikes ${lists.milliseconds.toFixed(2)}, ages for learning ${ages.milliseconds.toFixed(2)}`,
);
process.exit(0);
