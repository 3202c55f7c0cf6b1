// The model as the server describes it, and its components.

import { floats, json, kept } from './api.js';

/** The answer of `api/model`, and `ranks`: place of each component by weight, from 1 on. */
export const model = {};

export async function loadModel() {
  Object.assign(model, await json('api/model'));
  const heaviest = model.weights.map((_, k) => k).sort((a, b) => model.weights[b] - model.weights[a]);
  model.ranks = [];
  heaviest.forEach((k, place) => {
    model.ranks[k] = place + 1;
  });
}

/** Mean, standard deviation of the noise, and factors of a component, in the units of the rows. */
export const component = kept(32, async k => {
  const values = await floats(`api/components/${k}`);
  const part = at => values.subarray(at * model.dims, (at + 1) * model.dims);
  return { mean: part(0), noise: part(1), factors: Array.from({ length: model.factors }, (_, i) => part(2 + i)) };
});

/** `mean + sum z_i factor_i`, into `target`. */
export function decode({ mean, factors }, z, target) {
  target.set(mean);
  factors.forEach((factor, i) => {
    const amount = z[i] ?? 0;
    if (amount !== 0) {
      for (let j = 0; j < target.length; j++) {
        target[j] += amount * factor[j];
      }
    }
  });
  return target;
}
