/** The GPU engine in Node, on either backend; gpu.js and the device are loaded by the first simulation. */
import { registerEngine } from '../../network/simulation.js';
import { createGpuEngine } from './gpu-engine.js';
import { openInNode } from './open-in-node.js';

registerEngine(createGpuEngine('gpu', () => openInNode('webgpu')));
registerEngine(createGpuEngine('gpu-webasm', () => openInNode('webasm')));
