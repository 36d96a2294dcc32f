/** A small picture in characters, for a terminal. */

/** From dark to bright. */
const shades = [' ', '░', '▒', '▓', '█'];

/** `size` lines; a pixel is two characters wide, as characters are twice as high as wide. */
export function drawImage(pixels: Uint8Array, size: number): string {
  const shade = (pixel: number) =>
    shades[Math.min(shades.length - 1, Math.floor((pixel / 256) * shades.length))];
  return Array.from({ length: size }, (_, row) =>
    [...pixels.subarray(row * size, (row + 1) * size)]
      .map((pixel) => shade(pixel).repeat(2))
      .join('')
      .trimEnd(),
  ).join('\n');
}
