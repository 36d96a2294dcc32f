/** Entry of a thread of `clean-threads.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { joinSearch, type SoundSearch } from '../store/index.js';
import { proveEntry } from './check-entry.js';
import type { CleanJob } from './clean-threads.js';
import { forgetKinds } from './loaded-kinds.js';
import { listOwnTypes, loadAllKinds } from './registry.js';

const { path, types } = workerData as CleanJob;
await loadAllKinds();
forgetKinds(listOwnTypes().filter((type) => !types.includes(type)));
parentPort?.once('message', (search: SoundSearch) => joinSearch(path, search, proveEntry));
