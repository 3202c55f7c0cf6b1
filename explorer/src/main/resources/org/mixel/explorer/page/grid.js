// Where components lie on the map, and which is next in a direction.

import { model } from './model.js';

/** Column and row of component `k`. */
export function place(k) {
  const { cells, columns } = model.map;
  return [cells[k] % columns, Math.floor(cells[k] / columns)];
}

/** The nearest component in a direction, `k` itself if there is none: a step aside counts for two ahead. */
export function neighbour(k, dx, dy) {
  const [column, row] = place(k);
  let best = k;
  let least = Infinity;
  for (let other = 0; other < model.components; other++) {
    const [otherColumn, otherRow] = place(other);
    const ahead = (otherColumn - column) * dx + (otherRow - row) * dy;
    const aside = Math.abs((otherColumn - column) * dy) + Math.abs((otherRow - row) * dx);
    if (ahead > 0 && ahead + 2 * aside < least) {
      best = other;
      least = ahead + 2 * aside;
    }
  }
  return best;
}
