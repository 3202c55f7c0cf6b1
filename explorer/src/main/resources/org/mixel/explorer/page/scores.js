// Log-likelihood, most probable component and label of every row that is scored so far.

import { bytes } from './api.js';
import { model } from './model.js';

export const scores = { known: 0, logLikelihood: new Float32Array(0), component: new Int32Array(0), labels: null };

let sorted = new Uint32Array(0);
let membersFrom = null;
let byComponent = sorted;

export async function loadLabels() {
  scores.labels = new Int32Array(await bytes('api/labels'));
}

/** Fetches what was scored since the last time; true if there was something. */
export async function fetchScores() {
  if (scores.logLikelihood.length === 0) {
    scores.logLikelihood = new Float32Array(model.data.rows);
    scores.component = new Int32Array(model.data.rows);
  }
  const answer = await bytes(`api/scores?from=${scores.known}`);
  const count = new DataView(answer).getInt32(0, true);
  scores.logLikelihood.set(new Float32Array(answer, 4, count), scores.known);
  scores.component.set(new Int32Array(answer, 4 + 4 * count, count), scores.known);
  scores.known += count;
  return count > 0;
}

/** Numbers of the rows, least likely first. */
export function order() {
  if (sorted.length !== scores.known) {
    const { logLikelihood } = scores;
    sorted = Uint32Array.from({ length: scores.known }, (_, row) => row);
    sorted.sort((a, b) => logLikelihood[a] - logLikelihood[b] || a - b);
    membersFrom = null;
  }
  return sorted;
}

/** Rows whose most probable component is `k`, most likely first. */
export function members(k) {
  const rows = order();
  if (membersFrom === null) {
    membersFrom = new Uint32Array(model.components + 1);
    for (const row of rows) {
      membersFrom[scores.component[row] + 1]++;
    }
    for (let c = 0; c < model.components; c++) {
      membersFrom[c + 1] += membersFrom[c];
    }
    const next = membersFrom.slice();
    byComponent = new Uint32Array(rows.length);
    for (let i = rows.length - 1; i >= 0; i--) {
      byComponent[next[scores.component[rows[i]]]++] = rows[i];
    }
  }
  return byComponent.subarray(membersFrom[k], membersFrom[k + 1]);
}

/** How many members of component `k` have each class; null without labels. */
export function classCounts(k) {
  if (scores.labels === null) {
    return null;
  }
  const counts = new Uint32Array(model.classes.length);
  for (const row of members(k)) {
    counts[scores.labels[row]]++;
  }
  return counts;
}

/** The first place in `order()` whose log-likelihood is at least `value`. */
export function placeOf(value) {
  const rows = order();
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (scores.logLikelihood[rows[middle]] < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
