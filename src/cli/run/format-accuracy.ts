/** `97.51 % of 10000 test images`. */
export function formatAccuracy(accuracy: number, images: number): string {
  return `${(100 * accuracy).toFixed(2)} % of ${images} test images`;
}
