// The bins of NDB as bars of their signed z, from too few rows to too many.

import { arrow, element, onceAFrame, sharpContext } from './dom.js';
import { ink } from './colour.js';

const FOOT = 14;

/**
 * The canvas, and `show({ z, order, pale(bin), selected, marked })`, or `show(null)` while there are no bins; `chosen(bin)`
 * hears of a click or an arrow key.
 */
export function zChart(chosen) {
  const canvas = element('canvas', {
    class: 'zchart', tabindex: '0', role: 'application', 'aria-label': 'Bins by z; arrow keys go from bin to bin',
  });
  let shown = null;
  const redraw = onceAFrame(draw);
  new ResizeObserver(redraw).observe(canvas);

  function show(what) {
    shown = what;
    redraw();
  }

  function draw() {
    if (canvas.clientWidth === 0) {
      return;
    }
    const { context, width, height } = sharpContext(canvas);
    if (shown === null) {
      return;
    }
    const { z, order, pale, selected, marked } = shown;
    const step = width / order.length;
    const tall = height - FOOT;
    const most = Math.max(5, ...z.map(Math.abs));
    const middle = tall / 2;
    order.forEach((bin, i) => {
      if (bin === selected) {
        context.fillStyle = ink('choice');
        context.fillRect(i * step, 0, step, height);
      }
      const length = z[bin] / most * (middle - 2);
      context.globalAlpha = pale(bin) ? 0.35 : 1;
      context.fillStyle = ink(z[bin] < 0 ? 'less' : 'more');
      context.fillRect(i * step + step * 0.1, Math.min(middle, middle - length), Math.max(1, step * 0.8), Math.max(1, Math.abs(length)));
      context.globalAlpha = 1;
      if (marked.has(bin) || bin === selected) {
        context.fillStyle = ink('accent');
        context.beginPath();
        context.moveTo((i + 0.5) * step, tall + 3);
        context.lineTo((i + 0.5) * step - 4, tall + 11);
        context.lineTo((i + 0.5) * step + 4, tall + 11);
        context.fill();
      }
    });
    context.fillStyle = ink('muted');
    context.fillRect(0, middle, width, 1);
    context.font = `12px ${getComputedStyle(canvas).fontFamily}`;
    context.textBaseline = 'top';
    context.fillText('too few', 4, 4);
    context.textAlign = 'right';
    context.fillText('too many', width - 4, 4);
    context.textAlign = 'left';
  }

  canvas.addEventListener('click', event => {
    const at = Math.floor(event.offsetX / canvas.clientWidth * (shown?.order.length ?? 0));
    if (shown !== null) {
      chosen(shown.order[Math.max(0, Math.min(shown.order.length - 1, at))]);
    }
  });
  canvas.addEventListener('keydown', event => {
    const [step] = arrow(event);
    if (step !== 0 && shown !== null) {
      event.preventDefault();
      const at = shown.order.indexOf(shown.selected);
      chosen(shown.order[Math.max(0, Math.min(shown.order.length - 1, at < 0 ? 0 : at + step))]);
    }
  });
  return { canvas, show };
}
