/** The fast engine on a browser's workers. */
import { registerEngine } from '../../network/simulation.js';
import { startWebThread } from '../../wasm/web-thread.js';
import { createWasmEngine } from './wasm-engine.js';

registerEngine(createWasmEngine(startWebThread));
