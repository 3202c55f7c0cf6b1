// The one selection of all views, kept in the URL's fragment.

/** How each part is written in the fragment, read from it, what it is without one, and which are always written. */
const PARTS = {
  view: { first: 'map', read: text => text, always: true },
  component: { first: 0, read: Number, always: true },
  row: { first: null, read: Number },
  candidate: { first: 0, read: Number },
  bin: { first: null, read: Number },
  z: { first: [], read: numbers, write: each => each.map(number => Number(number.toFixed(2))).join(',') },
  pad: { first: [0, 1], read: numbers, write: each => each.join(',') },
  colour: { first: 'weight', read: text => text },
  range: { first: null, read: numbers, write: each => each.join(',') },
  page: { first: 0, read: Number },
  mask: { first: '', read: text => text },
  seed: { first: 0, read: Number },
  adjust: { first: 'holm', read: text => text },
};

/** A step back in the browser's history goes to the last of these that changed. */
const STEPS = new Set(['view', 'component', 'row', 'candidate', 'bin']);

/** Browsers refuse more than 100 changes of the address in 30 seconds: so many steps, and a change every half second. */
const SPAN = 30_000;
const MOST_STEPS = 20;
const PAUSE = 500;

export const state = {};
const watchers = [];
const steps = [];
let writing = null;
let valid = () => true;

function numbers(text) {
  return text.split(',').filter(part => part !== '').map(Number);
}

function write() {
  return Object.entries(PARTS)
    .filter(([key, { first, always }]) => always || JSON.stringify(state[key]) !== JSON.stringify(first))
    .map(([key, { write: text = String }]) => `${key}=${encodeURIComponent(text(state[key])).replaceAll('%2C', ',')}`)
    .join('&');
}

function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  const found = {};
  for (const [key, { first, read: parse }] of Object.entries(PARTS)) {
    const value = given.has(key) ? parse(given.get(key)) : first;
    found[key] = valid(key, value) ? value : first;
  }
  return found;
}

function change(changes) {
  const keys = Object.keys(changes).filter(key => JSON.stringify(state[key]) !== JSON.stringify(changes[key]));
  Object.assign(state, changes);
  return new Set(keys);
}

/** Writes what has not been written yet. */
function settleAddress() {
  if (writing !== null) {
    clearTimeout(writing);
    writing = null;
    history.replaceState(null, '', `#${write()}`);
  }
}

function mayStep() {
  while (steps.length > 0 && steps[0] < Date.now() - SPAN) {
    steps.shift();
  }
  return steps.length < MOST_STEPS;
}

export const isGiven = key => new URLSearchParams(location.hash.slice(1)).has(key);

/** Takes the state of the fragment; `isValid(key, value)` says what this model and these data have. */
export function start(isValid) {
  valid = isValid;
  change(read());
  addEventListener('popstate', () => {
    clearTimeout(writing);
    writing = null;
    tell(change(read()));
  });
}

/** Changes parts of the state, and tells those who watch; `quiet`: without a step in the browser's history. */
export function set(changes, quiet = false) {
  const step = !quiet && mayStep()
    && Object.keys(changes).some(key => STEPS.has(key) && changes[key] !== state[key]);
  if (step) {
    settleAddress();
  }
  const keys = change(changes);
  if (step) {
    steps.push(Date.now());
    history.pushState(null, '', `#${write()}`);
  } else if (keys.size > 0) {
    writing ??= setTimeout(settleAddress, PAUSE);
  }
  if (keys.size > 0) {
    tell(keys);
  }
}

/** Calls `listener(keys)` with the set of the parts that changed. */
export function watch(listener) {
  watchers.push(listener);
}

/**
 * The same while one of `views` is open: what changed before is told when one opens. The first time all parts count as
 * changed.
 */
export function watchIn(views, listener) {
  let pending = new Set([...Object.keys(PARTS), 'scores', 'bins', 'theme']);
  watch(keys => {
    keys.forEach(key => pending.add(key));
    if (views.includes(state.view)) {
      const now = pending;
      pending = new Set();
      listener(now);
    }
  });
}

/** Tells that something beside the state changed: `scores`, `bins`, `theme`. */
export function tell(keys) {
  for (const listener of watchers) {
    listener(keys);
  }
}
