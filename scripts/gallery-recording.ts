/** What the pictures of recordings show: a second of a balanced network after Brunel (2000), which runs from noise alone. */
import { LIF, Monitor, Network, OneToOneConnection, PoissonSource, SparseConnection } from '../src/index.js';

/** @returns a monitor of the excitatory neurons' spikes */
export async function recordBalanced(): Promise<Monitor> {
  const [excitatory, inhibitory] = [100, 25];
  const neurons = { rest: 0, reset: 0, thresh: 20, tcDecay: 20, refrac: 2 };
  const monitor = new Monitor({ variables: ['spikes'] });
  const network = new Network({ dt: 0.5, seed: 1 })
    .addLayer('noiseE', new PoissonSource({ shape: excitatory, rate: 450 }))
    .addLayer('noiseI', new PoissonSource({ shape: inhibitory, rate: 450 }))
    .addLayer('E', new LIF({ shape: excitatory, ...neurons }))
    .addLayer('I', new LIF({ shape: inhibitory, ...neurons }))
    .addConnection('noiseE', 'E', new OneToOneConnection({ w: 2.6 }))
    .addConnection('noiseI', 'I', new OneToOneConnection({ w: 2.6 }));
  for (const to of ['E', 'I']) {
    network
      .addConnection('E', to, new SparseConnection({ w: 0.5, probability: 0.2, delay: 1.5 }))
      .addConnection('I', to, new SparseConnection({ w: -3, probability: 0.2, delay: 1.5 }));
  }
  network.addMonitor('E', monitor);
  await network.run(200);
  monitor.reset();
  await network.run(1000);
  network.dispose();
  return monitor;
}
