// The histogram of log-likelihoods, with a brush that chooses a range.

import { ink } from './colour.js';
import { element, onceAFrame, sharpContext } from './dom.js';
import { fixed, plural } from './format.js';
import { members, order, placeOf, scores } from './scores.js';

const BAR = 4;
const LEFT_OUT = 0.005;
const FOOT = 20;
const CLICK_REACH = 3;
const HANDLE = 6;

/**
 * The canvas, and `show({ range, row, component })`. `brushed([low, high])` hears of a new range, of null when there is
 * none; a range that begins at the first bar reaches to the least likely row.
 */
export function histogram(brushed) {
  const canvas = element('canvas', { class: 'histogram', role: 'img', 'aria-label': 'Histogram of log-likelihoods' });
  let shown = { range: null, row: null, component: 0 };
  let domain = [0, 1];
  let drag = null;
  const redraw = onceAFrame(draw);
  new ResizeObserver(redraw).observe(canvas);

  const x = value => (value - domain[0]) / (domain[1] - domain[0]) * canvas.clientWidth;
  const value = at => domain[0] + at / canvas.clientWidth * (domain[1] - domain[0]);

  function show(what) {
    shown = what;
    redraw();
  }

  /** All but half a percent at either end, which would squeeze the rest. */
  function findDomain() {
    const rows = order();
    const at = share => scores.logLikelihood[rows[Math.min(rows.length - 1, Math.max(0, Math.round(share * (rows.length - 1))))]];
    const [low, high] = [at(LEFT_OUT), at(1 - LEFT_OUT)];
    const margin = Math.max(1e-6, (high - low) * 0.04);
    domain = [low - margin, high + margin];
  }

  function counts(bars, ofRows) {
    const found = new Uint32Array(bars);
    for (const row of ofRows) {
      const at = (scores.logLikelihood[row] - domain[0]) / (domain[1] - domain[0]);
      found[Math.max(0, Math.min(bars - 1, Math.floor(at * bars)))]++;
    }
    return found;
  }

  function draw() {
    if (canvas.clientWidth === 0) {
      return;
    }
    const { context, width, height } = sharpContext(canvas);
    if (scores.known === 0) {
      return;
    }
    findDomain();
    const bars = Math.max(10, Math.floor(width / BAR));
    const step = width / bars;
    const base = height - FOOT;
    const all = counts(bars, order());
    const most = Math.max(...all);
    const drawBars = (found, colour) => {
      context.fillStyle = colour;
      found.forEach((rows, i) => {
        const tall = rows === 0 ? 0 : Math.max(1, (base - 8) * rows / most);
        context.fillRect(i * step, base - tall, Math.max(1, step - 1), tall);
      });
    };
    if (shown.range !== null) {
      context.fillStyle = ink('choice');
      context.fillRect(x(shown.range[0]), 0, x(shown.range[1]) - x(shown.range[0]), base);
    }
    drawBars(all, ink('bar'));
    drawBars(counts(bars, members(shown.component)), ink('accent'));
    drawAxis(context, width, base);
    drawBeyond(context, width);
    if (shown.row !== null && shown.row < scores.known) {
      const at = Math.max(2, Math.min(width - 2, x(scores.logLikelihood[shown.row])));
      context.fillStyle = ink('text');
      context.fillRect(at - 0.75, 0, 1.5, base);
    }
  }

  /** How many rows the first and the last bar hold from beyond the ends. */
  function drawBeyond(context, width) {
    const below = placeOf(domain[0]);
    const above = scores.known - placeAfter(domain[1]);
    context.textBaseline = 'top';
    if (below > 0) {
      context.fillText(`\u2190 ${plural(below, 'row')} below`, 6, 6);
    }
    if (above > 0) {
      context.textAlign = 'right';
      context.fillText(`${plural(above, 'row')} above \u2192`, width - 6, 6);
      context.textAlign = 'left';
    }
  }

  function drawAxis(context, width, base) {
    context.fillStyle = ink('rule');
    context.fillRect(0, base, width, 1);
    context.fillStyle = ink('muted');
    context.font = `12px ${getComputedStyle(canvas).fontFamily}`;
    context.textBaseline = 'bottom';
    const step = niceStep((domain[1] - domain[0]) / Math.max(2, width / 90));
    for (let i = Math.ceil(domain[0] / step); i * step <= domain[1]; i++) {
      const tick = i === 0 ? 0 : i * step;
      const text = fixed(tick, step < 1 ? 1 : 0);
      const half = context.measureText(text).width / 2;
      const at = x(tick);
      context.fillRect(at, base, 1, 4);
      if (at - half >= 0 && at + half <= width) {
        context.fillText(text, at - half, base + FOOT);
      }
    }
  }

  /** The end of the range that was not taken hold of, where the press was near an end. */
  function otherEnd(at) {
    const ends = shown.range?.map(x) ?? [];
    const near = ends.findIndex(end => Math.abs(end - at) <= HANDLE);
    return near < 0 ? value(at) : shown.range[1 - near];
  }

  function brush(event) {
    const [low, high] = [drag.from, value(Math.max(0, Math.min(canvas.clientWidth, event.offsetX)))].sort((a, b) => a - b);
    const least = scores.logLikelihood[order()[0]];
    const most = scores.logLikelihood[order()[scores.known - 1]];
    brushed([x(low) <= 1 ? Math.min(low, least) : low, x(high) >= canvas.clientWidth - 1 ? Math.max(high, most) : high]);
  }

  canvas.addEventListener('pointerdown', event => {
    if (scores.known > 0) {
      canvas.setPointerCapture(event.pointerId);
      drag = { from: otherEnd(event.offsetX), start: event.offsetX, moved: false };
    }
  });
  canvas.addEventListener('pointermove', event => {
    if (drag !== null) {
      drag.moved ||= Math.abs(event.offsetX - drag.start) > CLICK_REACH;
      if (drag.moved) {
        brush(event);
      }
    }
  });
  canvas.addEventListener('pointerup', () => {
    if (drag !== null && !drag.moved) {
      brushed(null);
    }
    drag = null;
  });
  // A finger that scrolls the page.
  canvas.addEventListener('pointercancel', () => {
    drag = null;
  });
  return { canvas, show, rowsIn: range => range === null ? order() : order().subarray(placeOf(range[0]), placeAfter(range[1])) };
}

function placeAfter(most) {
  let place = placeOf(most);
  while (place < scores.known && scores.logLikelihood[order()[place]] <= most) {
    place++;
  }
  return place;
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map(each => each * power).find(each => each >= least);
}
