// Follows the scoring of the rows and the counting of the bins until both are done.

import { json } from './api.js';
import { binned, fetchBins } from './binned.js';
import { count } from './format.js';
import { model } from './model.js';
import { fail, guard, working } from './notice.js';
import { fetchScores } from './scores.js';
import { tell } from './state.js';

const PAUSE = 300;

function describe({ scoring, bins }) {
  if (scoring.state === 'running') {
    return `Scoring rows: ${count(scoring.done)} of ${count(scoring.rows)}`;
  }
  const at = bins.findIndex(({ state }) => state === 'running');
  return at < 0 ? '' : `Counting bins of ${model.candidates[at].name}`;
}

async function step() {
  const progress = await json('api/progress');
  working(describe(progress));
  if (progress.scoring.state !== 'none' && await fetchScores()) {
    tell(new Set(['scores']));
  }
  for (const [candidate, { state, error }] of progress.bins.entries()) {
    if (state === 'done' && !binned.results[candidate]) {
      await fetchBins(candidate);
      tell(new Set(['bins']));
    } else if (state === 'failed' && binned.errors[candidate] !== error) {
      binned.errors[candidate] = error;
      fail(error);
      tell(new Set(['bins']));
    }
  }
  if (progress.scoring.state === 'failed') {
    fail(progress.scoring.error);
  }
  return progress.scoring.state === 'running' || progress.bins.some(({ state }) => state === 'running');
}

export async function follow() {
  while (await guard(step())) {
    await new Promise(resolve => setTimeout(resolve, PAUSE));
  }
  working('');
}
