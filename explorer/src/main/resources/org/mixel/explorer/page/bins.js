// NDB's bins by signed z: which a candidate fills too little or too much, and what lies in them.

import { json, latest } from './api.js';
import { adjusted, binned, binsOf, chosenBin } from './binned.js';
import { bringIntoView, choice, element } from './dom.js';
import { evaluationTable } from './evaluation.js';
import { count, percent, plural, probability, short, signed } from './format.js';
import { component, model } from './model.js';
import { guard } from './notice.js';
import { paint, silentPicture } from './picture.js';
import { selectBin, selectComponent, selectRow } from './select.js';
import { set, state, watchIn } from './state.js';
import { tiles } from './tiles.js';
import { zChart } from './zchart.js';

const LEVEL = 0.05;

export function binsView(panel) {
  panel.append(element('div', { class: 'bar' }, element('h2', {}, 'Bins')));
  if (model.candidates.length === 0) {
    panel.append(element('p', { class: 'empty' },
      model.data ? 'Start with --candidate to see which bins a generator misses.' : 'Start with --data and --candidate to see which bins a generator misses.'));
    return;
  }
  const candidates = element('select', { 'aria-label': 'Candidate', onchange: () => set({ candidate: Number(candidates.value), bin: null }) },
    ...model.candidates.map(({ name, rows }, c) => element('option', { value: c }, `${name} (${plural(rows, 'row')})`)));
  const adjusting = choice('Adjustment of the p-values', { raw: 'Raw', holm: 'Holm', bh: 'Benjamini-Hochberg' }, adjust => set({ adjust }));
  const facts = element('p', { class: 'facts' });
  const chart = zChart(bin => selectBin(bin));
  const open = bin => {
    selectBin(bin);
    bringIntoView(detail);
  };
  const table = element('tbody', {});
  const title = element('h3', {});
  const about = element('p', { class: 'facts' });
  const [reference, drawn] = ['Rows of the reference', 'Rows of the candidate'].map(tiles);
  const living = element('div', { class: 'tiles', role: 'group', 'aria-label': 'Components that live there' });
  const detail = element('aside', { class: 'bin', 'aria-label': 'The selected bin' }, title,
    element('div', { class: 'content' }, about,
      element('div', { class: 'pair' },
        element('div', {}, element('h4', {}, 'Reference'), reference.grid),
        element('div', {}, element('h4', {}, 'Candidate'), drawn.grid)),
      element('h4', {}, 'Components that live there'), living));
  panel.firstChild.append(element('label', { class: 'field' }, 'Candidate ', candidates), adjusting.group);
  panel.append(facts, chart.canvas,
    element('div', { class: 'split' },
      element('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'All bins' },
        element('table', {},
          element('thead', {}, element('tr', {}, ...['Bin', 'z', 'Reference', 'Candidate', 'p'].map(name => element('th', { scope: 'col' }, name)))),
          table)),
      detail));
  const ask = latest();
  if (model.evaluation) {
    guard(evaluationTable().then(made => panel.append(made)));
  }

  function show() {
    const { result } = chosenBin();
    candidates.value = state.candidate;
    adjusting.press(state.adjust);
    if (result === undefined) {
      facts.textContent = binned.errors[state.candidate] ?? 'Counting bins\u2026';
      table.replaceChildren();
      return;
    }
    const p = adjusted(result, state.adjust);
    facts.textContent = `${p.filter(each => each < LEVEL).length} of ${plural(result.bins, 'bin')} differ at level ${LEVEL} · NDB/K ${short(result.ndb_over_k)}`
      + ` · JS ${short(result.js)}, ${short(result.js_excess)} beyond equal sets · joint p ${probability(result.joint_p)}`;
    table.replaceChildren(...byZ(result).map(bin => line(result, p, bin)));
  }

  const byZ = result => result.z.map((_, bin) => bin).sort((a, b) => result.z[a] - result.z[b]);

  function line(result, p, bin) {
    const share = (counts, rows) => percent(counts[bin] / rows);
    const choose = element('button', { type: 'button', class: 'link', 'aria-label': `Bin ${bin}` }, `${bin}`);
    return element('tr', { class: p[bin] < LEVEL ? 'differs' : '', 'data-bin': bin, onclick: () => open(bin) },
      element('th', { scope: 'row' }, choose),
      ...[signed(result.z[bin]), share(result.reference, result.reference_rows), share(result.candidate_counts, result.candidate_rows), probability(p[bin])]
        .map(text => element('td', {}, text)));
  }

  /** Marks the selected bin, and those in which the selected component lives. */
  function mark() {
    const { result, bin } = chosenBin();
    if (result === undefined) {
      chart.show(null);
      return;
    }
    const p = adjusted(result, state.adjust);
    chart.show({ z: result.z, order: byZ(result), pale: each => p[each] >= LEVEL, selected: bin, marked: binsOf(result, state.component) });
    for (const row of table.children) {
      row.setAttribute('aria-current', Number(row.dataset.bin) === bin && bin !== null);
    }
  }

  async function showBin() {
    const { candidate } = state;
    const { result, bin } = chosenBin();
    detail.classList.toggle('without', bin === null);
    if (bin === null) {
      title.textContent = 'Choose a bin to see its rows';
      return;
    }
    title.textContent = `Bin ${bin}`;
    about.textContent = `z ${signed(result.z[bin])} · ${count(result.reference[bin])} of ${plural(result.reference_rows, 'reference row')},`
      + ` ${count(result.candidate_counts[bin])} of ${plural(result.candidate_rows, 'candidate row')}`;
    const answer = await guard(ask(options => json(`api/bins/${candidate}/${bin}`, options)));
    if (candidate !== state.candidate || bin !== state.bin) {
      return;
    }
    detail.classList.toggle('without', answer === undefined);
    if (answer) {
      reference.show(answer.reference, { caption: null, choose: row => selectRow(row, { view: 'likelihood' }) });
      drawn.show(answer.candidate, { candidate, caption: null });
      living.replaceChildren(...result.components[bin].map(([k, share]) => {
        const canvas = silentPicture();
        guard(component(k).then(({ mean }) => paint(canvas, mean)));
        return element('button', { type: 'button', class: 'tile', onclick: () => selectComponent(k, { view: 'component' }) },
          canvas, element('span', {}, `${k} · ${percent(share)}`));
      }));
    }
  }

  watchIn(['bins'], keys => {
    if (['bins', 'candidate', 'adjust'].some(key => keys.has(key))) {
      show();
    }
    mark();
    if (['bins', 'candidate', 'bin', 'theme'].some(key => keys.has(key))) {
      showBin();
    }
  });
}
