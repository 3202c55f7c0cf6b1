// The map of components: all means as tiles on a grid where neighbours are alike, to zoom, pan and choose from.

import { loadAtlas } from './atlas.js';
import { chosenBin } from './binned.js';
import { css, ink } from './colour.js';
import { colouring, colourNames } from './colouring.js';
import { arrow, button, element, isPlain, onceAFrame, sharpContext } from './dom.js';
import { percent, plural } from './format.js';
import { neighbour, place } from './grid.js';
import { model } from './model.js';
import { guard } from './notice.js';
import { members, scores } from './scores.js';
import { selectComponent } from './select.js';
import { set, state, watch } from './state.js';

const CLICK_REACH = 4;
const MOST_ZOOM = 200;

/** Sides of tiles in parts of a cell. */
const LEAST_SIDE = 0.25;
const MOST_SIDE = 0.88;

export function mapView(panel) {
  const canvas = element('canvas', {
    class: 'map', tabindex: '0', role: 'application', 'aria-label': 'Map of components; arrow keys choose one, plus and minus zoom',
    'aria-describedby': 'map-line',
  });
  const line = element('p', { id: 'map-line', class: 'line', 'aria-live': 'polite' });
  const chosen = element('select', { 'aria-label': 'Colour of the tiles', onchange: () => set({ colour: chosen.value }) },
    ...Object.entries(colourNames()).map(([value, name]) => element('option', { value }, name)));
  const scaleBar = element('span', { class: 'scale', 'aria-hidden': 'true' });
  const low = element('span', { class: 'number' });
  const high = element('span', { class: 'number' });
  panel.append(
    element('div', { class: 'bar' },
      element('h2', {}, 'Map'),
      element('label', { class: 'field' }, 'Colour ', chosen),
      element('span', { class: 'legend' }, low, scaleBar, high),
      element('span', { class: 'choice' },
        button('\u2212', () => zoom(1 / 1.5), { 'aria-label': 'Zoom out' }),
        button('+', () => zoom(1.5), { 'aria-label': 'Zoom in' }),
        button('Fit', fit))),
    canvas, line,
    element('p', { class: 'note' }, `Area of a tile: weight. Neighbours are alike: ${model.map.method}.`));

  const { columns, rows, cells } = model.map;
  const at = new Map(cells.map((cell, k) => [cell, k]));
  const heaviest = model.weights.reduce((a, b) => Math.max(a, b));
  const view = { scale: 0, x: 0, y: 0 };
  let atlas = null;
  let colours = null;
  let hovered = null;

  const redraw = onceAFrame(draw);
  new ResizeObserver(() => {
    if (canvas.clientWidth > 0) {
      fit();
    }
  }).observe(canvas);
  const showAtlas = () => guard(loadAtlas().then(loaded => {
    atlas = loaded;
    redraw();
  }));

  function fit() {
    const { clientWidth: width, clientHeight: height } = canvas;
    view.scale = Math.min(width / columns, height / rows) * 0.98;
    view.x = (width - columns * view.scale) / 2;
    view.y = (height - rows * view.scale) / 2;
    redraw();
  }

  function zoom(factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) {
    const smallest = Math.min(canvas.clientWidth / columns, canvas.clientHeight / rows) * 0.5;
    const scale = Math.max(smallest, Math.min(MOST_ZOOM, view.scale * factor));
    view.x = x - (x - view.x) * scale / view.scale;
    view.y = y - (y - view.y) * scale / view.scale;
    view.scale = scale;
    redraw();
  }

  function pan(dx, dy) {
    view.x += dx;
    view.y += dy;
    redraw();
  }

  /** Moves the map so far that the selected component can be seen. */
  function reveal() {
    const [column, row] = place(state.component);
    const x = view.x + column * view.scale;
    const y = view.y + row * view.scale;
    pan(Math.max(0, -x) - Math.max(0, x + view.scale - canvas.clientWidth),
      Math.max(0, -y) - Math.max(0, y + view.scale - canvas.clientHeight));
  }

  function componentAt(event) {
    const column = Math.floor((event.offsetX - view.x) / view.scale);
    const row = Math.floor((event.offsetY - view.y) / view.scale);
    return column < 0 || column >= columns || row < 0 ? null : at.get(row * columns + column) ?? null;
  }

  function draw() {
    const { context, width, height } = sharpContext(canvas);
    const { result, bin } = chosenBin();
    const related = bin === null ? [] : result.components[bin].map(([k]) => k);
    const { scale } = view;
    const gap = Math.min(2, scale * 0.04);
    const none = ink('shade');
    for (let k = 0; k < cells.length; k++) {
      const [column, row] = place(k);
      const x = view.x + column * scale;
      const y = view.y + row * scale;
      if (x > width || y > height || x + scale < 0 || y + scale < 0) {
        continue;
      }
      context.fillStyle = colours.tiles[k] ?? none;
      context.fillRect(x + gap, y + gap, scale - 2 * gap, scale - 2 * gap);
      if (atlas !== null) {
        const side = scale * Math.max(LEAST_SIDE, MOST_SIDE * Math.sqrt(model.weights[k] / heaviest));
        const long = Math.max(atlas.width, atlas.height);
        const wide = side * atlas.width / long;
        const tall = side * atlas.height / long;
        context.imageSmoothingEnabled = wide < atlas.width * 2;
        context.drawImage(atlas.image, (k % atlas.columns) * atlas.width, Math.floor(k / atlas.columns) * atlas.height,
          atlas.width, atlas.height, x + (scale - wide) / 2, y + (scale - tall) / 2, wide, tall);
      }
    }
    related.forEach(k => frame(context, k, 'text', 2));
    frame(context, state.component, 'accent', 3);
  }

  function frame(context, k, colourName, width) {
    const [column, row] = place(k);
    for (const [colour, line] of [[ink('paper'), width + 3], [ink(colourName), width]]) {
      context.strokeStyle = colour;
      context.lineWidth = line;
      context.strokeRect(view.x + column * view.scale + 1, view.y + row * view.scale + 1, view.scale - 2, view.scale - 2);
    }
  }

  function showLegend() {
    const { ramp, from, to } = colours;
    scaleBar.style.background = `linear-gradient(to right, ${css(ramp, 0)}, ${css(ramp, 0.5)}, ${css(ramp, 1)})`;
    low.textContent = from;
    high.textContent = to;
    chosen.value = state.colour;
  }

  function describe(k) {
    const parts = [`Component ${k}`, percent(model.weights[k])];
    if (scores.known > 0) {
      parts.push(plural(members(k).length, 'row'));
    }
    parts.push(...[colours.say(k)].filter(Boolean));
    return parts.join(' · ');
  }

  function refresh() {
    colours = colouring();
    showLegend();
    line.textContent = describe(hovered ?? state.component);
    redraw();
  }

  const pointers = new Map();
  let moved = 0;
  canvas.addEventListener('pointerdown', event => {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, event);
    moved = 0;
  });
  canvas.addEventListener('pointermove', event => {
    const before = pointers.get(event.pointerId);
    if (!before) {
      hovered = componentAt(event);
      line.textContent = describe(hovered ?? state.component);
      return;
    }
    moved += Math.abs(event.offsetX - before.offsetX) + Math.abs(event.offsetY - before.offsetY);
    if (pointers.size === 2) {
      const other = [...pointers.values()].find(each => each.pointerId !== event.pointerId);
      const distance = each => Math.hypot(each.offsetX - other.offsetX, each.offsetY - other.offsetY);
      zoom(distance(event) / Math.max(1, distance(before)), other.offsetX, other.offsetY);
    } else if (moved > CLICK_REACH) {
      pan(event.offsetX - before.offsetX, event.offsetY - before.offsetY);
    }
    pointers.set(event.pointerId, event);
  });
  canvas.addEventListener('pointerup', event => {
    const k = componentAt(event);
    if (pointers.size === 1 && moved <= CLICK_REACH && k !== null) {
      selectComponent(k);
    }
    pointers.delete(event.pointerId);
  });
  canvas.addEventListener('pointercancel', event => pointers.delete(event.pointerId));
  canvas.addEventListener('pointerleave', () => {
    hovered = null;
    line.textContent = describe(state.component);
  });
  canvas.addEventListener('dblclick', () => set({ view: 'component' }));
  canvas.addEventListener('wheel', event => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 400), event.offsetX, event.offsetY);
  }, { passive: false });
  canvas.addEventListener('keydown', event => {
    if (!isPlain(event)) {
      return;
    }
    const [dx, dy] = arrow(event);
    if (dx !== 0 || dy !== 0) {
      hovered = null;
      selectComponent(neighbour(state.component, dx, dy));
    } else if (event.key === '+' || event.key === '=') {
      zoom(1.5);
    } else if (event.key === '-') {
      zoom(1 / 1.5);
    } else if (event.key === '0') {
      fit();
    } else if (event.key === 'Enter') {
      set({ view: 'component' });
    } else {
      return;
    }
    event.preventDefault();
  });

  watch(keys => {
    if (['component', 'candidate', 'bin', 'colour', 'scores', 'bins', 'theme'].some(key => keys.has(key))) {
      refresh();
    }
    if (keys.has('component')) {
      reveal();
    }
    if (keys.has('theme') && !model.shape) {
      showAtlas();
    }
  });
  refresh();
  showAtlas();
}
