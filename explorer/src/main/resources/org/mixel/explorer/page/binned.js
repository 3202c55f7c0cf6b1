// The bins of every candidate, once they are counted.

import { json } from './api.js';
import { model } from './model.js';
import { state } from './state.js';

/** The answer of `api/bins/C` for each candidate, or the line that says why there is none. */
export const binned = { results: [], errors: [] };

export async function fetchBins(candidate) {
  binned.results[candidate] = await json(`api/bins/${candidate}`);
}

/** The bins of the chosen candidate, and the selected one of them, null without. */
export function chosenBin() {
  const result = binned.results[state.candidate];
  return { result, bin: result && state.bin !== null && state.bin < result.bins ? state.bin : null };
}

/** The p-values of the way of adjusting that was chosen. */
export const adjusted = (result, adjust) => ({ raw: result.p, holm: result.holm, bh: result.bh })[adjust];

/** For each component the mean z of the bins that its rows fall into, by their numbers; null where none does. */
export function zOfComponents(result) {
  const sums = new Float64Array(model.components);
  const weights = new Float64Array(model.components);
  result.components.forEach((living, bin) => {
    for (const [k, share] of living) {
      const rows = share * result.reference[bin];
      sums[k] += rows * result.z[bin];
      weights[k] += rows;
    }
  });
  return Array.from(sums, (sum, k) => weights[k] > 0 ? sum / weights[k] : null);
}

/** Bins in which component `k` is one of those that have most rows. */
export const binsOf = (result, k) =>
  new Set(result.components.flatMap((living, bin) => living.some(([each]) => each === k) ? [bin] : []));
