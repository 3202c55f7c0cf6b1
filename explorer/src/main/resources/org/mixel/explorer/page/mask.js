// Which pixels are hidden: halves by name, painted holes as run lengths, for the fragment and for files.

import { model } from './model.js';

/** Width and height of a mask: pixels of an image, or the values of a vector in one line. */
export function extent() {
  return model.shape ? [model.shape.width, model.shape.height] : [model.dims, 1];
}

export const NAMED = ['left', 'right', 'top', 'bottom', 'center'];

/** A new mask, 1 where hidden, of the name of a part or of what `encode` gave. */
export function decodeMask(text) {
  const [width, height] = extent();
  const mask = new Uint8Array(width * height);
  if (NAMED.includes(text)) {
    const [left, top, right, bottom] = box(text, width, height);
    for (let y = top; y < bottom; y++) {
      mask.fill(1, y * width + left, y * width + right);
    }
    return mask;
  }
  let at = 0;
  let hidden = 0;
  for (const run of text.split('.')) {
    const length = parseInt(run, 36) || 0;
    mask.fill(hidden, at, at + length);
    at += length;
    hidden = 1 - hidden;
  }
  return mask;
}

function box(name, width, height) {
  const [x, y] = [width >> 1, height >> 1];
  const [quarterX, quarterY] = [width >> 2, height >> 2];
  return {
    left: [0, 0, x, height], right: [x, 0, width, height], top: [0, 0, width, y], bottom: [0, y, width, height],
    center: [quarterX, quarterY, quarterX + x, quarterY + y],
  }[name];
}

/** The mask as text: the name of a part, or lengths of runs in base 36, an observed one first; empty without holes. */
export function encodeMask(mask) {
  if (!mask.includes(1)) {
    return '';
  }
  const named = model.shape && NAMED.find(name => decodeMask(name).every((value, i) => value === mask[i]));
  if (named) {
    return named;
  }
  const runs = [];
  let from = 0;
  let hidden = 0;
  for (let i = 0; i <= mask.length; i++) {
    if (i === mask.length || mask[i] !== hidden) {
      runs.push((i - from).toString(36));
      from = i;
      hidden = 1 - hidden;
    }
  }
  return runs.join('.');
}

/** The mask as a `.npy` file of bytes, as `--mask` reads it. */
export function maskFile(mask) {
  const [width, height] = extent();
  const shape = model.shape ? `(${height}, ${width})` : `(${width},)`;
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}, }`;
  const padded = header.padEnd(64 * Math.ceil((header.length + 11) / 64) - 11) + '\n';
  const start = Uint8Array.from([0x93, ...'NUMPY'].map((c, i) => i === 0 ? c : c.charCodeAt(0)));
  const version = Uint8Array.from([1, 0, padded.length & 255, padded.length >> 8]);
  return new Blob([start, version, padded, mask], { type: 'application/octet-stream' });
}
