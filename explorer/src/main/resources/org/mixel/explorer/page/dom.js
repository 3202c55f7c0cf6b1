// Makes elements in one line.

/**
 * An element with attributes, listeners (`onclick`) and children. An attribute that is false or null is left out, one
 * that is true has no value.
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) {
      made.addEventListener(name.slice(2), value);
    } else if (value !== false && value !== null) {
      made.setAttribute(name, value === true ? '' : value);
    }
  }
  made.append(...children);
  return made;
}

export function button(text, action, attributes = {}) {
  return element('button', { type: 'button', onclick: action, ...attributes }, text);
}

/** A row of buttons of which one is pressed; `choices` maps values to names. */
export function choice(label, choices, choose) {
  const buttons = Object.entries(choices).map(([value, text]) =>
    button(text, () => choose(value), { 'data-value': value }));
  const group = element('div', { class: 'choice', role: 'group', 'aria-label': label }, ...buttons);
  return {
    group,
    press(chosen) {
      for (const each of buttons) {
        each.setAttribute('aria-pressed', each.dataset.value === chosen);
      }
    },
  };
}

/** Whether a key is pressed without those that make it one of the browser's own, such as Ctrl and plus. */
export const isPlain = event => !(event.ctrlKey || event.metaKey || event.altKey);

/** The step to the right and down of an arrow key; none for any other key. */
export function arrow(event) {
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  return isPlain(event) && steps[event.key] || [0, 0];
}

/** Runs `work` once in the next frame, however often it is asked for before. */
export function onceAFrame(work) {
  let waiting = false;
  return () => {
    if (!waiting) {
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        work();
      });
    }
  };
}

/** Scrolls to what was opened where it lies below the window, as it does on a narrow one. */
export function bringIntoView(opened) {
  if (opened.getBoundingClientRect().top > innerHeight * 0.8) {
    opened.scrollIntoView({ block: 'start' });
  }
}

/** A canvas context in CSS pixels, sharp on every screen. */
export function sharpContext(canvas) {
  const ratio = devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}
