// Draws the values of a row: images as pixels, other vectors as bars.

import { element } from './dom.js';
import { heatRamp, holePixel, ink, signedRamp } from './colour.js';
import { model } from './model.js';

const BARS_WIDTH = 288;
const BARS_HEIGHT = 96;

/** A canvas that `paint` draws on, with a name for those who do not see it. */
export function picture(label, attributes = {}) {
  const { shape } = model;
  return element('canvas', {
    role: 'img',
    'aria-label': label,
    width: shape ? shape.width : BARS_WIDTH,
    height: shape ? shape.height : BARS_HEIGHT,
    ...attributes,
    class: `picture ${shape ? 'pixels' : 'bars'} ${attributes.class ?? ''}`,
  });
}

/** The same for pictures whose words stand beside them. */
export const silentPicture = () => picture('', { 'aria-hidden': 'true', role: null, 'aria-label': null });

/**
 * Draws values of one of the kinds `row` (as the data), `factor` (signed, full colour at `scale`), `spread` (from 0 to
 * `scale`) and `residual` (signed, in standard deviations).
 */
export function paint(canvas, values, kind = 'row', scale = 1) {
  if (model.shape) {
    paintPixels(canvas, values, kind, scale);
  } else {
    paintBars(canvas, values, kind, scale);
  }
}

export function erase(canvas) {
  canvas.getContext('2d').clearRect(0, 0, canvas.width, canvas.height);
}

function paintPixels(canvas, values, kind, scale) {
  const { channels, width, height } = model.shape;
  const area = width * height;
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  if (kind === 'row' || (kind === 'factor' && channels === 3)) {
    const [low, high] = kind === 'row' ? model.data?.range ?? [0, 1] : [-scale, scale];
    const factor = 255 / (high - low);
    const byte = at => Math.max(0, Math.min(255, Math.round((values[at] - low) * factor)));
    const missing = holePixel();
    for (let i = 0; i < area; i++) {
      if (Number.isNaN(values[i])) {
        pixels[i] = missing;
        continue;
      }
      const red = byte(i);
      const green = channels === 3 ? byte(area + i) : red;
      const blue = channels === 3 ? byte(2 * area + i) : red;
      pixels[i] = 255 << 24 | blue << 16 | green << 8 | red;
    }
  } else {
    const ramp = kind === 'spread' ? heatRamp() : signedRamp();
    for (let i = 0; i < area; i++) {
      let value = 0;
      for (let c = 0; c < channels; c++) {
        value += values[c * area + i] / channels;
      }
      const at = kind === 'spread' ? value / scale : 0.5 + value / (2 * scale);
      pixels[i] = ramp[Math.round(255 * Math.max(0, Math.min(1, at)))];
    }
  }
  canvas.getContext('2d').putImageData(image, 0, 0);
}

/** Bars in standard deviations of each column, so that columns of any unit can stand side by side. */
function paintBars(canvas, values, kind, scale) {
  const { mean, deviation } = model.columns;
  const context = canvas.getContext('2d');
  const { width, height } = canvas;
  const zero = kind === 'spread' ? height - 1 : height / 2;
  const reach = kind === 'spread' ? height - 2 : height / 2 - 1;
  const step = width / values.length;
  const bar = Math.max(1, step * 0.8);
  context.clearRect(0, 0, width, height);
  context.fillStyle = ink('rule');
  context.fillRect(0, zero, width, 1);
  const [up, down] = kind === 'row' || kind === 'spread' ? [ink('bar'), ink('bar')] : [ink('more'), ink('less')];
  for (let j = 0; j < values.length; j++) {
    const unit = deviation[j] || 1;
    const value = kind === 'row' ? (values[j] - mean[j]) / (3 * unit)
      : kind === 'residual' ? values[j] / scale
        : values[j] / (unit * scale);
    const length = Math.max(-1, Math.min(1, value)) * reach;
    context.fillStyle = length < 0 ? down : up;
    context.fillRect(j * step + (step - bar) / 2, Math.min(zero, zero - length), bar, Math.max(1, Math.abs(length)));
  }
}

/** The largest standardised value of factors or spreads: the `scale` that shows all of them side by side. */
export function commonScale(arrays) {
  let most = 1e-12;
  for (const values of arrays) {
    for (let j = 0; j < values.length; j++) {
      most = Math.max(most, Math.abs(values[j]) / (model.shape ? 1 : model.columns.deviation[j] || 1));
    }
  }
  return most;
}

/** A picture with a caption under it. */
export function figure(canvas, ...caption) {
  return element('figure', {}, canvas, element('figcaption', {}, ...caption));
}
