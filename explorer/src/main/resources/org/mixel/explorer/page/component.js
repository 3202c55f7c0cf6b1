// One component: its mean, noise and factors, a slider for each factor, a pad for two, and its real members.

import { button, element, onceAFrame } from './dom.js';
import { count, percent, plural, signed } from './format.js';
import { component, decode, model } from './model.js';
import { guard } from './notice.js';
import { pad } from './pad.js';
import { commonScale, figure, paint, picture } from './picture.js';
import { classCounts, members, scores } from './scores.js';
import { selectRow } from './select.js';
import { set, state, watchIn } from './state.js';
import { tiles } from './tiles.js';

const REACH = 3;
const SHOWN = 24;

export function componentView(panel) {
  const title = element('h2', {});
  const facts = element('p', { class: 'facts' });
  const live = picture('The component at the chosen values of its factors', { class: 'large', id: 'decoded' });
  const mean = picture('Its mean');
  const noise = picture('The standard deviation of its noise');
  const several = model.factors > 1;
  const plane = pad((first, second) => setFactors({ [state.pad[0]]: first, [state.pad[1]]: second }));
  const axes = [0, 1].map(axis => factorChoice(axis));
  const sliders = Array.from({ length: model.factors }, (_, i) => slider(i));
  const membersTitle = element('h3', {}, 'Members');
  const memberTiles = tiles('Members');
  panel.append(
    element('div', { class: 'bar' }, title),
    facts,
    element('div', { class: 'decoder' },
      element('div', { class: 'live' },
        live,
        element('div', { class: 'pair' }, figure(mean, 'mean'), figure(noise, 'noise, one sd'))),
      element('div', { class: 'factors' },
        element('div', { class: 'bar' },
          element('h3', {}, 'Factors'),
          button('Draw', () => set({ z: sliders.map(normal) }), { title: 'Random values, as the model draws them' }),
          button('Mean', () => set({ z: [] }), { title: 'All factors at zero' })),
        element('div', {}, ...sliders.map(each => each.line))),
      ...(several ? [element('div', { class: 'plane' },
        element('div', { class: 'bar' }, element('h3', {}, 'Two at once'),
          element('label', { class: 'field' }, 'across ', axes[0]), element('label', { class: 'field' }, 'up ', axes[1])),
        plane.canvas)] : [])),
    membersTitle, memberTiles.grid);

  const values = new Float32Array(model.dims);
  let current = null;

  function slider(i) {
    const image = picture(`Factor ${i + 1}`);
    const output = element('output', { class: 'number' });
    const input = element('input', {
      type: 'range', min: -REACH, max: REACH, step: 0.05, 'aria-label': `Factor ${i + 1}, in standard deviations`,
      oninput: () => setFactors({ [i]: Number(input.value) }),
    });
    const line = element('div', { class: 'slider' }, image,
      element('span', { 'aria-hidden': 'true' }, `Factor ${i + 1}`), input, output);
    return { line, image, input, output };
  }

  function factorChoice(axis) {
    const select = element('select', {
      'aria-label': axis === 0 ? 'Factor across' : 'Factor up',
      onchange: () => {
        const chosen = Number(select.value);
        const other = state.pad[1 - axis] === chosen ? state.pad[axis] : state.pad[1 - axis];
        set({ pad: axis === 0 ? [chosen, other] : [other, chosen] });
      },
    }, ...Array.from({ length: model.factors }, (_, i) => element('option', { value: i }, `${i + 1}`)));
    return select;
  }

  function setFactors(changes) {
    set({ z: sliders.map((_, i) => changes[i] ?? state.z[i] ?? 0) });
  }

  const showDecoded = onceAFrame(() => {
    if (current !== null) {
      paint(live, decode(current, state.z, values));
      sliders.forEach(({ input, output }, i) => {
        const z = state.z[i] ?? 0;
        input.value = z;
        output.textContent = `${signed(z, 2)} sd`;
      });
      axes.forEach((select, axis) => {
        select.value = state.pad[axis];
      });
      if (several) {
        plane.show(current, state.z, state.pad);
      }
    }
  });

  async function show() {
    const k = state.component;
    title.textContent = `Component ${k}`;
    showFacts();
    showMembers();
    const parts = await guard(component(k));
    if (parts && k === state.component) {
      current = parts;
      const scale = commonScale(parts.factors);
      paint(mean, parts.mean);
      paint(noise, parts.noise, 'spread', commonScale([parts.noise]));
      sliders.forEach(({ image }, i) => paint(image, parts.factors[i], 'factor', scale));
      plane.repaint();
      showDecoded();
    }
  }

  function showFacts() {
    const k = state.component;
    const parts = [`weight ${percent(model.weights[k])}`, `rank ${count(model.ranks[k])} of ${count(model.components)}`];
    const counts = classCounts(k);
    if (counts !== null && members(k).length > 0) {
      const common = Array.from(counts, (rows, c) => [rows, c]).filter(([rows]) => rows > 0).sort((a, b) => b[0] - a[0]);
      parts.push(`classes ${common.slice(0, 3).map(([rows, c]) => `${model.classes[c]}: ${percent(rows / members(k).length)}`).join(', ')}`);
    }
    facts.textContent = parts.join(' · ');
  }

  function showMembers() {
    if (!model.data) {
      memberTiles.grid.replaceChildren(element('p', { class: 'empty' }, 'Start with --data to see the real rows of this component.'));
      return;
    }
    const rows = members(state.component);
    membersTitle.textContent = `Members: ${plural(rows.length, 'row')}${rows.length > SHOWN ? `, the ${SHOWN} most likely` : ''}`;
    memberTiles.show(Array.from(rows.subarray(0, SHOWN)), {
      caption: row => scores.labels === null ? `${row}` : `${row} · ${model.classes[scores.labels[row]]}`,
      choose: row => selectRow(row, { view: 'likelihood' }),
    });
    memberTiles.mark(state.row);
  }

  watchIn(['map', 'component'], keys => {
    if (keys.has('component') || keys.has('theme')) {
      show();
    } else if (keys.has('scores') || keys.has('row')) {
      showFacts();
      showMembers();
    }
    if (keys.has('z') || keys.has('pad')) {
      showDecoded();
    }
  });
}

/** A standard normal number, cut at the ends of the sliders. */
function normal() {
  const radius = Math.sqrt(-2 * Math.log(1 - Math.random()));
  const z = radius * Math.cos(2 * Math.PI * Math.random());
  return Math.max(-REACH, Math.min(REACH, Math.round(20 * z) / 20));
}
