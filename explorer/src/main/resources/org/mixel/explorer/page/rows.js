// Rows of the data and of the candidates, fetched many at a time and kept while they fit.

import { floats } from './api.js';
import { model } from './model.js';

const MOST_VALUES = 16e6;
const known = new Map();

/** The rows of these numbers, of DATA or of a candidate, as float32 arrays. */
export async function rows(ids, candidate = null) {
  const source = candidate === null ? 'api/rows' : `api/candidates/${candidate}/rows`;
  const key = id => `${source}/${id}`;
  const found = new Map(ids.filter(id => known.has(key(id))).map(id => [id, known.get(key(id))]));
  const missing = ids.filter(id => !found.has(id));
  for (let from = 0; from < missing.length; from += model.limits.ids) {
    const some = missing.slice(from, from + model.limits.ids);
    const values = await floats(`${source}?ids=${some.join(',')}`);
    some.forEach((id, i) => found.set(id, values.slice(i * model.dims, (i + 1) * model.dims)));
  }
  for (const [id, row] of found) {
    known.delete(key(id));
    known.set(key(id), row);
  }
  while (known.size * model.dims > MOST_VALUES && known.size > ids.length) {
    known.delete(known.keys().next().value);
  }
  return ids.map(id => found.get(id));
}
