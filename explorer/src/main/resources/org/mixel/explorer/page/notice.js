// The one line that says what goes on, or what went wrong.

import { ServerError } from './api.js';

const line = document.getElementById('notice');
let progress = '';
let error = '';

function show() {
  line.textContent = error || progress;
  line.classList.toggle('error', error !== '');
}

/** Says that something is being computed; an empty text ends it. */
export function working(text) {
  progress = text;
  show();
}

export function fail(text) {
  error = text;
  show();
}

export function settle() {
  error = '';
  show();
}

/** Awaits work of a view; what the server refused is shown, what is wrong in the page itself goes to the console. */
export async function guard(work) {
  try {
    return await work;
  } catch (failure) {
    if (!(failure instanceof ServerError)) {
      throw failure;
    }
    fail(failure.message);
    return undefined;
  }
}
