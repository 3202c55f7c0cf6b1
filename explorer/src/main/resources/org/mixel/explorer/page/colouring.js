// Colours of the map's tiles: by weight, share of a class, z of NDB's bins.

import { binned, zOfComponents } from './binned.js';
import { css, ofZ, shareRamp, signedRamp } from './colour.js';
import { count, percent, signed } from './format.js';
import { model } from './model.js';
import { classCounts, members } from './scores.js';
import { state } from './state.js';

/** The choices and their names. */
export function colourNames() {
  const names = { weight: 'weight' };
  model.classes?.forEach((name, c) => {
    names[`class:${c}`] = `share of class ${name}`;
  });
  if (model.candidates.length > 0) {
    names.z = 'z of NDB\u2019s bins';
  }
  return names;
}

/** The colour of each tile (null: none), ramp and ends of the scale, and what is to be said of a component. */
export function colouring() {
  if (state.colour === 'z') {
    return byZ();
  }
  if (state.colour.startsWith('class:')) {
    return byClass(Number(state.colour.slice(6)));
  }
  const heaviest = model.weights.reduce((a, b) => Math.max(a, b));
  return {
    ramp: shareRamp(), from: '0 %', to: percent(heaviest),
    tiles: model.weights.map(weight => css(shareRamp(), weight / heaviest)),
    say: k => `rank ${count(model.ranks[k])}`,
  };
}

function byZ() {
  const result = binned.results[state.candidate];
  const z = result ? zOfComponents(result) : model.weights.map(() => null);
  return {
    ramp: signedRamp(), from: '\u22125 too few', to: '+5 too many',
    tiles: z.map(each => each === null ? null : ofZ(each)),
    say: k => z[k] === null ? '' : `mean z ${signed(z[k])}`,
  };
}

function byClass(c) {
  const shares = model.weights.map((_, k) => {
    const counts = classCounts(k);
    return counts === null || members(k).length === 0 ? null : counts[c] / members(k).length;
  });
  return {
    ramp: shareRamp(), from: '0 %', to: '100 %',
    tiles: shares.map(share => share === null ? null : css(shareRamp(), share)),
    say: k => shares[k] === null ? '' : `class ${model.classes[c]}: ${percent(shares[k])}`,
  };
}
