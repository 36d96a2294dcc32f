/** All engines: importing this file registers them. */
import '../core/engine/reference/reference-engine.js';
import './wasm-engine.js';
import './gpu-engine.js';
