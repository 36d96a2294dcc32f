/** Images to be Poisson-encoded inside an engine: bytes, and the random stream of each image. */
import type { Purpose } from '../random/stream.js';

export interface PoissonStimulus {
  /** [image, pixel] bytes; brightness is byte / 255. */
  readonly images: Uint8Array;
  readonly nPixels: number;
  /** Rate of a pixel of full brightness [Hz]. */
  readonly intensity: number;
  readonly dt: number;
  readonly seed: number;
  readonly purpose: Purpose;
  /** Random item of each image: two images of one purpose share none. */
  readonly items: Uint32Array;
}
