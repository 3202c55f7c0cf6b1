// How likely the rows of the data are: a histogram, the rows of a range of it, least likely first, and one row opened.

import { bringIntoView, button, element } from './dom.js';
import { count, fixed, nats, plural } from './format.js';
import { histogram } from './histogram.js';
import { model } from './model.js';
import { rowPanel } from './row.js';
import { scores } from './scores.js';
import { selectRow } from './select.js';
import { set, state, watchIn } from './state.js';
import { tiles } from './tiles.js';

const ON_PAGE = 40;

export function likelihoodView(panel) {
  if (!model.data) {
    panel.append(element('div', { class: 'bar' }, element('h2', {}, 'Likelihood')),
      element('p', { class: 'empty' }, 'Start with --data to see likelihoods.'));
    return;
  }
  const facts = element('p', { class: 'facts' });
  const chart = histogram(range => set({ range, page: 0 }));
  const ends = ['Least', 'Most'].map((name, end) => element('input', {
    type: 'number', step: 'any', class: 'number', 'aria-label': `${name} log-likelihood, in nats`, onchange: () => setEnd(end),
  }));
  const whole = button('All rows', () => set({ range: null, page: 0 }));
  const found = tiles('Rows, least likely first');
  const pageLine = element('span', { class: 'number' });
  const back = button('\u2190', () => set({ page: page - 1 }), { 'aria-label': 'Rows before' });
  const on = button('\u2192', () => set({ page: page + 1 }), { 'aria-label': 'Rows after' });
  const opened = rowPanel();
  let page = 0;
  panel.append(
    element('div', { class: 'bar' }, element('h2', {}, 'Likelihood'), facts),
    chart.canvas,
    element('div', { class: 'bar' },
      element('label', { class: 'field' }, 'From ', ends[0]), element('label', { class: 'field' }, 'to ', ends[1]),
      element('span', { class: 'unit' }, 'nats'), whole),
    element('div', { class: 'split' },
      element('div', {},
        element('div', { class: 'bar' }, element('h3', {}, 'Least likely first'), pageLine, element('span', { class: 'choice' }, back, on)),
        found.grid),
      opened.panel));

  function setEnd(end) {
    if (ends[end].value !== '' && scores.known > 0) {
      const range = state.range === null ? [minimum(), maximum()] : state.range.slice();
      const typed = Number(ends[end].value);
      range[end] = typed;
      range[1 - end] = end === 0 ? Math.max(typed, range[1]) : Math.min(typed, range[0]);
      set({ range, page: 0 });
    }
  }

  const rowsOfRange = () => chart.rowsIn(state.range);
  const minimum = () => scores.logLikelihood[chart.rowsIn(null)[0]];
  const maximum = () => scores.logLikelihood[chart.rowsIn(null)[scores.known - 1]];

  function showChart() {
    chart.show({ range: state.range, row: state.row, component: state.component });
    if (scores.known > 0) {
      let sum = 0;
      for (let row = 0; row < scores.known; row++) {
        sum += scores.logLikelihood[row];
      }
      facts.textContent = `${plural(scores.known, 'row')}, mean ${nats(sum / scores.known)} · in colour: component ${state.component}`;
      const range = state.range ?? [minimum(), maximum()];
      ends.forEach((input, end) => {
        if (document.activeElement !== input) {
          input.value = range[end].toFixed(1);
        }
      });
      whole.disabled = state.range === null;
    }
  }

  function showRows() {
    const rows = rowsOfRange();
    page = Math.max(0, Math.min(state.page, Math.ceil(rows.length / ON_PAGE) - 1));
    const first = page * ON_PAGE;
    const last = Math.min(rows.length, first + ON_PAGE);
    pageLine.textContent = rows.length === 0 ? 'no rows' : `${count(first + 1)}\u2013${count(last)} of ${count(rows.length)}`;
    back.disabled = first === 0;
    on.disabled = last >= rows.length;
    found.show(Array.from(rows.subarray(first, last)), {
      caption: row => fixed(scores.logLikelihood[row], 0),
      choose: row => {
        selectRow(row);
        bringIntoView(opened.panel);
      },
    });
    found.mark(state.row);
  }

  watchIn(['likelihood'], keys => {
    if (['scores', 'range', 'row', 'component', 'theme'].some(key => keys.has(key))) {
      showChart();
    }
    if (['scores', 'range', 'page', 'row', 'theme'].some(key => keys.has(key))) {
      showRows();
    }
  });
}
