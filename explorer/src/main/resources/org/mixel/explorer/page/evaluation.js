// The table of `mixel evaluate`, if it was run: each figure beside what equal sets would give.

import { json } from './api.js';
import { element } from './dom.js';
import { plural, probability, short } from './format.js';

export async function evaluationTable() {
  const { results } = await json('api/evaluation');
  const made = element('section', { class: 'evaluation', 'aria-label': 'Evaluation' }, element('h3', {}, 'Evaluation'));
  for (const { candidate, rows, verdict, metrics } of results) {
    made.append(
      element('p', { class: 'facts' }, `${candidate} (${plural(rows, 'row')}): ${verdict}`),
      element('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': `Figures of ${candidate}` },
        element('table', {},
          element('thead', {}, element('tr', {}, ...['Figure', 'Value', 'If equal', 'p', 'p, adjusted'].map(name => element('th', { scope: 'col' }, name)))),
          element('tbody', {}, ...Object.entries(metrics).filter(([, figure]) => figure !== null).map(([name, figure]) => line(name, figure))))));
  }
  return made;
}

function line(name, { value, if_equal: equal, p, p_adjusted: adjusted }) {
  const band = equal ? `${short(equal[0])} to ${short(equal[1])}` : '\u2013';
  return element('tr', {}, element('th', { scope: 'row' }, name),
    ...[short(value), band, probability(p ?? null), probability(adjusted ?? null)].map(text => element('td', {}, text)));
}
