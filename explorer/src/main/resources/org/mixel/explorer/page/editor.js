// The picture on which a hole is brushed, with the mouse, a finger or the keys.

import { arrow, element, onceAFrame, sharpContext } from './dom.js';
import { holePixel, ink } from './colour.js';
import { extent } from './mask.js';
import { paint, silentPicture } from './picture.js';

const MOST_UNDO = 100;

/** The editor: its element, the mask, and what changes it; `changed()` hears of every change. */
export function editor(changed) {
  const [width, height] = extent();
  const image = silentPicture();
  const cover = element('canvas', {
    class: 'cover', tabindex: '0', role: 'application',
    'aria-label': 'The picture: drag to hide a part; arrow keys move the brush, space paints, Control Z takes back',
  });
  const hole = element('canvas', { width, height });
  const frame = element('div', { class: 'editor' }, image, cover);
  const undone = [];
  const edit = {
    frame, mask: new Uint8Array(width * height), size: Math.max(1, Math.round(Math.min(width, Math.max(height, width / 4)) / 7)), erase: false,
    show, replace, undo, canUndo: () => undone.length > 0, cursor: [width / 2, height / 2],
  };
  let inside = false;
  const redraw = onceAFrame(drawCover);
  new ResizeObserver(redraw).observe(cover);

  /** Shows a row under a mask. */
  function show(row, mask) {
    edit.mask = mask;
    paint(image, row);
    redraw();
  }

  /** Takes another mask; `undo` brings this one back. */
  function replace(mask) {
    remember();
    edit.mask = mask;
    redraw();
    changed();
  }

  function remember() {
    undone.push(edit.mask.slice());
    if (undone.length > MOST_UNDO) {
      undone.shift();
    }
  }

  function undo() {
    if (undone.length > 0) {
      edit.mask = undone.pop();
      redraw();
      changed();
    }
  }

  /** Paints a round spot; of a vector, the values within the brush. */
  function stamp([x, y]) {
    const radius = edit.size / 2;
    const value = edit.erase ? 0 : 1;
    for (let row = Math.max(0, Math.floor(y - radius)); row < Math.min(height, y + radius); row++) {
      for (let column = Math.max(0, Math.floor(x - radius)); column < Math.min(width, x + radius); column++) {
        const down = height === 1 ? 0 : row + 0.5 - y;
        if (Math.hypot(column + 0.5 - x, down) <= radius) {
          edit.mask[row * width + column] = value;
        }
      }
    }
  }

  function stroke(from, to) {
    const steps = Math.max(1, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1])));
    for (let i = 0; i <= steps; i++) {
      stamp([from[0] + (to[0] - from[0]) * i / steps, from[1] + (to[1] - from[1]) * i / steps]);
    }
    redraw();
    changed();
  }

  /** The hidden pixels in the hole's colour, one pixel each. */
  function drawHole() {
    const context = hole.getContext('2d');
    const image = context.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    const pixel = holePixel();
    edit.mask.forEach((hidden, i) => {
      pixels[i] = hidden === 1 ? pixel : 0;
    });
    context.putImageData(image, 0, 0);
  }

  function drawCover() {
    if (cover.clientWidth === 0) {
      return;
    }
    const { context, width: wide, height: tall } = sharpContext(cover);
    const [x, y] = [wide / width, tall / height];
    drawHole();
    context.imageSmoothingEnabled = false;
    context.drawImage(hole, 0, 0, wide, tall);
    if (inside || document.activeElement === cover) {
      for (const [colour, thick] of [[ink('paper'), 3], [ink('accent'), 1.5]]) {
        context.strokeStyle = colour;
        context.lineWidth = thick;
        context.beginPath();
        if (height === 1) {
          context.rect((edit.cursor[0] - edit.size / 2) * x, 1, edit.size * x, tall - 2);
        } else {
          context.ellipse(edit.cursor[0] * x, edit.cursor[1] * y, edit.size * x / 2, edit.size * y / 2, 0, 0, 2 * Math.PI);
        }
        context.stroke();
      }
    }
  }

  const pixel = event => [event.offsetX * width / cover.clientWidth, event.offsetY * height / cover.clientHeight];
  cover.addEventListener('pointerdown', event => {
    cover.setPointerCapture(event.pointerId);
    remember();
    edit.cursor = pixel(event);
    stroke(edit.cursor, edit.cursor);
  });
  cover.addEventListener('pointermove', event => {
    const before = edit.cursor;
    edit.cursor = pixel(event);
    inside = true;
    if (cover.hasPointerCapture(event.pointerId)) {
      stroke(before, edit.cursor);
    }
    redraw();
  });
  cover.addEventListener('pointerleave', () => {
    inside = false;
    redraw();
  });
  cover.addEventListener('focus', redraw);
  cover.addEventListener('blur', redraw);
  cover.addEventListener('keydown', event => {
    const [dx, dy] = arrow(event);
    if (dx !== 0 || dy !== 0) {
      const step = Math.max(1, edit.size / 2);
      edit.cursor = [Math.max(0, Math.min(width, edit.cursor[0] + dx * step)), Math.max(0, Math.min(height, edit.cursor[1] + dy * step))];
      redraw();
    } else if (event.key === ' ') {
      remember();
      stroke(edit.cursor, edit.cursor);
    } else if (event.key === 'z' && (event.ctrlKey || event.metaKey)) {
      undo();
    } else {
      return;
    }
    event.preventDefault();
  });
  return edit;
}
