// One row opened: its reconstruction and residual, responsibilities, nearest components and nearest rows.

import { floats, json, latest } from './api.js';
import { button, element } from './dom.js';
import { fixed, nats, percent } from './format.js';
import { component, model } from './model.js';
import { guard } from './notice.js';
import { figure, paint, picture, silentPicture } from './picture.js';
import { selectComponent, selectRow } from './select.js';
import { set, state, watchIn } from './state.js';
import { tiles } from './tiles.js';

const RESIDUAL_REACH = 4;

export function rowPanel() {
  const title = element('h3', {});
  const facts = element('p', { class: 'facts' });
  const [image, reconstruction, residual] = ['The row', 'Its reconstruction', 'Its residual'].map(name => picture(name));
  const shares = element('div', { class: 'shares' });
  const components = element('div', { class: 'tiles', role: 'group', 'aria-label': 'Nearest components' });
  const nearest = tiles('Nearest rows');
  const content = element('div', { class: 'content' },
    facts,
    element('div', { class: 'trio' }, figure(image, 'row'), figure(reconstruction, 'reconstruction'),
      figure(residual, `residual, \u00b1${RESIDUAL_REACH} sd`)),
    element('h4', {}, 'Responsibilities'), shares,
    element('h4', {}, 'Nearest components'), components,
    element('h4', {}, 'Nearest rows'), nearest.grid);
  const panel = element('aside', { class: 'row', 'aria-label': 'The selected row' },
    element('div', { class: 'bar' }, title, button('Complete it', () => set({ view: 'complete' }))), content);
  const ask = latest();

  async function show() {
    const row = state.row;
    panel.classList.toggle('without', row === null);
    if (row === null) {
      title.textContent = 'Choose a row to open it';
      return;
    }
    title.textContent = `Row ${row}`;
    const answer = await guard(ask(options => Promise.all([
      json(`api/rows/${row}`, options), floats(`api/rows/${row}/reconstruction`, options)])));
    if (row === state.row) {
      panel.classList.toggle('without', answer === undefined);
      if (answer) {
        showAnswer(...answer);
      }
    }
  }

  function showAnswer(told, values) {
    const part = at => values.subarray(at * model.dims, (at + 1) * model.dims);
    facts.textContent = [nats(told.log_likelihood),
      ...(told.label === undefined ? [] : [`class ${model.classes?.[told.label] ?? told.label}`])].join(' · ');
    paint(image, part(0));
    paint(reconstruction, part(1));
    paint(residual, part(2), 'residual', RESIDUAL_REACH);
    shares.replaceChildren(...told.responsibilities.filter(({ share }) => share >= 0.001).map(({ component: k, share }) => {
      const bar = element('span', { class: 'filled' });
      bar.style.width = `${100 * share}%`;
      return element('button', { type: 'button', class: 'share', onclick: () => selectComponent(k, { view: 'component' }) },
        element('span', {}, `Component ${k}`), element('span', { class: 'track' }, bar), element('span', { class: 'number' }, percent(share)));
    }));
    showComponents(told.nearest_components);
    nearest.show(told.nearest_rows.map(each => each.row), {
      caption: id => fixed(told.nearest_rows.find(each => each.row === id).distance, 2),
      choose: id => selectRow(id),
    });
  }

  function showComponents(near) {
    components.replaceChildren(...near.map(({ component: k, distance }) => {
      const canvas = silentPicture();
      guard(component(k).then(({ mean }) => paint(canvas, mean)));
      return element('button', {
        type: 'button', class: 'tile', 'aria-label': `Component ${k}, distance ${fixed(distance, 2)}`,
        onclick: () => selectComponent(k, { view: 'component' }),
      }, canvas, element('span', {}, `${k}`));
    }));
  }

  watchIn(['likelihood'], keys => {
    if (keys.has('row') || keys.has('theme') || (keys.has('scores') && facts.textContent === '')) {
      show();
    }
  });
  return { panel };
}
