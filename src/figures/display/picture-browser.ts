/** A headless Chromium that turns figures into pictures, one after the other in one session. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Data, Layout } from 'plotly.js-dist';
import { LocusError } from '../../errors.js';
import { encodeFigure, type FigureParts } from './encode-figure.js';
import { htmlPage } from './figure-page.js';
import { findChromium } from './find-chromium.js';
import type { BrowserOptions, PictureFormat, PictureOptions } from './picture-options.js';

/** How long a busy machine may take for one step [ms]. */
const patience = 180_000;

export class PictureBrowser {
  readonly #browser: Browser;
  readonly #context: BrowserContext;
  #easel: Promise<Page> | undefined;
  /** What pages wrote to the console as errors, and errors that nobody caught. */
  readonly consoleErrors: string[] = [];

  private constructor(browser: Browser, context: BrowserContext) {
    this.#browser = browser;
    this.#context = context;
  }

  /** @throws LocusError `BROWSER_UNAVAILABLE` where there is none, it does not start, or playwright-core is not installed */
  static async open({ chromium: given }: BrowserOptions = {}): Promise<PictureBrowser> {
    const executablePath = findChromium(given);
    const { chromium } = await loadPlaywright();
    try {
      const browser = await chromium.launch({
        executablePath,
        timeout: patience,
        // The sandbox does not work for root and in most containers; only pages of our own are opened.
        chromiumSandbox: false,
        args: ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-dev-shm-usage'],
      });
      const context = await browser.newContext({ offline: true });
      context.setDefaultTimeout(patience);
      return new PictureBrowser(browser, context);
    } catch (error) {
      throw new LocusError(
        'BROWSER_UNAVAILABLE',
        `pictures of figures: ${executablePath} did not start (${(error as Error).message.split('\n')[0]})`,
        { cause: error },
      );
    }
  }

  /** The bytes of a picture of the figure. */
  async render(
    figure: FigureParts,
    format: PictureFormat,
    { scale = 2 }: PictureOptions = {},
  ): Promise<Uint8Array> {
    // The library is loaded once: it takes longer than a drawing.
    this.#easel ??= this.openPage(htmlPage({ title: 'Locus', body: '', style: '' }));
    const page = await this.#easel;
    const { url, width, height } = await page.evaluate(
      async ({ json, format, scale }) => {
        const { locusPlotly } = window as unknown as {
          locusPlotly: Promise<typeof import('plotly.js-dist')>;
        };
        const Plotly = await locusPlotly;
        const { data, layout } = JSON.parse(json) as { data: Data[]; layout: Partial<Layout> };
        const element = document.body.appendChild(document.createElement('div'));
        const drawn = await Plotly.newPlot(element, data, layout);
        const { width, height } = (drawn as unknown as { _fullLayout: { width: number; height: number } })
          ._fullLayout;
        const url = await Plotly.toImage(drawn, { format, width, height, scale });
        Plotly.purge(drawn);
        element.remove();
        return { url, width, height };
      },
      { json: encodeFigure(figure), format: format === 'png' ? ('png' as const) : ('svg' as const), scale },
    );
    const comma = url.indexOf(',');
    const picture = url.slice(0, comma).endsWith('base64')
      ? Buffer.from(url.slice(comma + 1), 'base64')
      : Buffer.from(decodeURIComponent(url.slice(comma + 1)), 'utf8');
    return format === 'pdf' ? this.#print(picture.toString('utf8'), width, height) : picture;
  }

  /** A page whose figures are all drawn. */
  async openPage(html: string): Promise<Page> {
    const page = await this.#context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') this.consoleErrors.push(message.text());
    });
    const failed = new Promise<never>((_, reject) => {
      page.on('pageerror', (error) => {
        this.consoleErrors.push(error.message);
        reject(error);
      });
    });
    const drawn = async () => {
      await page.setContent(html);
      await page.waitForFunction(() =>
        Array.from(document.querySelectorAll<HTMLElement>('.figure')).every(
          (element) => element.dataset.drawn === 'true',
        ),
      );
    };
    await Promise.race([drawn(), failed]);
    return page;
  }

  /** A page as PDF in A4. */
  async printPage(html: string): Promise<Uint8Array> {
    const page = await this.openPage(html);
    try {
      return await page.pdf({ format: 'A4', printBackground: true, preferCSSPageSize: true });
    } finally {
      await page.close();
    }
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  /** An SVG as a PDF page of its size. */
  async #print(svg: string, width: number, height: number): Promise<Uint8Array> {
    const page = await this.#context.newPage();
    try {
      await page.setContent(
        `<style>@page { margin: 0 } body { margin: 0 } svg { display: block }</style>${svg}`,
      );
      return await page.pdf({
        width: `${width}px`,
        height: `${height}px`,
        printBackground: true,
        pageRanges: '1',
      });
    } finally {
      await page.close();
    }
  }
}

/** The package that drives the browser: optional, as most runs never make a picture. */
async function loadPlaywright(): Promise<typeof import('playwright-core')> {
  try {
    return await import('playwright-core');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new LocusError(
      'BROWSER_UNAVAILABLE',
      'pictures of figures: expected the package playwright-core, found none. Install it: npm install playwright-core; ' +
        '.html files need no browser to be written.',
      { cause },
    );
  }
}

/** Runs `work` with a browser that is closed afterwards. */
export async function withPictureBrowser<Result>(
  options: BrowserOptions,
  work: (browser: PictureBrowser) => Promise<Result>,
): Promise<Result> {
  const browser = await PictureBrowser.open(options);
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}
