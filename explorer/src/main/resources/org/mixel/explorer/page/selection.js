// The selection, seen in every view: a component, a row, a bin; each opens its view.

import { chosenBin } from './binned.js';
import { element } from './dom.js';
import { fixed, percent, signed } from './format.js';
import { component, model } from './model.js';
import { guard } from './notice.js';
import { paint, silentPicture } from './picture.js';
import { rows } from './rows.js';
import { scores } from './scores.js';
import { set, state, watch } from './state.js';

export function selectionBar(bar) {
  const chips = {
    component: chip('component', 'component', true),
    ...(model.data && { row: chip('row', 'likelihood', true) }),
    ...(model.candidates.length > 0 && { bin: chip('bin', 'bins', false) }),
  };
  bar.append(...Object.values(chips).map(({ made }) => made));

  function chip(name, view, pictured) {
    const text = element('span', {});
    const more = element('span', { class: 'more' });
    const canvas = silentPicture();
    const made = element('button', { type: 'button', class: 'chip', 'data-chip': name, onclick: () => set({ view }) },
      ...(pictured ? [canvas] : []), text, more);
    return {
      made, canvas,
      say(what, rest, empty) {
        text.textContent = what;
        more.textContent = rest;
        made.classList.toggle('none', empty);
      },
    };
  }

  function showComponent() {
    const k = state.component;
    chips.component.say(`Component ${k}`, percent(model.weights[k]), false);
    guard(component(k).then(({ mean }) => k === state.component && paint(chips.component.canvas, mean)));
  }

  function showRow() {
    const { row } = state;
    chips.row.say(row === null ? 'No row' : `Row ${row}`, row !== null && row < scores.known ? fixed(scores.logLikelihood[row], 0) : '', row === null);
    if (row !== null) {
      guard(rows([row]).then(([values]) => row === state.row && paint(chips.row.canvas, values)));
    }
  }

  function showBin() {
    const { result, bin } = chosenBin();
    chips.bin.say(state.bin === null ? 'No bin' : `Bin ${state.bin}`, bin === null ? '' : `z ${signed(result.z[bin])}`, state.bin === null);
  }

  watch(keys => {
    const any = (...names) => names.some(name => keys.has(name));
    if (any('start', 'component', 'theme')) {
      showComponent();
    }
    if (chips.row && any('start', 'row', 'scores', 'theme')) {
      showRow();
    }
    if (chips.bin && any('start', 'bin', 'bins', 'candidate')) {
      showBin();
    }
  });
}
