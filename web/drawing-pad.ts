/** The area to draw in with mouse, pen or finger: bright strokes on dark ground. */

/** Width of a stroke, so that digits of usual size get strokes as wide as MNIST's [px]. */
const strokeWidth = 24;

export interface Drawing {
  /** height × width bytes, rows from the top. */
  readonly levels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export class DrawingPad {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #last: { x: number; y: number } | null = null;
  #showsPicture = false;

  /** @param onChange called after every change by hand */
  constructor(canvas: HTMLCanvasElement, onChange: () => void) {
    this.#canvas = canvas;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('this browser has no canvas to draw on');
    this.#context = context;
    this.clear();
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      if (this.#showsPicture) this.clear();
      this.#last = this.#place(event);
      this.#strokeTo(this.#last);
      onChange();
    });
    canvas.addEventListener('pointermove', (event) => {
      if (!this.#last) return;
      // Fast strokes come in several points per event.
      const points = event.getCoalescedEvents();
      for (const point of points.length > 0 ? points : [event]) this.#strokeTo(this.#place(point));
      onChange();
    });
    for (const end of ['pointerup', 'pointercancel'] as const) {
      canvas.addEventListener(end, () => {
        this.#last = null;
      });
    }
  }

  clear(): void {
    this.#showsPicture = false;
    this.#context.fillStyle = '#000';
    this.#context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  /** Shows size × size bytes in place of a drawing, until the next stroke. */
  show(pixels: ArrayLike<number>, size: number): void {
    const { width, height } = this.#canvas;
    this.#showsPicture = true;
    this.#context.imageSmoothingEnabled = false;
    this.#context.drawImage(greyCanvas(pixels, size), 0, 0, width, height);
  }

  read(): Drawing {
    const { width, height } = this.#canvas;
    const { data } = this.#context.getImageData(0, 0, width, height);
    return { levels: Uint8Array.from({ length: width * height }, (_, at) => data[4 * at]), width, height };
  }

  #place({ clientX, clientY }: PointerEvent): { x: number; y: number } {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    return {
      x: ((clientX - left) * this.#canvas.width) / width,
      y: ((clientY - top) * this.#canvas.height) / height,
    };
  }

  #strokeTo(end: { x: number; y: number }): void {
    const context = this.#context;
    const start = this.#last ?? end;
    context.strokeStyle = '#fff';
    context.lineWidth = strokeWidth;
    context.lineCap = 'round';
    context.beginPath();
    context.moveTo(start.x, start.y);
    context.lineTo(end.x, end.y);
    context.stroke();
    this.#last = end;
  }
}

/** A canvas of size × size grey pixels. */
export function greyCanvas(
  pixels: ArrayLike<number>,
  size: number,
  canvas = document.createElement('canvas'),
): HTMLCanvasElement {
  canvas.width = size;
  canvas.height = size;
  const image = new ImageData(size, size);
  for (let at = 0; at < size * size; at++) image.data.set([pixels[at], pixels[at], pixels[at], 255], 4 * at);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}
