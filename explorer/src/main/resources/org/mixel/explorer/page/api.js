// Asks the server; an answer that is an error becomes one plain line.

/** The line of an error that the server answered, or that it answered nothing. */
export class ServerError extends Error {}

async function answer(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (failure) {
    if (failure.name === 'AbortError') {
      throw failure;
    }
    throw new ServerError('No answer: is mixel explore still running?');
  }
  if (!response.ok) {
    let line = `The server answered ${response.status}.`;
    if (response.headers.get('Content-Type')?.startsWith('application/json')) {
      line = (await response.json()).error ?? line;
    }
    throw new ServerError(line);
  }
  return response;
}

export const json = async (path, options) => (await answer(path, options)).json();

export const bytes = async (path, options) => (await answer(path, options)).arrayBuffer();

export const floats = async (path, options) => new Float32Array(await bytes(path, options));

/** Sends bytes; the answer's status and headers matter, too. */
export const post = (path, body, options) => answer(path, { method: 'POST', body, ...options });

/**
 * A line of requests of which only the newest matters: the one before is cancelled, and its answer is never seen.
 * Resolves to undefined when a newer one came.
 */
export function latest() {
  let current = null;
  return async ask => {
    current?.abort();
    const mine = new AbortController();
    current = mine;
    try {
      const result = await ask({ signal: mine.signal });
      return current === mine ? result : undefined;
    } catch (failure) {
      if (mine.signal.aborted) {
        return undefined;
      }
      throw failure;
    }
  };
}

/** Keeps what `load` gave for the last `size` keys. */
export function kept(size, load) {
  const known = new Map();
  return key => {
    let value = known.get(key);
    known.delete(key);
    if (value === undefined) {
      value = load(key);
      value.catch(() => known.delete(key));
    }
    known.set(key, value);
    if (known.size > size) {
      known.delete(known.keys().next().value);
    }
    return value;
  };
}
