/** An engine beside a run of the original program, image by image. */
import { Monitor } from '../../src/core/network/monitors.js';
import { buildOriginalNetwork, largestDifference, readOriginalCase } from './original-case.js';

/** What is further from the original than float32 may bring it, in words; every spike must be equal. */
export async function compareRun(folder: string, engine: string): Promise<string[]> {
  const original = readOriginalCase(folder);
  const { meta, inputs, outputs } = original;
  const network = buildOriginalNetwork(original, engine);
  const spikes = new Monitor({ variables: ['spikes'] });
  const voltages = new Monitor({ variables: ['v'], indices: Array.from({ length: 16 }, (_, i) => i) });
  network.addMonitor('Y', spikes).addMonitor('Y', voltages);
  const trained = [
    { connection: 'X->Y', all: original.array('w_xy_after'), limit: 1e-5 },
    ...(meta.c_l ? [{ connection: 'Y->Y', all: original.array('w_yy_after'), limit: 1e-4 }] : []),
  ];
  const thetas = original.array('theta_after');
  const potentials = original.array('v_first16');
  const complaints: string[] = [];
  /** Compares with one of the equal parts of an array. */
  const compare = (
    what: string,
    got: ArrayLike<number>,
    { all, index, parts, limit }: { all: Float32Array; index: number; parts: number; limit: number },
  ) => {
    const size = all.length / parts;
    const difference = largestDifference(got, all.subarray(index * size, (index + 1) * size));
    if (!(difference < limit)) complaints.push(`${what}: expected less than ${limit}, got ${difference}`);
  };
  const parts = inputs.length;
  for (let image = 0; image < inputs.length; image++) {
    const learn = image < meta.n_train;
    spikes.reset();
    voltages.reset();
    network.resetState();
    await network.run({ X: inputs[image] }, { learn });
    if (learn) network.normalize();
    if (Buffer.compare(Uint8Array.from(spikes.get('spikes').data), outputs[image]) !== 0)
      complaints.push(`image ${image}: other spikes`);
    const theta = network.getVariable('Y', 'theta');
    compare(`image ${image}, theta`, theta, { all: thetas, index: image, parts, limit: 1e-4 });
    const v = voltages.get('v').data;
    compare(`image ${image}, voltages`, v, { all: potentials, index: image, parts, limit: 1e-3 });
    // The weights were kept after the first and after the last image that is learned.
    const snapshot = [0, meta.n_train - 1].indexOf(image);
    if (snapshot < 0) continue;
    for (const { connection, all, limit } of trained) {
      const weights = network.getWeights(connection).data;
      compare(`image ${image}, ${connection}`, weights, { all, index: snapshot, parts: 2, limit });
    }
  }
  network.dispose();
  return complaints;
}
