/** Bounds of every weight, where not all have the same. */
import {
  columnChanged,
  connectionColumnFlags,
  connectionGroups,
  connectionHighs,
  connectionLows,
  connectionRowLength,
  connectionRows,
  connectionWeights,
} from './layout';

/** After a learning step: clamps every weight, and notes the columns in which that has changed one. */
export function clampToOwnBounds(connection: usize): void {
  const lows = load<u32>(connection, connectionLows) as usize;
  const highs = load<u32>(connection, connectionHighs) as usize;
  const weights = load<u32>(connection, connectionWeights) as usize;
  const rowLength = load<u32>(connection, connectionRowLength);
  const rows = load<u32>(connection, connectionRows);
  const groupRows = rows / load<u32>(connection, connectionGroups);
  let at: usize = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const flags = load<u32>(connection, connectionColumnFlags) + (row / groupRows) * rowLength;
    for (let column: u32 = 0; column < rowLength; column += 4, at += 16) {
      const w = v128.load(weights + at);
      const within = f32x4.min(f32x4.max(w, v128.load(lows + at)), v128.load(highs + at));
      v128.store(weights + at, within);
      const changed = i32x4.bitmask(f32x4.ne(w, within));
      for (let lane: u32 = 0; changed >> lane != 0; lane++) {
        const flag = flags + column + lane;
        if ((changed >> lane) & 1) store<u8>(flag, load<u8>(flag) | columnChanged);
      }
    }
  }
}
