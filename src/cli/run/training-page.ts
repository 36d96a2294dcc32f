/** The page of `train --live`: what it says while the command works, and when its server stops. */
import { openAddress } from '../../figures/display/show-figure.js';
import type { LiveDisplay, LiveStatus } from '../../figures/index.js';
import { LiveServer } from '../../watch/live/live-server.js';
import { LocusError } from '../../errors.js';
import type { CommandContext } from '../context.js';

/** How long a page that nobody has opened is served after the work [s]. */
const patience = 60;

export class TrainingPage {
  readonly #server: LiveServer;
  readonly #context: CommandContext;

  private constructor(server: LiveServer, context: CommandContext) {
    this.#server = server;
    this.#context = context;
  }

  /**
   * Serves the page, opens it where there is a display, and tells its address.
   *
   * @throws LocusError `INVALID_ARGUMENT` where the port is taken
   */
  static async open(context: CommandContext, port?: number): Promise<TrainingPage> {
    const server = await LiveServer.start({ port });
    // Who asks for the page needs its address, be the command as quiet as it may.
    context.io.stderr.write(`Live at ${server.address} (this machine only)\n`);
    openAddress(server.address);
    return new TrainingPage(server, context);
  }

  get display(): LiveDisplay {
    return this.#server;
  }

  /** Works, with the page following, and stops serving when the page has everything; `work` gives what it says at last. */
  async during(work: () => Promise<string>): Promise<void> {
    this.#context.onProgress = (task, { done, total }) => {
      // The training itself tells the page how far it is.
      if (task !== 'training') {
        this.#server.update({ state: 'running', text: `training is done; ${task}`, done, total });
      }
    };
    try {
      await this.#finish({ state: 'done', text: await work() });
    } catch (error) {
      const isInterruption = error instanceof LocusError && error.code === 'INTERRUPTED';
      const state = isInterruption ? 'interrupted' : 'failed';
      await this.#finish({ state, text: (error as Error).message });
      throw error;
    } finally {
      this.#context.onProgress = undefined;
    }
  }

  async #finish(status: LiveStatus): Promise<void> {
    const server = this.#server;
    server.update(status);
    if (!server.wasOpened && status.state === 'done') {
      this.#context.io.stderr.write(
        `Nobody has opened ${server.address} yet; it shows the result for ${patience} s more (Ctrl-C ends now)\n`,
      );
      const signals = [AbortSignal.timeout(1000 * patience), this.#context.signal];
      await server.opened(AbortSignal.any(signals));
    }
    await server.delivered();
    await server.close();
  }
}
