/** Which figures there are, as methods of networks and by their names. */
import { invalidArgument, LocusError } from '../errors.js';
import { type FigureDefinition, figureTopics, type GalleryPicture } from './definition.js';
import type { Figure } from './figure.js';
import * as registry from './registry.js';
import type { DrawingWatch, FigureSources, FigureSubject } from './sources.js';

type Registry = typeof registry;

/** What `network` becomes in the method: its source goes, its other arguments stay. */
type MethodOf<Draw> = Draw extends (source: never, ...args: infer Args) => infer Result
  ? (...args: Args) => Result
  : never;

/** The methods that the figures of a subject are. */
export type FigureMethods<Subject extends FigureSubject> = {
  [Name in keyof Registry as Subject extends Registry[Name]['definition']['of'][number]
    ? Name
    : never]: MethodOf<Registry[Name]['definition']['draw']>;
};

/** A class whose instances have figures. */
interface Host {
  readonly subject: FigureSubject;
  readonly prototype: object;
  readonly toSource: (network: never) => unknown;
}

const definitions: FigureDefinition[] = Object.values(registry).map(({ definition }) => definition);
const hosts: Host[] = [];

/** All figures, by topic and name. */
export function listFigures(): readonly FigureDefinition[] {
  const rank = ({ topic }: FigureDefinition) => figureTopics.indexOf(topic);
  return definitions.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

/** The pictures of the gallery, in its order. */
export function listGallery(): { definition: FigureDefinition; file: string; picture: GalleryPicture }[] {
  return listFigures().flatMap((definition) =>
    definition.gallery.map((picture) => ({ definition, file: picture.file ?? definition.name, picture })),
  );
}

/**
 * Adds a figure from elsewhere: all networks that it is of, have it as a method from now on.
 *
 * @throws LocusError `NAME_TAKEN` where its name or its method is in use; `INVALID_ARGUMENT` for an option that another figure
 * defines otherwise
 */
export function registerFigure(definition: FigureDefinition): void {
  const { name, method } = definition;
  const other = definitions.find((each) => each.name === name || each.method === method);
  if (other) {
    throw new LocusError('NAME_TAKEN', `registerFigure: there is a figure ${other.name} (${other.method})`);
  }
  for (const each of definitions) checkSameOptions(each, definition);
  for (const host of hosts) checkFree(host, definition);
  definitions.push(definition);
  for (const host of hosts) install(host, definition);
}

/** Gives a class its figures as methods; `toSource` makes what their definitions may read of an instance. */
export function hostFigures<Subject extends FigureSubject, Network extends object>(
  subject: Subject,
  type: abstract new (...args: never) => Network,
  toSource: (network: Network) => FigureSources[Subject],
): void {
  const host: Host = { subject, prototype: type.prototype as object, toSource };
  hosts.push(host);
  for (const definition of definitions) install(host, definition);
}

/**
 * Draws a figure of a network by the values of its options.
 *
 * @throws LocusError `INVALID_ARGUMENT` where it is not of such networks; what drawing throws
 */
export async function drawFigure(
  definition: FigureDefinition,
  network: object,
  values: Readonly<Record<string, unknown>> = {},
  watch: DrawingWatch = {},
): Promise<Figure> {
  const host = hosts.find(({ prototype }) => Object.prototype.isPrototypeOf.call(prototype, network));
  if (!host || !definition.of.includes(host.subject)) {
    const expected = `a network that ${definition.name} is of (${definition.of.join(', ')})`;
    throw invalidArgument('drawFigure', expected, network.constructor.name);
  }
  return drawFromSource(definition, host.toSource(network as never), values, watch);
}

/** Draws a figure of whatever its definition reads. */
export async function drawFromSource(
  { draw, args }: FigureDefinition,
  source: unknown,
  values: Readonly<Record<string, unknown>> = {},
  watch: DrawingWatch = {},
): Promise<Figure> {
  return (draw as (...all: unknown[]) => Figure | Promise<Figure>)(
    source,
    ...(await args(values, source, watch)),
  );
}

function install({ subject, prototype, toSource }: Host, { of, method, draw }: FigureDefinition): void {
  if (!of.includes(subject)) return;
  Object.defineProperty(prototype, method, {
    configurable: true,
    writable: true,
    value: {
      [method](this: never, ...args: unknown[]): unknown {
        return (draw as (...all: unknown[]) => unknown)(toSource(this), ...args);
      },
    }[method],
  });
}

function checkFree({ subject, prototype }: Host, { of, method }: FigureDefinition): void {
  if (of.includes(subject) && method in prototype) {
    throw new LocusError('NAME_TAKEN', `registerFigure: ${subject} networks have a method ${method} already`);
  }
}

/** The command line has one parser for an option, whatever figure it belongs to. */
function checkSameOptions(known: FigureDefinition, added: FigureDefinition): void {
  for (const [name, { fallback: _, ...option }] of Object.entries(added.options)) {
    const other = known.options[name];
    if (!other) continue;
    const { fallback: __, ...expected } = other;
    if (JSON.stringify(option) !== JSON.stringify(expected)) {
      throw invalidArgument(
        'registerFigure',
        `--${name} as ${known.name} defines it (${JSON.stringify(expected)})`,
        JSON.stringify(option),
      );
    }
  }
}
