/** The GPU engine in a browser; gpu.js and the device are loaded by the first simulation. */
import { registerEngine } from '../../network/simulation.js';
import { createGpuEngine } from './gpu-engine.js';
import { openInBrowser } from './open-in-browser.js';

registerEngine(createGpuEngine('gpu', openInBrowser));
