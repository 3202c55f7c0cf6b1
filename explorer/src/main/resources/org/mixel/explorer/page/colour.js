// Colours of numbers: green for shares, purple to orange for signs, dark to bright for spread; all safe for the
// colour-blind, on light and dark ground.

const SIGNED = {
  light: ['#4d2f87', '#8a78bd', '#f6f6f7', '#e59a3c', '#a84a00'],
  dark: ['#b9a6f5', '#6a5a9e', '#1a1e23', '#b06a1c', '#ffb057'],
};
const SHARE = { light: ['#e3eee9', '#4f9d83', '#0d5c47'], dark: ['#1d2a27', '#2f7f69', '#86e0bf'] };
const HEAT = ['#0b0724', '#52127c', '#b63679', '#fb8761', '#fcfdbf'];

const parse = hex => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16));

/** 256 colours between the given ones, as the 32 bits of a pixel of a canvas. */
function ramp(stops) {
  const colours = stops.map(parse);
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const at = (i / 255) * (colours.length - 1);
    const low = Math.min(Math.floor(at), colours.length - 2);
    const [red, green, blue] = colours[low].map((from, c) => Math.round(from + (at - low) * (colours[low + 1][c] - from)));
    return (255 << 24 | blue << 16 | green << 8 | red) >>> 0;
  });
}

export const dark = () => document.documentElement.dataset.theme === 'dark';

const ramps = {
  light: { signed: ramp(SIGNED.light), share: ramp(SHARE.light) },
  dark: { signed: ramp(SIGNED.dark), share: ramp(SHARE.dark) },
  heat: ramp(HEAT),
};

export const signedRamp = () => ramps[dark() ? 'dark' : 'light'].signed;
export const shareRamp = () => ramps[dark() ? 'dark' : 'light'].share;
export const heatRamp = () => ramps.heat;

/** The colour of a number in [0, 1] as CSS writes it. */
export function css(colours, at) {
  const pixel = colours[Math.round(255 * Math.min(1, Math.max(0, at)))];
  return `rgb(${pixel & 255} ${pixel >> 8 & 255} ${pixel >> 16 & 255})`;
}

/** The colour of a z-value; it is full at 5. */
export const ofZ = z => css(signedRamp(), 0.5 + z / 10);

/** The pixel that stands for a value that is hidden or missing. */
export function holePixel() {
  const [red, green, blue] = ink('hole').split(' ').map(Number);
  return (240 << 24 | blue << 16 | green << 8 | red) >>> 0;
}

/** A colour of the stylesheet. */
export const ink = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
