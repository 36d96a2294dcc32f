/** Spikes over time: of the pixels above, of Y below, one band per receptive field, the voters' in orange. */
import type { Answer, SpikeTrain } from '../src/browser.js';
import { colors, faint, fontFamily, ink } from '../src/figures/palette.js';
import { prepareCanvas } from './canvas.js';

export interface RasterOptions {
  readonly dt: number;
  readonly nFilters: number;
  readonly nPositions: number;
  /** Neurons of Y to be told from the others. */
  readonly voters: ReadonlySet<number>;
}

const left = 46;
const right = 12;
const top = 20;
const between = 30;
const bottom = 38;
/** Part of the height that the pixels take. */
const inputShare = 0.3;

export function drawRaster(
  canvas: HTMLCanvasElement,
  { inputSpikes, spikes }: Answer,
  { dt, nFilters, nPositions, voters }: RasterOptions,
): void {
  const { context, width, height } = prepareCanvas(canvas);
  const room = height - top - between - bottom;
  const input = { y: top, height: Math.round(room * inputShare) };
  const output = { y: top + input.height + between, height: room - Math.round(room * inputShare) };
  const plotWidth = width - left - right;
  const steps = spikes.steps;
  const dotWidth = Math.max(1.5, plotWidth / steps);

  const plot = (train: SpikeTrain, panel: { y: number; height: number }, row: (neuron: number) => number) => {
    const dotHeight = Math.max(1.5, panel.height / train.size);
    for (let t = 0; t < steps; t++) {
      for (let e = train.offsets[t]; e < train.offsets[t + 1]; e++) {
        const neuron = train.neurons[e];
        const isVoter = train === spikes && voters.has(neuron);
        if (train === spikes) context.fillStyle = isVoter ? colors.orange : colors.blue;
        const x = left + (t / steps) * plotWidth;
        const y = panel.y + (row(neuron) / train.size) * panel.height;
        // The few spikes that decide shall be seen among thousands.
        const more = isVoter ? 1.5 : 0;
        context.fillRect(x - more / 2, y - more / 2, dotWidth + more, dotHeight + more);
      }
    }
  };

  context.fillStyle = faint;
  for (let position = 1; position < nPositions; position++) {
    const y = output.y + (position / nPositions) * output.height;
    context.fillRect(left, Math.round(y), plotWidth, 0.5);
  }
  context.fillStyle = '#5a5a5a';
  plot(inputSpikes, input, (pixel) => pixel);
  plot(spikes, output, (neuron) => (neuron % nPositions) * nFilters + Math.floor(neuron / nPositions));

  context.strokeStyle = ink;
  context.lineWidth = 1;
  for (const { y, height } of [input, output]) context.strokeRect(left + 0.5, y + 0.5, plotWidth - 1, height);
  context.fillStyle = ink;
  context.font = `12px ${fontFamily}`;
  context.textAlign = 'left';
  context.fillText(`${inputSpikes.neurons.length} spikes of ${inputSpikes.size} pixels`, left, input.y - 6);
  const fields = nPositions === 1 ? '1 receptive field' : `${nPositions} receptive fields`;
  const total = `${spikes.neurons.length} spikes of ${spikes.size} neurons in ${fields}`;
  context.fillText(total, left, output.y - 6);
  context.textAlign = 'center';
  const duration = steps * dt;
  const tick = duration > 100 ? 50 : 10;
  for (let time = 0; time <= duration; time += tick) {
    const x = left + (time / duration) * plotWidth;
    context.fillRect(Math.min(x, left + plotWidth - 1), output.y + output.height, 1, 4);
    context.fillText(String(time), x, output.y + output.height + 17);
  }
  context.fillText('time in ms', left + plotWidth / 2, height - 4);
  label(context, 'pixel', input);
  label(context, nPositions === 1 ? 'neuron' : 'receptive field', output);
}

/** Words along the vertical axis. */
function label(
  context: CanvasRenderingContext2D,
  words: string,
  { y, height }: { y: number; height: number },
): void {
  context.save();
  context.translate(left - 14, y + height / 2);
  context.rotate(-Math.PI / 2);
  context.fillText(words, 0, 0);
  context.restore();
}
