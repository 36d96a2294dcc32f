/** What the registry of figures means for the command line: the names of `locus figure`, and its options. */
import type { FigureDefinition } from '../figures/definition.js';
import type { FigureOption } from '../figures/figure-option.js';
import { listFigures } from '../figures/figures-of.js';
import type { FigureSubject } from '../figures/sources.js';
import type { CommandOption } from './command.js';
import { choiceOption, countOption } from './options.js';

/** What `locus figure` can draw from, in words. */
const subjects: Readonly<Partial<Record<FigureSubject, string>>> = {
  database: 'of the database',
  snn: 'of spiking networks',
  layered: 'of NNMF and SBS networks',
  relu: 'of ReLU networks',
  converted: 'of converted networks',
  network: 'of custom networks',
};

/** The figures that `locus figure` draws. */
export function listDrawable(): FigureDefinition[] {
  return listFigures().filter(({ of }) => of.some((subject) => subject in subjects));
}

/** The figures of a subject. */
export function listFiguresOf(subject: FigureSubject): FigureDefinition[] {
  return listFigures().filter(({ of }) => of.includes(subject));
}

/** The names by subject, for the help. */
export function listFigureNames(): string {
  return (Object.keys(subjects) as FigureSubject[])
    .map((subject) => `${subjects[subject]} ${listFiguresOf(subject).map(nameOf).join(', ')}`)
    .join('; ');
}

/** The options of all figures; each names the figures that have it. */
export function readFigureOptions(): Record<string, CommandOption> {
  const names = new Set(listDrawable().flatMap(({ options }) => Object.keys(options)));
  return Object.fromEntries(
    Array.from(names, (name) => {
      const having = listDrawable().filter(({ options }) => name in options);
      const fallbacks = new Set(having.map(({ options }) => options[name].fallback));
      const shared = having[0].options[name];
      const describe = `${shared.describe} (${having.map(nameOf).join(', ')})`;
      return [name, toCommandOption(shared, describe, [...fallbacks].join('; '))];
    }),
  );
}

function toCommandOption(option: FigureOption, describe: string, defaultDescription: string): CommandOption {
  return option.type === 'count'
    ? countOption(describe, option.least, { defaultDescription })
    : choiceOption(describe, option.choices, { defaultDescription });
}

function nameOf({ name }: FigureDefinition): string {
  return name;
}
