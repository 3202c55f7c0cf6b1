// Completes a row while a hole is brushed into it: mean, draws, most probable component, and where it is uncertain.

import { post } from './api.js';
import { button, element } from './dom.js';
import { editor } from './editor.js';
import { count } from './format.js';
import { decodeMask, encodeMask, extent, maskFile, NAMED } from './mask.js';
import { model } from './model.js';
import { fail, guard } from './notice.js';
import { commonScale, erase, figure, paint, picture } from './picture.js';
import { rows } from './rows.js';
import { members } from './scores.js';
import { selectComponent, selectRow } from './select.js';
import { set, state, watchIn } from './state.js';

const PAGE = crypto.randomUUID();
const DRAWS = 3;
const SPREAD = 'Uncertainty (sd)';

export function completeView(panel) {
  let row = null;
  let own = null;
  let sending = false;
  let again = false;

  const edit = editor(() => set({ mask: encodeMask(edit.mask) }));
  const results = ['Mean', 'Most probable', SPREAD, ...Array.from({ length: DRAWS }, (_, i) => `Draw ${i + 1}`)]
    .map(name => ({ name, canvas: picture(name) }));
  const note = element('p', { class: 'line', 'aria-live': 'polite' });
  const number = element('input', {
    type: 'number', min: 0, max: model.data ? model.data.rows - 1 : 0, 'aria-label': 'Row',
    onchange: () => selectRow(Math.max(0, Math.min(model.data.rows - 1, Math.round(number.valueAsNumber || 0)))),
  });
  const size = element('input', {
    type: 'range', min: 1, max: Math.max(2, Math.round(Math.min(...extent().filter(each => each > 1)) / 2)), step: 1, value: edit.size,
    'aria-label': 'Brush size, in pixels', oninput: () => {
      edit.size = Number(size.value);
    },
  });
  const eraser = button('Erase', () => {
    edit.erase = !edit.erase;
    eraser.setAttribute('aria-pressed', edit.erase);
  }, { 'aria-pressed': 'false' });
  const undo = button('Undo', () => edit.undo());
  const file = element('input', { type: 'file', accept: 'image/*', class: 'hidden', 'aria-label': 'Image file', tabindex: '-1', onchange: () => open(file.files[0]) });
  const component = button('', () => selectComponent(Number(component.dataset.component), { view: 'component' }), { class: 'link', hidden: true });
  const save = button('Save the mask', saveMask, { class: 'quiet' });

  const pictures = element('div', { class: 'results', 'aria-busy': 'false' }, ...results.map(({ name, canvas }) => figure(canvas, name)));
  const bench = element('div', { class: 'bench' },
    element('div', { class: 'easel' },
      edit.frame,
      element('div', { class: 'brush' }, element('label', { class: 'field' }, 'Brush ', size), eraser, undo, button('Clear', () => edit.replace(decodeMask('')))),
      ...(model.shape ? [element('div', { class: 'choice even', role: 'group', 'aria-label': 'Hide a part' },
        ...NAMED.map(name => button(name[0].toUpperCase() + name.slice(1), () => edit.replace(decodeMask(name)))))] : [])),
    pictures,
    element('div', { class: 'bar' }, button('Other draws', () => set({ seed: state.seed + 1 })), save, component));

  panel.append(
    element('div', { class: 'bar' },
      element('h2', {}, 'Complete'),
      ...(model.data ? [element('label', { class: 'field' }, 'Row ', number), button('Random', () => selectRow(Math.floor(Math.random() * model.data.rows)))] : []),
      ...(model.shape ? [button('Open an image\u2026', () => file.click()), file] : [])),
    note, bench);

  /** At most one request is on its way; when its answer is there, the newest state is sent, if it changed meanwhile. */
  async function complete() {
    if (sending) {
      again = true;
      return;
    }
    if (row === null || !(edit.mask.includes(1) || row.some(Number.isNaN))) {
      results.forEach(({ canvas }) => erase(canvas));
      component.hidden = true;
      return;
    }
    sending = true;
    pictures.setAttribute('aria-busy', 'true');
    const observed = Uint8Array.from(edit.mask, hidden => 1 - hidden);
    try {
      await guard(post(`api/complete?page=${PAGE}&seed=${state.seed}`, new Blob([observed, row])).then(showAnswer));
    } finally {
      sending = false;
      pictures.setAttribute('aria-busy', 'false');
    }
    if (again) {
      again = false;
      complete();
    }
  }

  async function showAnswer(response) {
    if (response.status === 204) {
      return;
    }
    const values = new Float32Array(await response.arrayBuffer());
    const part = at => values.subarray(at * model.dims, (at + 1) * model.dims);
    results.forEach(({ name, canvas }, at) => {
      const spread = name === SPREAD;
      paint(canvas, part(at), spread ? 'spread' : 'row', spread ? commonScale([part(at)]) : 1);
    });
    component.hidden = false;
    component.dataset.component = response.headers.get('X-Component');
    component.textContent = `Most probable: component ${component.dataset.component}`;
  }

  async function showRow() {
    const wanted = state.row;
    if (wanted === null) {
      row = own;
    } else {
      const [found] = await guard(rows([wanted])) ?? [null];
      if (wanted !== state.row) {
        return;
      }
      [row, own] = [found, null];
    }
    number.value = wanted ?? '';
    bench.inert = row === null;
    note.textContent = row === null
      ? model.data ? 'Pick a row, or open an image.' : model.shape ? 'Open or drop an image, or start with --data to pick rows.' : 'Start with --data to pick rows.'
      : 'Brush over the picture to hide a part of it.';
    if (row !== null) {
      showMask();
    }
  }

  function showMask() {
    const mask = encodeMask(edit.mask) === state.mask ? edit.mask : decodeMask(state.mask);
    edit.show(row, mask);
    undo.disabled = !edit.canUndo();
    save.disabled = state.mask === '';
    complete();
  }

  async function open(chosen) {
    if (!chosen) {
      return;
    }
    if (chosen.size > model.limits.upload) {
      fail(`${chosen.name}: larger than ${count(model.limits.upload / 1048576)} MB`);
      return;
    }
    file.value = '';
    await guard(post('api/image', chosen).then(async response => {
      own = new Float32Array(await response.arrayBuffer());
      set({ row: null, view: 'complete' });
      await showRow();
      note.textContent = [chosen.name, response.headers.get('X-Note')].filter(Boolean).join(': ');
    }));
  }

  function saveMask() {
    const address = URL.createObjectURL(maskFile(edit.mask));
    element('a', { href: address, download: 'mask.npy' }).click();
    URL.revokeObjectURL(address);
  }

  if (model.shape) {
    addEventListener('dragover', event => event.preventDefault());
    addEventListener('drop', event => {
      event.preventDefault();
      open(event.dataTransfer.files[0]);
    });
  }
  watchIn(['complete'], keys => {
    if (state.row === null && own === null && model.data) {
      selectRow(members(state.component)[0] ?? 0, {}, true);
    } else if (keys.has('row') || keys.has('theme')) {
      showRow();
    } else if ((keys.has('mask') || keys.has('seed')) && row !== null) {
      showMask();
    }
  });
}
