/** Propagation: rows of weights of the spiking sources are added to the inputs of their targets. */
import {
  connectionEntryTarget,
  connectionIdentity,
  connectionKind,
  connectionRow,
  connectionRowLength,
  connectionSources,
  connectionStart,
  connectionWeight,
  connectionWeights,
  kindUniform,
} from './layout';

/** Adds what spikes of the source bring to the target's input: rows of weights, or a uniform one. */
export function propagateSpikes(connection: usize, spikes: usize, nSpikes: u32, input: usize): void {
  if (load<u32>(connection, connectionKind) == kindUniform) {
    propagateUniform(connection, spikes, nSpikes, input);
    return;
  }
  const weights = load<u32>(connection, connectionWeights) as usize;
  const rowBytes = (load<u32>(connection, connectionRowLength) as usize) << 2;
  if (load<u32>(connection, connectionIdentity)) {
    addRows(weights, rowBytes, spikes, spikes + ((nSpikes as usize) << 2), input);
    return;
  }
  const start = load<u32>(connection, connectionStart) as usize;
  const row = load<u32>(connection, connectionRow) as usize;
  const target = load<u32>(connection, connectionEntryTarget) as usize;
  for (let s: u32 = 0; s < nSpikes; s++) {
    const source = load<u32>(spikes + (s << 2)) as usize;
    const first = load<u32>(start + (source << 2)) << 2;
    const last = load<u32>(start + (source << 2), 4) << 2;
    for (let entry = first; entry < last; entry += 4) {
      const from = weights + load<u32>(row + entry) * rowBytes;
      const to = input + (load<u32>(target + entry) << 2);
      for (let at: usize = 0; at < rowBytes; at += 16) {
        v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(from + at)));
      }
    }
  }
}

/** Column-blocked: the accumulators of a block stay in registers while the rows are walked. */
function addRows(weights: usize, rowBytes: usize, first: usize, end: usize, input: usize): void {
  let at: usize = 0;
  for (; at + 128 <= rowBytes; at += 128) {
    const to = input + at;
    const from = weights + at;
    let a0 = v128.load(to);
    let a1 = v128.load(to, 16);
    let a2 = v128.load(to, 32);
    let a3 = v128.load(to, 48);
    let a4 = v128.load(to, 64);
    let a5 = v128.load(to, 80);
    let a6 = v128.load(to, 96);
    let a7 = v128.load(to, 112);
    for (let spike = first; spike < end; spike += 4) {
      const row = from + load<u32>(spike) * rowBytes;
      a0 = f32x4.add(a0, v128.load(row));
      a1 = f32x4.add(a1, v128.load(row, 16));
      a2 = f32x4.add(a2, v128.load(row, 32));
      a3 = f32x4.add(a3, v128.load(row, 48));
      a4 = f32x4.add(a4, v128.load(row, 64));
      a5 = f32x4.add(a5, v128.load(row, 80));
      a6 = f32x4.add(a6, v128.load(row, 96));
      a7 = f32x4.add(a7, v128.load(row, 112));
    }
    v128.store(to, a0);
    v128.store(to, a1, 16);
    v128.store(to, a2, 32);
    v128.store(to, a3, 48);
    v128.store(to, a4, 64);
    v128.store(to, a5, 80);
    v128.store(to, a6, 96);
    v128.store(to, a7, 112);
  }
  if (at + 64 <= rowBytes) {
    const to = input + at;
    const from = weights + at;
    let a0 = v128.load(to);
    let a1 = v128.load(to, 16);
    let a2 = v128.load(to, 32);
    let a3 = v128.load(to, 48);
    for (let spike = first; spike < end; spike += 4) {
      const row = from + load<u32>(spike) * rowBytes;
      a0 = f32x4.add(a0, v128.load(row));
      a1 = f32x4.add(a1, v128.load(row, 16));
      a2 = f32x4.add(a2, v128.load(row, 32));
      a3 = f32x4.add(a3, v128.load(row, 48));
    }
    v128.store(to, a0);
    v128.store(to, a1, 16);
    v128.store(to, a2, 32);
    v128.store(to, a3, 48);
    at += 64;
  }
  if (at + 48 == rowBytes) {
    const to = input + at;
    const from = weights + at;
    let a0 = v128.load(to);
    let a1 = v128.load(to, 16);
    let a2 = v128.load(to, 32);
    for (let spike = first; spike < end; spike += 4) {
      const row = from + load<u32>(spike) * rowBytes;
      a0 = f32x4.add(a0, v128.load(row));
      a1 = f32x4.add(a1, v128.load(row, 16));
      a2 = f32x4.add(a2, v128.load(row, 32));
    }
    v128.store(to, a0);
    v128.store(to, a1, 16);
    v128.store(to, a2, 32);
    return;
  }
  for (; at < rowBytes; at += 16) {
    let sum = v128.load(input + at);
    for (let spike = first; spike < end; spike += 4) {
      sum = f32x4.add(sum, v128.load(weights + at + load<u32>(spike) * rowBytes));
    }
    v128.store(input + at, sum);
  }
}

