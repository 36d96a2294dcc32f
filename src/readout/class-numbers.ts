/** Numbers of classes in the narrowest array that holds them: labels of images, and predictions. */

/** [image]: the number of its class, from 0 on. */
export type Labels = Uint8Array | Uint16Array;

/** [image]: the number of the class that was predicted, or −1. */
export type Predictions = Int8Array | Int16Array;

/** Predictions have 16 bits, one of them for the sign. */
export const mostClasses = 2 ** 15;

export function isLabels(value: unknown): value is Labels {
  return value instanceof Uint8Array || value instanceof Uint16Array;
}

/** The element type of labels of `nClasses` classes. */
export function labelType(nClasses: number): 'uint8' | 'uint16' {
  return nClasses <= 256 ? 'uint8' : 'uint16';
}

/** Labels of images of `nClasses` classes: up to 256 of them in bytes. */
export function makeLabels(nClasses: number, numbers: ArrayLike<number>): Labels {
  return labelType(nClasses) === 'uint8' ? Uint8Array.from(numbers) : Uint16Array.from(numbers);
}

/** The labels of the images whose numbers are `images`. */
export function pickLabels(labels: Labels, images: ArrayLike<number>): Labels {
  const picked =
    labels instanceof Uint8Array ? new Uint8Array(images.length) : new Uint16Array(images.length);
  return picked.map((_, i) => labels[images[i]]);
}

/** One prediction for each of `count` images: up to 128 classes in bytes. */
export function makePredictions(
  nClasses: number,
  count: number,
  predict: (image: number) => number,
): Predictions {
  const predictions = nClasses <= 128 ? new Int8Array(count) : new Int16Array(count);
  return predictions.map((_, image) => predict(image));
}

/** Whether classes are called by their numbers. */
export function areNumbers(classNames: readonly string[]): boolean {
  return classNames.every((name, i) => name === String(i));
}
