/** Padding: every neuron reaches its counterpart in a layer with a rim of silent neurons around it. */
import { invalidArgument } from '../../../errors.js';
import { filledText, number, readOptions, required, type Schema } from '../../../options.js';
import { countPositions, type LayerShape, listSides } from '../shape.js';
import { checkChannels, wireChannels } from './channel-wiring.js';
import { SynapticConnection, type Wiring } from './topology.js';
import { listPlaces, positionsOf, readWindow, type Sides, sidesField, type Triple } from './window.js';

export interface PadParameters {
  /** Neurons before and behind the source along every side: a number, [y, x], or [z, y, x] of layers with a depth. */
  padding: Sides;
  /** What a spike adds to its counterpart. Default: 1. */
  w?: number;
  /** Name of the target's input that it adds to, of those that its model has. Default: the first. */
  into?: string;
}

export class PadConnection extends SynapticConnection {
  readonly padding: Sides;

  constructor(parameters: PadParameters) {
    const place = 'PadConnection';
    const dimensions = Array.isArray(parameters?.padding) && parameters.padding.length === 3 ? 3 : 2;
    const schema: Schema<PadParameters> = {
      padding: required(sidesField(dimensions, 0)),
      w: number(),
      into: filledText,
    };
    const given = readOptions(place, schema, parameters);
    const { padding, w = 1, into } = given;
    super({ into, w }, place, given);
    this.padding = padding;
  }

  /** Published weights: [target channel, source channel], 0 off the diagonal. */
  wire(source: LayerShape, target: LayerShape, place: string): Wiring {
    checkChannels(source, target, place);
    const padding = this.#paddingOf(source);
    const expected = positionsOf(source).map((side, axis) => side + 2 * padding[axis]);
    if (positionsOf(target).join() !== expected.join()) {
      const sides = expected.slice(source.depth === 1 && expected[0] === 1 ? 1 : 0);
      throw invalidArgument(place, `a target of ${sides.join(' × ')} positions`, listSides(target).slice(1));
    }
    return wireChannels(source, target, listEntries(source, target, padding));
  }

  /** A single number pads the depth of layers that have one, too. */
  #paddingOf({ depth }: LayerShape): Triple {
    const { padding } = this;
    const dimensions = depth > 1 || (typeof padding !== 'number' && padding.length === 3) ? 3 : 2;
    const given = typeof padding !== 'number' && padding.length < dimensions ? [0, ...padding] : padding;
    return readWindow(dimensions, { kernelSize: 1, padding: given }).padding;
  }
}

function* listEntries(
  source: LayerShape,
  { height, width }: LayerShape,
  [before, above, left]: Triple,
): Generator<[source: number, channel: number, position: number]> {
  const { channels } = source;
  const places = [...listPlaces(positionsOf(source))];
  for (let pixel = 0; pixel < countPositions(source); pixel++) {
    const [z, y, x] = places[pixel];
    const position = ((z + before) * height + y + above) * width + x + left;
    for (let channel = 0; channel < channels; channel++)
      yield [pixel * channels + channel, channel, position];
  }
}
