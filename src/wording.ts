/** Numbers in sentences. */

/** `1 image`, `2 images` */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
