/** One self-contained HTML page around figures. */
import { escapeHtml } from '../escape-html.js';
import type { FigureParts } from './encode-figure.js';
import { drawScript, plotlyLibraryScript } from './plotly-scripts.js';

const style = `body { margin: 16px; background: #fff; color: #262626; font: 14px/1.45 'DejaVu Sans', Verdana, Arial, sans-serif; }
.figure { margin: 0 auto 16px; width: max-content; max-width: 100%; overflow-x: auto; }`;

/** A page with figures one below the other. */
export function figurePage(figures: readonly FigureParts[], { title }: { title?: string } = {}): string {
  const body = figures.map((figure, index) => figureElement(`figure-${index}`, figure)).join('\n');
  return htmlPage({ title: title ?? figureTitle(figures[0]), body, style });
}

/** An element and the script that draws the figure into it. */
export function figureElement(id: string, figure: FigureParts): string {
  return `<div id="${id}" class="figure"></div>\n<script>${drawScript(id, figure)}</script>`;
}

export interface PageParts {
  readonly title: string;
  /** HTML; figures in it come from `figureElement`. */
  readonly body: string;
  readonly style: string;
}

/** A page that brings Plotly's library along. */
export function htmlPage({ title, body, style }: PageParts): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
<script>${plotlyLibraryScript()}</script>
</head>
<body>
${body}
</body>
</html>
`;
}

/** The title of a figure in one line, without the tags that Plotly knows. */
export function figureTitle(figure: FigureParts): string {
  const { title } = figure.layout as { title?: { text?: string } };
  return (title?.text ?? 'Locus')
    .replaceAll('<br>', ' ')
    .replaceAll(/<\/?(?:a|b|em|i|s|span|sub|sup|u)(?: [^>]*)?>/g, '');
}
