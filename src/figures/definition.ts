/** What a figure says of itself: networks, the command line, the gallery and the documentation take it from here. */
import { objectWith } from '../options.js';
import type { Figure } from './figure.js';
import type { FigureOptionSet, OptionValues } from './figure-option.js';
import type { DrawingWatch, FigureSources, FigureSubject } from './sources.js';

/** The order of figures wherever they are listed; by their names within a topic. */
export const figureTopics = [
  'weights',
  'one image',
  'recordings',
  'votes',
  'accuracy',
  'learning',
  'competition',
  'conversion',
  'many networks',
] as const;
export type FigureTopic = (typeof figureTopics)[number];

/** A picture of the gallery. */
export interface GalleryPicture<Values = Readonly<Record<string, unknown>>> {
  /** Name of its file; that of the figure if left out. */
  readonly file?: string;
  readonly caption: string;
  /** Published parameters that the network must have; of spiking networks a locally connected one is taken if left out. */
  readonly network?: Readonly<Record<string, string | boolean>>;
  /** Values of the figure's options. */
  readonly values?: Values;
}

/** Draws from a source; a method of networks takes the other arguments. */
type Drawing<Source = any> = (source: Source, ...args: any[]) => Figure | Promise<Figure>;

/** The arguments after the source. */
type ArgsOf<Draw extends Drawing> =
  Parameters<Draw> extends [unknown, ...infer Args] ? Readonly<Args> : never;

export interface FigureDefinition<
  Subject extends FigureSubject = FigureSubject,
  Draw extends Drawing = Drawing,
> {
  /** On the command line: `locus figure best-voters`. */
  readonly name: string;
  /** Of networks, and of the function that draws: `bestVotersFigure`. */
  readonly method: string;
  readonly topic: FigureTopic;
  /** What it shows, in a line. */
  readonly describe: string;
  readonly of: readonly Subject[];
  readonly options: FigureOptionSet;
  readonly draw: Draw;
  /** The arguments of `draw` for values of the options. */
  readonly args: (
    values: Readonly<Record<string, unknown>>,
    source: Parameters<Draw>[0],
    watch: DrawingWatch,
  ) => ArgsOf<Draw> | Promise<ArgsOf<Draw>>;
  /** A small one, for tests in a real browser. */
  readonly example: () => Figure;
  readonly gallery: readonly GalleryPicture[];
}

/** Checks the types of a definition; `options`, `args` and `gallery` may be left out. */
export function defineFigure<
  const Subject extends FigureSubject,
  Draw extends Drawing<FigureSources[Subject]>,
  const Options extends FigureOptionSet = FigureOptionSet,
>(
  definition: Omit<FigureDefinition<Subject, Draw>, 'options' | 'args' | 'gallery'> & {
    readonly options?: Options;
    readonly args?: (
      values: OptionValues<Options>,
      source: FigureSources[Subject],
      watch: DrawingWatch,
    ) => ArgsOf<Draw> | Promise<ArgsOf<Draw>>;
    readonly gallery?: readonly GalleryPicture<OptionValues<Options>>[];
  },
): FigureDefinition<Subject, Draw> {
  objectWith<typeof definition>('name', 'draw')('defineFigure', 'the definition', definition);
  const complete = {
    options: {},
    args: () => [],
    gallery: [{ caption: definition.describe }],
    ...definition,
  };
  return complete as unknown as FigureDefinition<Subject, Draw>;
}
