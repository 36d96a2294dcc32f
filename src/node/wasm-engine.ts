/** The fast engine on Node's threads. */
import { registerEngine } from '../core/network/simulation.js';
import { startNodeThread } from './thread.js';
import { createWasmEngine } from '../core/engine/wasm/wasm-engine.js';

registerEngine(createWasmEngine(startNodeThread));