/** Adds weight · value of every source to the target's input: a dense visit, sources ascending. */
export function propagateValues(connection: usize, values: usize, input: usize): void {
  const weights = load<u32>(connection, connectionWeights) as usize;
  const rowBytes = (load<u32>(connection, connectionRowLength) as usize) << 2;
  const nSources = load<u32>(connection, connectionSources);
  if (load<u32>(connection, connectionIdentity)) {
    for (let source: u32 = 0; source < nSources; source++) {
      addMultiple(weights + source * rowBytes, rowBytes, v128.load32_splat(values + (source << 2)), input);
    }
    return;
  }
  const start = load<u32>(connection, connectionStart) as usize;
  const row = load<u32>(connection, connectionRow) as usize;
  const target = load<u32>(connection, connectionEntryTarget) as usize;
  for (let source: u32 = 0; source < nSources; source++) {
    const last = load<u32>(start + (source << 2), 4) << 2;
    const factor = v128.load32_splat(values + (source << 2));
    for (let entry = load<u32>(start + (source << 2)) << 2; entry < last; entry += 4) {
      const to = input + (load<u32>(target + entry) << 2);
      addMultiple(weights + load<u32>(row + entry) * rowBytes, rowBytes, factor, to);
    }
  }
}

// @ts-ignore: decorator
@inline
export function addMultiple(row: usize, rowBytes: usize, factor: v128, to: usize): void {
  for (let at: usize = 0; at < rowBytes; at += 16) {
    v128.store(to + at, f32x4.add(v128.load(to + at), f32x4.mul(v128.load(row + at), factor)));
  }
}

/** Adds weight · (number of other spikes) to every neuron of a position, or layer, with spikes. */
function propagateUniform(
  connection: usize,
  spikes: usize,
  nSpikes: u32,
  input: usize,
): void {
  const weight = load<f32>(connection, connectionWeight);
  const channels = load<u32>(connection, connectionRowLength);
  let s: u32 = 0;
  while (s < nSpikes) {
    const position = load<u32>(spikes + (s << 2)) / channels;
    const end = (position + 1) * channels;
    const first = s;
    while (s < nSpikes && load<u32>(spikes + (s << 2)) < end) s++;
    const count = s - first;
    const amount = f32x4.splat(weight * (count as f32));
    const fewer = weight * ((count - 1) as f32);
    // A spiking neuron does not act on itself: its sum is set apart before the others' amount is added to all.
    for (let k = first; k < s; k++) {
      const at = input + (load<u32>(spikes + (k << 2)) << 2);
      store<f32>(at, load<f32>(at) + fewer);
    }
    let k = first;
    let next = load<u32>(spikes + (k << 2));
    for (let j = position * channels; j < end; j += 4) {
      const at = input + (j << 2);
      let sum = v128.load(at);
      const all = f32x4.add(sum, amount);
      if (next < j + 4 && next >= j) {
        let keep = i32x4.splat(0);
        while (k < s && next < j + 4) {
          keep = v128.or(keep, i32x4.eq(i32x4(0, 1, 2, 3), i32x4.splat((next - j) as i32)));
          k++;
          next = k < s ? load<u32>(spikes + (k << 2)) : end;
        }
        sum = v128.bitselect(sum, all, keep);
      } else sum = all;
      v128.store(at, sum);
    }
  }
}
