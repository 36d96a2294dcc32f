/** All engines: importing this file registers them. */
import './reference/reference-engine.js';
import './wasm/node-engine.js';
import './gpu/node-engine.js';
