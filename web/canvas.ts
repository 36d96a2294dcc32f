/** Canvases as sharp as the screen. */

export interface Sheet {
  readonly context: CanvasRenderingContext2D;
  /** [CSS px] */
  readonly width: number;
  readonly height: number;
}

/** Clears a canvas and makes it as fine as the screen; what is drawn is measured in CSS pixels. */
export function prepareCanvas(canvas: HTMLCanvasElement): Sheet {
  const { width, height } = canvas.getBoundingClientRect();
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser has no canvas to draw on');
  context.scale(ratio, ratio);
  return { context, width, height };
}

/** Draws rows × columns values in colours from `scale`, lowest to highest. */
export function drawMatrix(
  canvas: HTMLCanvasElement,
  values: Float32Array,
  columns: number,
  scale: readonly string[],
): void {
  const rows = values.length / columns;
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext('2d');
  const highest = Math.max(...values) || 1;
  values.forEach((value, at) => {
    if (!context) return;
    const step = Math.min(scale.length - 1, Math.floor((value / highest) * scale.length));
    context.fillStyle = scale[Math.max(0, step)];
    context.fillRect(at % columns, Math.floor(at / columns), 1, 1);
  });
}
