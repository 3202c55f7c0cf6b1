// Selects a component, a row or a bin, and with it what belongs to it in the other views.

import { binned } from './binned.js';
import { scores } from './scores.js';
import { set, state } from './state.js';

export function selectComponent(k, more = {}, quiet = false) {
  set({ component: k, ...(k !== state.component && { z: [] }), ...more }, quiet);
}

/** With its most probable component, if it is scored. */
export function selectRow(row, more = {}, quiet = false) {
  if (row < scores.known) {
    selectComponent(scores.component[row], { row, ...more }, quiet);
  } else {
    set({ row, ...more }, quiet);
  }
}

/** With the component that most of its rows belong to. */
export function selectBin(bin, more = {}) {
  const living = binned.results[state.candidate].components[bin];
  if (living.length > 0) {
    selectComponent(living[0][0], { bin, ...more });
  } else {
    set({ bin, ...more });
  }
}
