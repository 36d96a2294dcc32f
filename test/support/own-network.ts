/** A custom network with everything that a record holds, and images for it. */
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { PostPre } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, Input } from '../../src/core/network/nodes/index.js';
import { Connection, LateralCompetition, SparseConnection } from '../../src/core/network/topology/index.js';

export const nPixels = 36;
export const nImages = 24;

/** [image, pixel] bytes: a bar in one of six rows, which is the label. */
export const images = Uint8Array.from({ length: nImages * nPixels }, (_, at) => {
  const [image, pixel] = [Math.floor(at / nPixels), at % nPixels];
  return Math.floor(pixel / 6) === image % 6 ? 255 : (at * 37) % 60;
});
export const labels = Uint8Array.from({ length: nImages }, (_, image) => image % 6);

/** A definition that no other module has. */
const Slow = defineNeuron({
  name: 'Slow',
  parameters: { tau: 30, most: 4 },
  state: { v: 0 },
  step: 'v += dt * (-v / tau) + input',
  spike: 'v >= most',
  reset: 'v = 0',
});

export function makeOwnNetwork({ engine = 'wasm', seed = 3, own = false } = {}): Network {
  const network = new Network({ engine, seed })
    .addLayer('X', new Input({ shape: [6, 6] }))
    .addLayer('Y', new AdaptiveLIF({ shape: 12, thresh: -60, thetaPlus: 0.4 }))
    .addConnection(
      'X',
      'Y',
      new Connection({ rule: new PostPre({ nu: [1e-3, 0.02] }), wMin: 0, wMax: 1, norm: 9 }),
    )
    .addConnection('Y', 'Y', new LateralCompetition({ weight: -4 }));
  if (!own) return network;
  return network
    .addLayer('Z', new Slow({ shape: 7 }))
    .addConnection('Y', 'Z', new SparseConnection({ condition: (i, j) => (i + j) % 3 === 0, w: 5 }));
}
