/**
 * Whether memory grows from run to run of the GPU engine: `npx tsx scripts/gpu-memory.ts [engine] [runs]` (default: gpu, 10000).
 * A run trains one image and evaluates two; every hundredth frees the network, and another follows.
 */
import '../src/node/engines.js';
import { poisson } from '../src/core/encoding/index.js';
import { PostPre } from '../src/core/network/learning/index.js';
import { Network } from '../src/core/network/network.js';
import { AdaptiveLIF, Input } from '../src/core/network/nodes/index.js';
import { Connection, LateralCompetition } from '../src/core/network/topology/index.js';

const [engine = 'gpu', runs = '10000'] = process.argv.slice(2);
const count = Number(runs);
const steps = 10;
/** What a heap that is collected now and then may differ by [MiB]. */
const tolerance = 48;

const build = () =>
  new Network({ engine })
    .addLayer('X', new Input({ shape: [4, 4] }))
    .addLayer('Y', new AdaptiveLIF({ shape: 4 }))
    .addConnection('X', 'Y', new Connection({ rule: new PostPre({ nu: [1e-3, 1e-2] }), norm: 14 }))
    .addConnection('Y', 'Y', new LateralCompetition({ weight: -20 }));
let network = build();
const bright = new Uint8Array(16).fill(200);
const spikes = (index: number) => poisson(bright, { time: steps, item: index });

async function run(i: number): Promise<void> {
  const { simulation } = network;
  await simulation.present({ layer: 0, count: 1, steps, spikes }, { learn: true, count: 1 });
  await simulation.present({ layer: 0, count: 2, steps, spikes }, { learn: false, count: 1 });
  if (i % 100 < 99) return;
  network.dispose();
  network = build();
}

const mebibytes = () => Math.round(process.memoryUsage().rss / 2 ** 20);
const began = performance.now();
// The first third fills caches of compiled programs.
const settled = Math.ceil(count / 3);
for (let i = 0; i < settled; i++) await run(i);
const before = mebibytes();
for (let i = settled; i < count; i++) await run(i);
const after = mebibytes();
network.dispose();
const grew = after - before > tolerance;
console.log(
  `${engine}: ${count} runs in ${((performance.now() - began) / 1000).toFixed(0)} s; resident memory ${before} MiB after the first ${settled}, ${after} MiB at the end: ${grew ? 'GREW' : 'did not grow'}`,
);
process.exit(grew ? 1 : 0);
