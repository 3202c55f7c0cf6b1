// The pad: two factors of a component varied together, its pictures in the background.

import { arrow, element, onceAFrame, sharpContext } from './dom.js';
import { ink } from './colour.js';
import { decode, model } from './model.js';
import { paint, picture } from './picture.js';

const STEPS = 7;
const REACH = 3;
const KEY_STEP = 0.1;

/** The pad's canvas, and `show(component, z, [i, j])`; `moved(first, second)` hears of new values of the two factors. */
export function pad(moved) {
  const canvas = element('canvas', {
    class: 'pad', tabindex: '0', role: 'application',
    'aria-label': 'Two factors at once; arrow keys move by a tenth of a standard deviation',
  });
  const tile = picture('');
  const values = new Float32Array(model.dims);
  let component = null;
  let z = [];
  let axes = [0, 1];
  let background = null;

  const toZ = at => Math.max(-REACH, Math.min(REACH, Math.round(20 * (at * STEPS - STEPS / 2)) / 20));
  const toPad = value => (value + STEPS / 2) / STEPS;
  const redraw = onceAFrame(draw);
  new ResizeObserver(() => {
    background = null;
    redraw();
  }).observe(canvas);

  function show(newComponent, newZ, newAxes) {
    const others = each => each.filter((_, i) => !axes.includes(i)).join();
    if (component !== newComponent || axes.join() !== newAxes.join() || others(z) !== others(newZ)) {
      background = null;
    }
    [component, z, axes] = [newComponent, newZ, newAxes];
    redraw();
  }

  /** Forgets the pictures, whose colours are those of another theme. */
  function repaint() {
    background = null;
    redraw();
  }

  function drawBackground(width, height) {
    const drawn = document.createElement('canvas');
    const ratio = devicePixelRatio || 1;
    drawn.width = width * ratio;
    drawn.height = height * ratio;
    const context = drawn.getContext('2d');
    const side = drawn.width / STEPS;
    const gap = model.shape ? 0 : side * 0.1;
    const others = decode(component, z.map((each, i) => axes.includes(i) ? 0 : each), new Float32Array(model.dims));
    const [across, up] = axes.map(i => component.factors[i]);
    for (let row = 0; row < STEPS; row++) {
      for (let column = 0; column < STEPS; column++) {
        for (let j = 0; j < values.length; j++) {
          values[j] = others[j] + (column - REACH) * across[j] + (REACH - row) * up[j];
        }
        paint(tile, values);
        context.imageSmoothingEnabled = side < tile.width;
        context.drawImage(tile, column * side + gap, row * side + gap, side - 2 * gap, side - 2 * gap);
      }
    }
    return drawn;
  }

  function draw() {
    if (component === null || canvas.clientWidth === 0) {
      return;
    }
    const { context, width, height } = sharpContext(canvas);
    background ??= drawBackground(width, height);
    context.drawImage(background, 0, 0, width, height);
    const x = toPad(z[axes[0]] ?? 0) * width;
    const y = (1 - toPad(z[axes[1]] ?? 0)) * height;
    for (const [colour, thick] of [[ink('paper'), 4], [ink('accent'), 2]]) {
      context.strokeStyle = colour;
      context.lineWidth = thick;
      context.beginPath();
      context.arc(x, y, 9, 0, 2 * Math.PI);
      context.moveTo(x, 0);
      context.lineTo(x, y - 9);
      context.moveTo(x, y + 9);
      context.lineTo(x, height);
      context.moveTo(0, y);
      context.lineTo(x - 9, y);
      context.moveTo(x + 9, y);
      context.lineTo(width, y);
      context.stroke();
    }
  }

  function follow(event) {
    moved(toZ(event.offsetX / canvas.clientWidth), toZ(1 - event.offsetY / canvas.clientHeight));
  }

  canvas.addEventListener('pointerdown', event => {
    canvas.setPointerCapture(event.pointerId);
    follow(event);
  });
  canvas.addEventListener('pointermove', event => {
    if (canvas.hasPointerCapture(event.pointerId)) {
      follow(event);
    }
  });
  canvas.addEventListener('keydown', event => {
    const [dx, dy] = arrow(event);
    if (dx !== 0 || dy !== 0) {
      event.preventDefault();
      const limit = value => Math.max(-REACH, Math.min(REACH, value));
      moved(limit((z[axes[0]] ?? 0) + dx * KEY_STEP), limit((z[axes[1]] ?? 0) - dy * KEY_STEP));
    }
  });
  return { canvas, show, repaint };
}
