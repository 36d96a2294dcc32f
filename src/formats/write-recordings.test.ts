/** Recordings as files: what was recorded, read back, and what is not overwritten. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../test/support/make-folder.js';
import '../core/engine/reference/reference-engine.js';
import { spikeTrainFromEvents } from '../core/encoding/spike-train.js';
import { Monitor, type MonitorParameters } from '../core/network/monitors.js';
import { Network } from '../core/network/network.js';
import { LIF, Input } from '../core/network/nodes/index.js';
import { PostPre } from '../core/network/learning/index.js';
import { Connection } from '../core/network/topology/index.js';
import type { Precision } from '../core/precision.js';
import { readNpy } from './npy.js';
import { writeRecordings } from './write-recordings.js';

const given = spikeTrainFromEvents(
  Array.from({ length: 40 }, (_, e) => e >> 1),
  Array.from({ length: 40 }, (_, e) => (e % 2) * 2 + ((e >> 1) % 2)),
  20,
  4,
);

async function record<P extends Precision = 'single'>(
  of: string | readonly string[],
  parameters: MonitorParameters<P>,
): Promise<Monitor<P>> {
  const monitor = new Monitor(parameters);
  const network = new Network({ engine: 'reference', dt: 0.5, precision: parameters.precision })
    .addLayer('X', new Input({ shape: 4 }))
    .addLayer('Y', new LIF({ shape: 3, thresh: -60 }))
    .addConnection('X', 'Y', new Connection({ w: 1.5, rule: new PostPre({ nu: [0.01, 0.02] }) }))
    .addMonitor(of, monitor);
  await network.run({ X: given });
  network.dispose();
  return monitor;
}

const read = (folder: string, name: string) => {
  const { shape, dtype, data } = readNpy(readFileSync(join(folder, name)), name);
  return { shape, dtype, data: Array.from<number | bigint>(data) };
};

describe('the files of a monitor', () => {
  it('hold all values, spikes as a list and the time of every step', async () => {
    const folder = join(makeFolder(), 'new', 'folder');
    const monitor = await record('Y', { variables: ['v', 'spikes'] });
    const paths = await writeRecordings(monitor, folder);
    expect(paths).toEqual(
      ['Y.v.npy', 'Y.spikes.npy', 'Y.recorded-times.npy'].map((name) => join(folder, name)),
    );
    expect(readdirSync(folder)).toHaveLength(3);
    const v = monitor.get('v');
    expect(read(folder, 'Y.v.npy')).toEqual({ shape: [20, 3], dtype: 'f4', data: [...v.data] });
    const { data: list, ...spikes } = read(folder, 'Y.spikes.npy');
    const raster = monitor.get('spikes').data;
    const expected = Array.from(raster.keys()).flatMap((at) =>
      raster[at] === 0 ? [] : [Math.floor(at / 3), at % 3],
    );
    expect(list).toEqual(expected);
    expect(list.length).toBeGreaterThan(4);
    expect(spikes).toEqual({ shape: [list.length / 2, 2], dtype: 'u4' });
    expect(read(folder, 'Y.recorded-times.npy')).toEqual({
      shape: [20],
      dtype: 'f8',
      data: Array.from({ length: 20 }, (_, t) => 0.5 * t),
    });
  });

  it('hold spikes as a raster of bytes, of chosen neurons and steps', async () => {
    const folder = makeFolder();
    const parameters = { variables: ['spikes', 'v'], indices: [2, 0], every: 3, last: 4 };
    const monitor = await record('Y', parameters);
    await writeRecordings(monitor, folder, { spikes: 'raster' });
    expect(read(folder, 'Y.spikes.npy')).toEqual({
      shape: [4, 2],
      dtype: 'u1',
      data: [...monitor.get('spikes').data],
    });
    expect(read(folder, 'Y.v.npy')).toMatchObject({ shape: [4, 2], data: [...monitor.get('v').data] });
    expect(read(folder, 'Y.recorded-indices.npy')).toEqual({ shape: [2], dtype: 'u4', data: [2, 0] });
    expect(read(folder, 'Y.recorded-times.npy').data).toEqual([4.5, 6, 7.5, 9]);
  });

  it('are those of every layer and connection, under names that every system takes', async () => {
    const folder = makeFolder();
    const spikes = await writeRecordings(await record(['X', 'Y'], { variables: ['spikes'] }), folder);
    expect(spikes.map((path) => basename(path))).toEqual([
      'X.spikes.npy',
      'X.recorded-times.npy',
      'Y.spikes.npy',
      'Y.recorded-times.npy',
    ]);
    const weights = await record('X->Y', { variables: ['w'] });
    await writeRecordings(weights, folder);
    expect(read(folder, 'X-%3EY.w.npy')).toEqual({
      shape: [20, 12],
      dtype: 'f4',
      data: [...weights.get('w').data],
    });
  });

  it('have 64 bits in double precision', async () => {
    const folder = makeFolder();
    const monitor = await record('Y', { variables: ['v'], precision: 'double' });
    await writeRecordings(monitor, folder);
    expect(read(folder, 'Y.v.npy')).toEqual({
      shape: [20, 3],
      dtype: 'f8',
      data: [...monitor.get('v').data],
    });
  });

  it('of silent neurons hold an empty list', async () => {
    const monitor = new Monitor({ variables: ['spikes'] });
    monitor.track('Y', 1).advance(5, spikeTrainFromEvents([], [], 5, 2));
    const folder = makeFolder();
    await writeRecordings(monitor, folder);
    expect(read(folder, 'Y.spikes.npy')).toEqual({ shape: [0, 2], dtype: 'u4', data: [] });
  });
});

describe('files that are there already', () => {
  it('stay as they are, and no other is written', async () => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'Y.spikes.npy'), 'mine');
    const monitor = await record('Y', { variables: ['v', 'spikes'] });
    await expect(writeRecordings(monitor, folder)).rejects.toMatchObject({
      code: 'NAME_TAKEN',
      message: `writeRecordings: ${join(folder, 'Y.spikes.npy')} is there already; overwrite: true replaces it.`,
    });
    expect(readdirSync(folder)).toEqual(['Y.spikes.npy']);
    expect(readFileSync(join(folder, 'Y.spikes.npy'), 'utf8')).toBe('mine');
  });

  it('are replaced where that is asked for', async () => {
    const folder = makeFolder();
    const monitor = await record('Y', { variables: ['v'] });
    await writeRecordings(monitor, folder);
    const first = read(folder, 'Y.v.npy');
    await writeRecordings(await record('Y', { variables: ['v'], last: 2 }), folder, { overwrite: true });
    expect(read(folder, 'Y.v.npy')).toMatchObject({ shape: [2, 3], data: first.data.slice(-6) });
  });
});

it.each<[string, () => Promise<unknown>, string]>([
  ['no monitor', () => writeRecordings({} as never, 'x'), 'monitor to be an instance of Monitor'],
  ['no folder', () => writeRecordings(new Monitor({ variables: ['v'] }), ''), 'expected folder to be text'],
  [
    'a monitor of no network',
    () => writeRecordings(new Monitor({ variables: ['v'] }), 'x'),
    'writeRecordings: expected a monitor that was added to a network',
  ],
  [
    'a monitor that recorded nothing',
    async () => {
      const monitor = await record('Y', { variables: ['v'] });
      monitor.reset();
      return writeRecordings(monitor, 'x');
    },
    'writeRecordings: expected recorded steps of Y, got 0',
  ],
  [
    'a folder that is a file',
    async () => {
      const path = join(makeFolder(), 'file');
      writeFileSync(path, '');
      return writeRecordings(await record('Y', { variables: ['v'] }), path);
    },
    'writeRecordings: expected a file that can be written',
  ],
])('names %s in its error', async (_, misuse, message) => {
  await expect(misuse()).rejects.toMatchObject({
    name: 'LocusError',
    message: expect.stringContaining(message),
  });
});
