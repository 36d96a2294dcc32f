/** Downloads from real servers on this machine, good ones and bad ones, down to what lies on the disk afterwards. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { create as createTar } from 'tar';
import { describe, expect, it } from 'vitest';
import { fashionFolder, hasFashion, hasMnist, mnistFolder } from '../../../test/support/data-folders.js';
import { makeFolder } from '../../../test/support/make-folder.js';
import { answerRange, makeCutter, serveFiles } from '../../../test/support/file-server.js';
import {
  contents,
  expectInstalled,
  fileNames,
  findGzipped,
  remoteFile,
  smallMnist,
  visible,
} from '../../../test/support/small-mnist.js';
import { loadDataset, loadSplit } from '../dataset.js';
import { type DownloadProgress, downloadDataset, downloadFrom } from './download-dataset.js';
import type { RemoteSource } from './remote-sources.js';

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('downloadDataset with the published files', () => {
  it.skipIf(!hasMnist)('fetches MNIST, loads it, and finds it there the second time', async () => {
    const dataDir = makeFolder();
    const server = await serveFiles((name) => readFileSync(join(mnistFolder, name)));
    const progress: DownloadProgress[] = [];
    const download = await downloadDataset('mnist', {
      dataDir,
      mirrors: [server.url],
      onProgress: (step) => progress.push(step),
    });
    expect(download.folder).toBe(join(dataDir, 'mnist'));
    expect(download.files).toEqual(
      fileNames.map((name) => ({
        path: join(dataDir, 'mnist', `${name}.gz`),
        state: 'downloaded',
        url: `${server.url}${name}.gz`,
        kept: [],
      })),
    );
    for (const name of fileNames) {
      const steps = progress.filter((step) => step.file === `${name}.gz`);
      const size = readFileSync(join(mnistFolder, `${name}.gz`)).length;
      expect(steps.at(-1)).toMatchObject({ received: size, total: size });
      expect(steps.map((step) => step.received)).toEqual(
        steps.map((step) => step.received).toSorted((a, b) => a - b),
      );
    }
    expect((await loadDataset('mnist', { dataDir })).hash).toBe(
      'c97a2c607853b499a01d274c02fa5de533f80f6f09404e77aa0e02ec99b4c1f5',
    );
    const again = await downloadDataset('mnist', { dataDir, mirrors: [server.url] });
    expect(again.files.map((file) => file.state)).toEqual(['present', 'present', 'present', 'present']);
    expect(server.requests.length).toBe(4);
  });

  it.skipIf(!hasFashion)("accepts Fashion-MNIST as Debian's package has it, compressed anew", async () => {
    const dataDir = makeFolder();
    const server = await serveFiles((name) => readFileSync(join(fashionFolder, name)));
    await downloadDataset('fashion-mnist', { dataDir, mirrors: [server.url] });
    expect((await loadSplit('fashion-mnist', 'test', { dataDir })).count).toBe(10_000);
  });

  it.skipIf(!hasMnist || !hasFashion)('does not install Fashion-MNIST as MNIST', async () => {
    const dataDir = makeFolder();
    const server = await serveFiles((name) => readFileSync(join(fashionFolder, name)));
    await expect(downloadDataset('mnist', { dataDir, mirrors: [server.url] })).rejects.toMatchObject({
      code: 'DATA_CORRUPT',
      message: expect.stringContaining('expected sha-256 ba891046'),
    });
    expect(readdirSync(join(dataDir, 'mnist'))).toEqual([]);
  });

  it('refuses unknown and embedded names, and mirrors that are no addresses', async () => {
    await expect(downloadDataset('cifra10')).rejects.toThrow('Did you mean "cifar10"?');
    await expect(downloadDataset('mnist-10k')).rejects.toThrow(
      'expected a data set that is not embedded already',
    );
    for (const mirrors of [['example.org/mnist'], ['ftp://example.org/'], []]) {
      await expect(downloadDataset('mnist', { mirrors })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
  });
});

describe('a mirror that does not help', () => {
  it('without the file is left for the next', async () => {
    const dataDir = makeFolder();
    const empty = await serveFiles(() => undefined);
    const good = await serveFiles(findGzipped);
    const { files } = await downloadFrom('mnist', smallMnist, {
      dataDir,
      // Without its final slash, as people write it.
      mirrors: [`${empty.url}data`, good.url],
    });
    expect(empty.requests[0].path).toBe('data/train-images-idx3-ubyte.gz');
    expect(files.every((file) => file.url?.startsWith(good.url))).toBe(true);
    await expectInstalled(dataDir);
  });

  it('with a wrong file is left for the next, and nothing of it is installed', async () => {
    const dataDir = makeFolder();
    const wrong = await serveFiles((name) => findGzipped(name)?.fill(7, 40, 60));
    const good = await serveFiles(findGzipped);
    await downloadFrom('mnist', smallMnist, { dataDir, mirrors: [wrong.url, good.url] });
    expect(wrong.requests.map(({ path }) => path)).toEqual(smallMnist.files.map(({ name }) => name));
    await expectInstalled(dataDir);
  });

  it('with a wrong file, and no other: nothing is installed and the error names file, address and sums', async () => {
    const dataDir = makeFolder();
    const wrong = contents.get(fileNames[0])?.toReversed() as Buffer;
    const server = await serveFiles((name) => findGzipped(name) && gzipSync(wrong));
    const download = downloadFrom('mnist', smallMnist, { dataDir, mirrors: [server.url] });
    await expect(download).rejects.toMatchObject({ code: 'DATA_CORRUPT' });
    const sum = createHash('sha256').update(wrong).digest('hex');
    await expect(download).rejects.toThrow(
      `${server.url}train-images-idx3-ubyte.gz: expected sha-256 ${smallMnist.files[0].sha256} of its uncompressed content, got ${sum}`,
    );
    expect(readdirSync(join(dataDir, 'mnist'))).toEqual([]);
  });

  it.each<[string, Buffer, string]>([
    [
      'a web page',
      Buffer.from('<!DOCTYPE html><title>Please log in</title>'),
      'a web page ("<!DOCTYPE html>',
    ],
    [
      'a truncated file',
      gzipSync(contents.get(fileNames[0]) as Buffer, { level: 0 }).subarray(0, 5000),
      'unexpected end of file',
    ],
    ['too long a file', gzipSync(Buffer.alloc(5_000_000)), 'more than 470416 bytes'],
    ['an endless file', Buffer.alloc(8_000_000, 5), 'more than 470416 bytes'],
  ])('sends %s: refused, and nothing is left behind', async (_what, content, message) => {
    const dataDir = makeFolder();
    const server = await serveFiles(() => content);
    const download = downloadFrom('mnist', smallMnist, { dataDir, mirrors: [server.url] });
    await expect(download).rejects.toMatchObject({
      code: 'DATA_CORRUPT',
      message: expect.stringContaining(message),
    });
    expect(readdirSync(join(dataDir, 'mnist'))).toEqual([]);
  });

  it('that unpacks what it sends is understood: the file is installed without .gz', async () => {
    const dataDir = makeFolder();
    const server = await serveFiles(findGzipped, (content, _request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': content.length }).end(content);
    });
    await downloadFrom('mnist', smallMnist, { dataDir, mirrors: [server.url] });
    expect(visible(join(dataDir, 'mnist')).toSorted()).toEqual(fileNames.toSorted());
    expect((await loadDataset('mnist', { dataDir })).test.count).toBe(60);
  });

  it('that falls silent is left after the time allowed', async () => {
    const dataDir = makeFolder();
    const silent = await serveFiles(findGzipped, (content, _request, response) => {
      response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 10));
    });
    const mute = await serveFiles(findGzipped, () => undefined);
    const download = downloadFrom('mnist', smallMnist, {
      dataDir,
      mirrors: [mute.url, silent.url],
      stallTimeout: 200,
    });
    await expect(download).rejects.toMatchObject({
      code: 'NETWORK_UNREACHABLE',
      message: expect.stringMatching(/nothing arrived for 0\.2 s\n.*nothing arrived for 0\.2 s/),
    });
  });

  it('that is slow, but not silent, may take longer than that', async () => {
    const dataDir = makeFolder();
    const slow = await serveFiles(findGzipped, (content, request, response, nth) => {
      if (nth > 1) return answerRange(content, request, response, nth);
      response.writeHead(200, { 'content-length': content.length });
      const tenth = Math.ceil(content.length / 10);
      for (let part = 0; part < 10; part++) {
        setTimeout(() => response.write(content.subarray(part * tenth, (part + 1) * tenth)), part * 150);
      }
      setTimeout(() => response.end(), 1500);
    });
    await downloadFrom('mnist', smallMnist, { dataDir, mirrors: [slow.url], stallTimeout: 1000 });
    expect(slow.requests.length).toBe(4);
    await expectInstalled(dataDir);
  });

  it('offline: every address is named with its reason, and what to do by hand', async () => {
    const dataDir = makeFolder();
    const ports = [await closedPort(), await closedPort()];
    const mirrors = ports.map((port) => `http://127.0.0.1:${port}/`);
    const download = downloadDataset('mnist', { dataDir, mirrors });
    await expect(download).rejects.toMatchObject({ code: 'NETWORK_UNREACHABLE' });
    for (const mirror of mirrors) {
      await expect(download).rejects.toThrow(
        `${mirror}train-images-idx3-ubyte.gz: connect ECONNREFUSED 127.0.0.1`,
      );
    }
    await expect(download).rejects.toThrow(
      `put them into ${join(dataDir, 'mnist')}, or point --data-dir or LOCUS_DATA_DIR`,
    );
    await expect(download).rejects.toThrow('mnist-10k needs no download');
    expect(readdirSync(join(dataDir, 'mnist'))).toEqual([]);
  });
});

describe('what lies in the folder already', () => {
  it('is left alone where it is right, gzipped or not, and replaced where it is broken, keeping the old', async () => {
    const dataDir = makeFolder();
    const folder = join(dataDir, 'mnist');
    mkdirSync(folder);
    writeFileSync(join(folder, fileNames[0]), contents.get(fileNames[0]) as Buffer);
    writeFileSync(join(folder, fileNames[1]), 'truncated');
    writeFileSync(join(folder, `${fileNames[1]}.gz`), 'damaged');
    const server = await serveFiles(findGzipped);
    const { files } = await downloadFrom('mnist', smallMnist, { dataDir, mirrors: [server.url] });
    expect(files.map((file) => file.state)).toEqual(['present', 'downloaded', 'downloaded', 'downloaded']);
    const kept = [`${fileNames[1]}.old-1`, `${fileNames[1]}.gz.old-1`].map((name) => join(folder, name));
    expect(files[1].kept).toEqual(kept);
    expect(kept.map((path) => readFileSync(path, 'utf8'))).toEqual(['truncated', 'damaged']);
    expect((await loadDataset('mnist', { dataDir })).train.count).toBe(500);
  });

  it('is used where it lies directly in the data folder', async () => {
    const dataDir = makeFolder();
    for (const name of fileNames) writeFileSync(join(dataDir, name), contents.get(name) as Buffer);
    const { folder, files } = await downloadFrom('mnist', smallMnist, { dataDir });
    expect(folder).toBe(dataDir);
    expect(files.every((file) => file.state === 'present')).toBe(true);
  });

  it('is not overwritten by two downloads at once', async () => {
    const dataDir = makeFolder();
    const server = await serveFiles(findGzipped);
    const options = { dataDir, mirrors: [server.url] };
    await Promise.all([
      downloadFrom('mnist', smallMnist, options),
      downloadFrom('mnist', smallMnist, options),
    ]);
    for (const name of fileNames) {
      const path = join(dataDir, 'mnist', `${name}.gz`);
      expect(Buffer.compare(gunzipSync(readFileSync(path)), contents.get(name) as Buffer)).toBe(0);
    }
  });

  it('cannot be written: says where and why', async () => {
    const dataDir = join(makeFolder(), 'file');
    writeFileSync(dataDir, '');
    await expect(downloadFrom('mnist', smallMnist, { dataDir })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(
        /^downloadDataset: dataDir: expected a folder that can be made, got .*file.* \((ENOTDIR|EEXIST): /,
      ),
    });
  });
});

describe('CIFAR-10', () => {
  const batch = Buffer.alloc(30_730_000);
  const batchNames = ['test_batch.bin', ...[1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`)];

  async function makeArchive(names: readonly string[]): Promise<Buffer> {
    const folder = makeFolder();
    const below = join(folder, 'cifar-10-batches-bin');
    mkdirSync(below);
    for (const name of names) writeFileSync(join(below, name), batch);
    writeFileSync(join(below, 'readme.html'), '<html>');
    await createTar({ file: join(folder, 'a.tar.gz'), cwd: folder, gzip: { level: 1 } }, [
      'cifar-10-batches-bin',
    ]);
    return readFileSync(join(folder, 'a.tar.gz'));
  }

  it('is fetched as an archive, checked, and unpacked; resumed like any other file', async () => {
    const dataDir = makeFolder();
    const archive = await makeArchive(batchNames);
    const file = remoteFile('cifar-10-binary.tar.gz', archive, 'the file');
    const cutter = makeCutter();
    const server = await serveFiles(
      () => archive,
      (content, request, response, nth) =>
        (nth === 1 ? cutter.answer(1000) : answerRange)(content, request, response, nth),
    );
    const cifar: RemoteSource = { mirrors: [server.url], files: [file] };
    const { onProgress } = cutter;
    const { folder, files } = await downloadFrom('cifar10', cifar, { dataDir, onProgress });
    expect(folder).toBe(join(dataDir, 'cifar10'));
    expect(server.requests[1].range).toBe('bytes=1000-');
    expect(readdirSync(folder).toSorted()).toEqual(batchNames.toSorted());
    expect(files.length).toBe(6);
    expect((await loadDataset('cifar10', { dataDir })).train.count).toBe(40_000);
    const again = await downloadFrom('cifar10', cifar, { dataDir });
    expect(again.files.every(({ state }) => state === 'present')).toBe(true);
    expect(server.requests.length).toBe(2);
  });

  it('is refused where the archive lacks a batch, and leaves nothing behind', async () => {
    const dataDir = makeFolder();
    const archive = await makeArchive(batchNames.slice(0, 2));
    const server = await serveFiles(() => archive);
    const cifar = {
      mirrors: [server.url],
      files: [remoteFile('cifar-10-binary.tar.gz', archive, 'the file')],
    };
    await expect(downloadFrom('cifar10', cifar, { dataDir })).rejects.toMatchObject({
      code: 'DATA_CORRUPT',
      message: expect.stringContaining('one without data_batch_2.bin'),
    });
    expect(visible(join(dataDir, 'cifar10'))).toEqual([]);
  });

  it('with a wrong checksum is not installed', async () => {
    const dataDir = makeFolder();
    const server = await serveFiles(() => Buffer.from('not the archive'));
    await expect(downloadDataset('cifar10', { dataDir, mirrors: [server.url] })).rejects.toMatchObject({
      code: 'DATA_CORRUPT',
      message: expect.stringContaining(
        'expected sha-256 c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd of the file',
      ),
    });
    expect(readdirSync(join(dataDir, 'cifar10'))).toEqual([]);
  });
});
