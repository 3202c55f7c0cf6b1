// The tabs of the five views.

import { arrow, element } from './dom.js';
import { set, state, watch } from './state.js';

export const VIEWS = { map: 'Map', component: 'Component', complete: 'Complete', likelihood: 'Likelihood', bins: 'Bins' };

export function tabs(list) {
  const names = Object.keys(VIEWS);
  const made = names.map(view => element('button', {
    type: 'button', role: 'tab', id: `tab-${view}`, 'aria-controls': `view-${view}`, onclick: () => set({ view }),
  }, VIEWS[view]));
  list.append(...made);
  list.addEventListener('keydown', event => {
    const [step] = arrow(event);
    if (step !== 0) {
      event.preventDefault();
      const at = (names.indexOf(state.view) + step + names.length) % names.length;
      set({ view: names[at] });
      made[at].focus();
    }
  });

  function show() {
    document.body.dataset.view = state.view;
    made.forEach((tab, i) => {
      const chosen = names[i] === state.view;
      tab.setAttribute('aria-selected', chosen);
      tab.tabIndex = chosen ? 0 : -1;
    });
    made[names.indexOf(state.view)].scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  watch(keys => {
    if (keys.has('view')) {
      show();
    }
  });
}
