// Numbers as people read them.

const MINUS = '\u2212';

const withMinus = text => text.replace('-', MINUS);

export const count = number => number.toLocaleString('en-US');

/** With as many decimals as asked for, signs and thousands set apart. */
export const fixed = (number, decimals = 1) => withMinus(number.toLocaleString('en-US', {
  minimumFractionDigits: decimals, maximumFractionDigits: decimals }));

export const signed = (number, decimals = 1) => (number > 0 ? '+' : '') + fixed(number, decimals);

/** Three digits that count. */
export function short(number) {
  if (number === null || !Number.isFinite(number)) {
    return '\u2013';
  }
  if (number !== 0 && Math.abs(number) < 0.0005) {
    return withMinus(number.toExponential(1));
  }
  return withMinus(Number(number.toPrecision(3)).toString());
}

export const percent = share => `${share === 0 ? '0' : share < 0.001 ? '<0.1' : (100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

export const nats = number => `${fixed(number, 1)} nats`;

/** A p-value; below a millionth only that. */
export const probability = p => p === null ? '\u2013' : p < 1e-6 ? '< 1e\u22126' : short(p);

export const plural = (number, noun) => `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
