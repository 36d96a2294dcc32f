/** The fast engine on Node's threads. */
import { registerEngine } from '../../network/simulation.js';
import { startNodeThread } from '../../wasm/node-thread.js';
import { createWasmEngine } from './wasm-engine.js';

registerEngine(createWasmEngine(startNodeThread));
