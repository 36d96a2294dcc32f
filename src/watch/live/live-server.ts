/** Serves a live view as a page on this machine only, and pushes frames to whoever has it open. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { invalidArgument } from '../../errors.js';
import { encodeFrame } from './encode-frame.js';
import type { LiveDisplay, LiveFrame, LiveStatus } from './live-frame.js';
import { livePage } from './live-page.js';

const host = '127.0.0.1';
/** How long a page may take to receive the last frame, and to hang up at the end, before it counts as lost [ms]. */
const defaultPatience = 10_000;

interface Viewer {
  readonly id: number;
  readonly response: ServerResponse;
  /** Number of the last frame that was sent, and of the last one that is known to be drawn. */
  sent: number;
  drawn: number;
}

export class LiveServer implements LiveDisplay {
  /** With the time to make the frame; as measured where code has just been compiled. */
  readonly expectedDrawingTime = 300;
  readonly #server: Server;
  readonly #patience: number;
  readonly #viewers = new Set<Viewer>();
  #lastViewer = 0;
  readonly #waiting = new Set<() => void>();
  #number = 0;
  #frame: string | undefined;
  /** Whether that frame is the last one of a training: pages do not say when they have drawn it. */
  #isLast = false;
  #status: LiveStatus | undefined;
  #drawingTime = 0;
  #wasOpened = false;
  #isClosing = false;

  private constructor(server: Server, patience: number) {
    this.#server = server;
    this.#patience = patience;
    server.on('request', (request: IncomingMessage, response: ServerResponse) =>
      this.#answer(request, response),
    );
  }

  /**
   * @param options.port a free one is chosen if left out
   * @param options.patience how long a page may take to receive the last frame, and to hang up at the end [ms]
   * @throws LocusError `INVALID_ARGUMENT` where the port is taken or not allowed
   */
  static async start({
    port = 0,
    patience = defaultPatience,
  }: {
    port?: number;
    patience?: number;
  } = {}): Promise<LiveServer> {
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw invalidArgument('live page', 'a port from 1 to 65535 (0: any that is free)', port);
    }
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        reject(
          invalidArgument('live page', 'a port that is free', `${port} (${error.code ?? error.message})`),
        );
      });
      server.listen(port, host, resolve);
    });
    return new LiveServer(server, patience);
  }

  get address(): string {
    return `http://${host}:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Somebody has the page open and has drawn what was sent: the next frame would not have to wait. */
  get isWatched(): boolean {
    return [...this.#viewers].some(({ sent, drawn }) => drawn >= sent);
  }

  /** Whether the page has ever been open. */
  get wasOpened(): boolean {
    return this.#wasOpened;
  }

  show(frame: LiveFrame): void {
    this.#number++;
    this.#frame = encodeFrame(frame, this.#number);
    this.#isLast = frame.status.state !== 'running';
    for (const viewer of this.#viewers) this.#sendFrame(viewer);
    this.update(frame.status);
  }

  update(status: LiveStatus): void {
    this.#status = status;
    for (const { response } of this.#viewers) this.#send(response, 'status', JSON.stringify(status));
  }

  takeDrawingTime(): number {
    const time = this.#drawingTime;
    this.#drawingTime = 0;
    return time;
  }

  async delivered(): Promise<void> {
    await this.#waitWhile(() => [...this.#viewers].some(({ response }) => response.writableLength > 0));
  }

  /** Resolves when the page is opened, or the signal comes. */
  async opened(signal: AbortSignal): Promise<void> {
    while (!this.#wasOpened && !signal.aborted) await this.#change(signal);
  }

  /** Does not keep the process alive any longer. */
  unref(): void {
    this.#server.unref();
    this.#server.on('connection', (socket) => socket.unref());
  }

  /** Tells open pages that nothing more will come, and stops when they have hung up: none of them finds the server gone. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const { response } of this.#viewers) this.#send(response, 'end', '');
    await this.#waitWhile(() => this.#viewers.size > 0);
    for (const { response } of this.#viewers) response.end();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    const timer = setTimeout(() => this.#server.closeAllConnections(), 500);
    await closed;
    clearTimeout(timer);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.address);
    // A page of another origin that a name server points here has another host, and learns nothing.
    if (!isThisHost(request.headers.host)) {
      response.writeHead(403).end('This page is for this machine only.\n');
    } else if (request.method === 'GET' && pathname === '/') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-encoding': 'gzip' });
      response.end((packedPage ??= gzipSync(livePage(), { level: 1 })));
    } else if (request.method === 'GET' && pathname === '/events') {
      this.#addViewer(request, response);
    } else if (request.method === 'POST' && pathname === '/drawn') {
      const [viewer, frame, milliseconds] = ['viewer', 'frame', 'milliseconds'].map((name) =>
        Number(searchParams.get(name)),
      );
      this.#noteDrawn(viewer, frame, milliseconds);
      response.writeHead(204).end();
    } else {
      response.writeHead(404).end('There is one page here: /\n');
    }
  }

  #addViewer(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.flushHeaders();
    const viewer = { id: ++this.#lastViewer, response, sent: 0, drawn: 0 };
    this.#viewers.add(viewer);
    this.#wasOpened = true;
    this.#send(response, 'viewer', String(viewer.id));
    this.#sendFrame(viewer);
    if (this.#status) this.#send(response, 'status', JSON.stringify(this.#status));
    if (this.#isClosing) this.#send(response, 'end', '');
    request.on('close', () => {
      this.#viewers.delete(viewer);
      this.#tellWaiting();
    });
    this.#tellWaiting();
  }

  #send(response: ServerResponse, event: string, data: string): void {
    response.write(`event: ${event}\ndata: ${data}\n\n`, () => this.#tellWaiting());
  }

  #sendFrame(viewer: Viewer): void {
    if (this.#frame === undefined) return;
    viewer.sent = this.#number;
    if (this.#isLast) viewer.drawn = this.#number;
    this.#send(viewer.response, 'frame', this.#frame);
  }

  #noteDrawn(id: number, frame: number, milliseconds: number): void {
    const viewer = [...this.#viewers].find((each) => each.id === id);
    if (!viewer || !(frame > viewer.drawn && frame <= viewer.sent)) return;
    if (milliseconds > 0) this.#drawingTime += milliseconds;
    viewer.drawn = frame;
    this.#tellWaiting();
  }

  /** As long as its patience lasts. */
  async #waitWhile(isPending: () => boolean): Promise<void> {
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), this.#patience);
    while (isPending() && !timeout.signal.aborted) await this.#change(timeout.signal);
    clearTimeout(timer);
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener('abort', done);
        this.#waiting.delete(done);
        resolve();
      };
      signal.addEventListener('abort', done);
      this.#waiting.add(done);
    });
  }

  #tellWaiting(): void {
    for (const tell of this.#waiting) tell();
  }
}

let packedPage: Buffer | undefined;

function isThisHost(given: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(given ?? '');
}
