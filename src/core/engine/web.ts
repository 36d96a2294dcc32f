/** All engines that run in a browser: importing this file registers them. */
import './reference/reference-engine.js';
import './wasm/web-engine.js';
import './gpu/web-engine.js';
