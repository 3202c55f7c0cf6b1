// Builds the page: its title, the tabs of the views, the selection, and the views themselves.

import { binsView } from './bins.js';
import { completeView } from './complete.js';
import { componentView } from './component.js';
import { footer } from './footer.js';
import { count, plural } from './format.js';
import { likelihoodView } from './likelihood.js';
import { mapView } from './map.js';
import { loadModel, model } from './model.js';
import { guard, settle } from './notice.js';
import { follow } from './progress.js';
import { loadLabels } from './scores.js';
import { selectRow } from './select.js';
import { selectionBar } from './selection.js';
import { isGiven, start, state, tell, watch } from './state.js';
import { tabs, VIEWS } from './tabs.js';
import { colourNames } from './colouring.js';

const by = id => document.getElementById(id);

/** Whether the model and the data of this page have a value; any other of a fragment is left out. */
function isValid(key, value) {
  const within = (number, size) => Number.isInteger(number) && number >= 0 && number < size;
  const all = (numbers, test) => numbers.every(test);
  return {
    view: () => Object.hasOwn(VIEWS, value),
    component: () => within(value, model.components),
    row: () => within(value, model.data?.rows ?? 0),
    candidate: () => within(value, model.candidates.length),
    bin: () => model.candidates.length > 0 && Number.isInteger(value) && value >= 0,
    z: () => value.length <= model.factors && all(value, each => Math.abs(each) <= 3),
    pad: () => value.length === 2 && value[0] !== value[1] && all(value, each => within(each, model.factors)),
    colour: () => Object.hasOwn(colourNames(), value),
    range: () => value !== null && value.length === 2 && all(value, Number.isFinite),
    mask: () => /^[\w.]*$/.test(value),
    adjust: () => ['raw', 'holm', 'bh'].includes(value),
  }[key]?.() ?? Number.isInteger(value);
}

function showTitle() {
  const { file, components, factors, dims, shape, data } = model;
  by('file').textContent = file.split(/[\\/]/).pop();
  document.title = `${by('file').textContent} \u2013 Mixel explore`;
  by('facts').textContent = [
    plural(components, 'component'), plural(factors, 'factor'),
    shape ? `${shape.width}\u00d7${shape.height} ${shape.channels === 3 ? 'colour' : 'grey'}` : plural(dims, 'value'),
    data ? `${count(data.rows)} rows of ${data.name}` : 'no data',
  ].join(' · ');
}

async function main() {
  await loadModel();
  start(isValid);
  showTitle();
  tabs(document.querySelector('.views'));
  selectionBar(document.querySelector('.selection'));
  mapView(by('view-map'));
  componentView(by('view-component'));
  completeView(by('view-complete'));
  likelihoodView(by('view-likelihood'));
  binsView(by('view-bins'));
  footer(document.querySelector('footer'));
  document.addEventListener('theme', () => tell(new Set(['theme'])));
  watch(keys => {
    if (![...keys].some(key => ['scores', 'bins', 'theme'].includes(key))) {
      settle();
    }
  });
  tell(new Set(['start', 'view']));
  if (model.classes) {
    await guard(loadLabels());
  }
  const loose = state.row !== null && !isGiven('component');
  if (model.data) {
    await follow();
  }
  if (loose && state.row !== null) {
    selectRow(state.row, {}, true);
  }
  document.querySelector('main').setAttribute('aria-busy', 'false');
}

await guard(main());
