/** A report: one self-contained HTML page of tables and figures, or the same as PDF. */
import { extname } from 'node:path';
import { invalidArgument } from '../../errors.js';
import { prepareOutput, writeOutput } from '../../node/output-file.js';
import {
  filledText,
  instance,
  list,
  nested,
  readOptions,
  required,
  type Schema,
  text,
} from '../../options.js';
import { escapeHtml } from '../escape-html.js';
import { figureElement, htmlPage } from './figure-page.js';
import { findNotebook } from './notebook.js';
import { withPictureBrowser } from './picture-browser.js';
import { type BrowserOptions, browserSchema } from './picture-options.js';
import { showPage } from './show-figure.js';
import { Figure } from '../figure.js';

/** A chapter of a report. */
export interface ReportSection {
  readonly heading: string;
  readonly text?: string;
  readonly table?: ReportTable;
  readonly figures?: readonly Figure[];
}

export interface ReportTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface ReportParts {
  readonly title: string;
  readonly subtitle: string;
  readonly sections: readonly ReportSection[];
}

const tableField = nested<ReportTable>({
  head: required(list(text)),
  rows: required(list(list(text))),
});

const sectionField = nested<ReportSection>({
  heading: required(text),
  text,
  table: tableField,
  figures: list(instance(Figure)),
});

const schema: Schema<ReportParts> = {
  title: required(text),
  subtitle: required(text),
  sections: required(list(sectionField)),
};

/** Printed pages have the shape of A4 and room for the widest figure. */
const style = `@page { size: 1120px 1584px; margin: 48px; }
body { margin: 0 auto; padding: 24px; max-width: 1060px; background: #fff; color: #262626;
  font: 15px/1.5 'DejaVu Sans', Verdana, Arial, sans-serif; }
@media print { body { padding: 0; } }
h1 { margin: 0; font-size: 24px; overflow-wrap: anywhere; }
h2 { margin: 32px 0 8px; font-size: 18px; border-bottom: 1px solid #b0b0b0; break-after: avoid; }
.subtitle { margin: 4px 0 0; color: #555; }
table { border-collapse: collapse; }
th, td { padding: 2px 20px 2px 0; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { border-bottom: 1px solid #262626; font-weight: 600; }
tr { break-inside: avoid; }
.figures { display: flex; flex-wrap: wrap; gap: 8px; }
.figure { break-inside: avoid; max-width: 100%; overflow-x: auto; }`;

export class Report implements ReportParts {
  readonly title: string;
  readonly subtitle: string;
  readonly sections: readonly ReportSection[];

  constructor(parts: ReportParts) {
    const { title, subtitle, sections } = readOptions('Report', schema, parts);
    this.title = title;
    this.subtitle = subtitle;
    this.sections = sections;
  }

  toHtml(): string {
    const chapters = this.sections.map((section, index) => renderSection(section, `section-${index}`));
    const body = [
      `<h1>${escapeHtml(this.title)}</h1>`,
      `<p class="subtitle">${escapeHtml(this.subtitle)}</p>`,
      ...chapters,
    ].join('\n');
    return htmlPage({ title: this.title, body, style });
  }

  /**
   * Writes the report to `.html`, or by a headless Chromium to `.pdf`.
   * @returns the absolute path
   * @throws LocusError `INVALID_ARGUMENT` for another extension, `BROWSER_UNAVAILABLE` where a PDF needs a browser and none is found
   */
  async write(path: string, given: BrowserOptions = {}): Promise<string> {
    const options = readOptions('report.write', browserSchema, given);
    prepareReport(path);
    const content = isPdf(path)
      ? await withPictureBrowser(options, async (browser) => browser.printPage(this.toHtml()))
      : this.toHtml();
    return writeOutput('report.write', path, content);
  }

  /** Shows the figures in a notebook's cell, else the page in the browser (or prints its path). */
  show(): void {
    if (findNotebook())
      this.sections.flatMap(({ figures }) => figures ?? []).forEach((figure) => figure.show());
    else showPage(this.toHtml(), 'report');
  }
}

/**
 * Makes ready for a report that is to be written: its extension says a format, and there is a folder.
 *
 * @throws LocusError `INVALID_ARGUMENT`
 */
export function prepareReport(path: string): void {
  filledText('report.write', 'path', path);
  if (extname(path).toLowerCase() !== '.html' && !isPdf(path)) {
    throw invalidArgument('report.write', 'a path that ends in .html or .pdf', path);
  }
  prepareOutput('report.write', path);
}

function isPdf(path: string): boolean {
  return extname(path).toLowerCase() === '.pdf';
}

function renderSection({ heading, text, table, figures }: ReportSection, id: string): string {
  const drawn = (figures ?? []).map((figure, index) => figureElement(`${id}-figure-${index}`, figure));
  return [
    `<section>\n<h2>${escapeHtml(heading)}</h2>`,
    ...(text === undefined ? [] : [`<p>${escapeHtml(text)}</p>`]),
    ...(table ? [renderTable(table)] : []),
    ...(drawn.length > 0 ? [`<div class="figures">\n${drawn.join('\n')}\n</div>`] : []),
    '</section>',
  ].join('\n');
}

function renderTable({ head, rows }: ReportTable): string {
  const row = (cells: readonly string[], tag: 'td' | 'th') =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>\n${[row(head, 'th'), ...rows.map((cells) => row(cells, 'td'))].join('\n')}\n</table>`;
}
