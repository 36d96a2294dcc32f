/** The GPU engine in Node, on either backend; gpu.js and the device are loaded by the first simulation. */
import { registerEngine } from '../core/network/simulation.js';
import { createGpuEngine } from '../core/engine/gpu/gpu-engine.js';
import { openInNode } from './open-gpu.js';

registerEngine(createGpuEngine('gpu', () => openInNode('webgpu')));
registerEngine(createGpuEngine('gpu-webasm', () => openInNode('webasm')));
