/** What of a running network outlives an image, and engines cannot be asked for: written down where it is set. */
import type { Program } from './program.js';

export interface ConnectionLog {
  /** Whether its weights are known to sum to its norm. */
  normalized: boolean;
  /** Whether it learns when the network does. */
  plastic: boolean;
}

export class StateLog {
  /** Resets and presentations so far, on which draws depend. */
  resets = 0;
  /** What `setSignal` said last, by name. */
  readonly signals = new Map<string, number>();
  readonly #program: Program;
  readonly #connections: ConnectionLog[];

  constructor(program: Program) {
    this.#program = program;
    this.#connections = program.connections.map(() => ({ normalized: false, plastic: true }));
  }

  ofConnection(connection: number): Readonly<ConnectionLog> {
    return this.#connections[connection];
  }

  setWeights(connection: number, normalized: boolean): void {
    this.#connections[connection].normalized = normalized;
  }

  setPlastic(connection: number, plastic: boolean): void {
    this.#connections[connection].plastic = plastic;
  }

  /** Steps that learn, without normalisation. */
  learn(): void {
    this.#eachLearning((log) => {
      log.normalized = false;
    });
  }

  /** All that learn, or one. */
  normalize(only?: number): void {
    if (only !== undefined) this.#connections[only].normalized = true;
    else this.#eachPlastic((log) => (log.normalized = true));
  }

  /** A presentation, which normalises after every image. */
  present(learn: boolean): void {
    this.resets++;
    if (learn) this.normalize();
  }

  #eachPlastic(visit: (log: ConnectionLog, connection: number) => void): void {
    this.#connections.forEach((log, connection) => {
      if (log.plastic) visit(log, connection);
    });
  }

  #eachLearning(visit: (log: ConnectionLog) => void): void {
    this.#eachPlastic((log, index) => {
      const connection = this.#program.connections[index];
      if (connection.kind === 'synapses' && connection.rule.kernel !== 'none') visit(log);
    });
  }
}
