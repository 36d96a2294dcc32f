/** The worker as the page sees it: calls with promises. */
import type { Answer } from '../src/browser.js';
import type { Reply, Request } from './protocol.js';

export class SimulationClient {
  readonly #worker = new Worker(new URL('./simulation-worker.ts', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<
    number,
    { resolve: (answer?: Answer) => void; reject: (error: Error) => void }
  >();
  #next = 0;

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
      const call = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.ok) call?.resolve(data.answer);
      else call?.reject(new Error(data.problem));
    });
    this.#worker.addEventListener('error', ({ message }) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the simulation ended: ${message}`));
      this.#waiting.clear();
    });
  }

  /** Takes over a network (`packNetwork`) on an engine. */
  async load(message: ArrayBuffer, engine: string): Promise<void> {
    await this.#call({ kind: 'load', message, engine });
  }

  /** The network's answer to crop × crop bytes. */
  async answer(image: Uint8Array, item: number): Promise<Answer> {
    const answer = await this.#call({ kind: 'answer', image, item });
    if (!answer) throw new Error('the simulation gave no answer');
    return answer;
  }

  #call(request: Request): Promise<Answer | undefined> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ ...request, id });
    });
  }
}
