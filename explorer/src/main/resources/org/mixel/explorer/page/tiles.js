// A grid of rows as small pictures that can be chosen.

import { dark } from './colour.js';
import { element } from './dom.js';
import { model } from './model.js';
import { guard } from './notice.js';
import { paint, silentPicture } from './picture.js';
import { rows } from './rows.js';

/**
 * The grid; `show(ids, options)` with `candidate` (null: rows of DATA), `caption(id)` (null: no captions) and `choose(id)`
 * (null: rows cannot be chosen); and `mark(id)`, which marks the selected row.
 */
export function tiles(label) {
  const grid = element('div', { class: `tiles ${model.shape ? '' : 'wide'}`, role: 'group', 'aria-label': label });
  let shown = '';
  let selected = null;

  async function show(ids, { candidate = null, caption = String, choose = null } = {}) {
    const captions = caption === null ? null : ids.map(caption);
    const wanted = JSON.stringify([ids, captions, candidate, dark()]);
    if (wanted === shown) {
      return;
    }
    shown = wanted;
    grid.classList.toggle('dense', captions === null);
    const canvases = ids.map(silentPicture);
    grid.replaceChildren(...ids.map((id, i) => {
      const content = captions === null ? [canvases[i]] : [canvases[i], element('span', {}, captions[i])];
      return choose === null
        ? element('span', { class: 'tile' }, ...content)
        : element('button', {
          type: 'button', class: 'tile', 'data-row': id, 'aria-label': captions === null ? `Row ${id}` : `Row ${id}, ${captions[i]}`, onclick: () => choose(id),
        }, ...content);
    }));
    mark(selected);
    const found = ids.length > 0 ? await guard(rows(ids, candidate)) : [];
    if (wanted !== shown) {
      return;
    }
    if (found) {
      found.forEach((row, i) => paint(canvases[i], row));
    } else {
      shown = '';
    }
  }

  function mark(id) {
    selected = id;
    for (const tile of grid.querySelectorAll('[data-row]')) {
      tile.setAttribute('aria-current', Number(tile.dataset.row) === id && id !== null);
    }
  }
  return { grid, show, mark };
}
