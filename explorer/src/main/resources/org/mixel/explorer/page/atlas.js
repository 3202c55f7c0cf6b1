// One picture of all means: that of the server for images, drawn here for vectors.

import { floats, ServerError } from './api.js';
import { ink } from './colour.js';
import { paint, picture } from './picture.js';
import { model } from './model.js';

const FINE = [144, 96];
const COARSE = [72, 48];
const MOST_FINE = 400;
const MOST_VALUES = 1_000_000;

/** The picture, its columns, and width and height of a tile; null where means are too many for pictures. */
export async function loadAtlas() {
  if (model.atlas) {
    const image = new Image();
    image.src = 'api/means.png';
    try {
      await image.decode();
    } catch {
      throw new ServerError('The pictures of the means did not load.');
    }
    return { image, ...model.atlas };
  }
  if (model.components * model.dims > MOST_VALUES) {
    return null;
  }
  const means = await floats('api/means');
  const [width, height] = model.components <= MOST_FINE ? FINE : COARSE;
  const columns = Math.ceil(Math.sqrt(model.components));
  const image = document.createElement('canvas');
  image.width = columns * width;
  image.height = Math.ceil(model.components / columns) * height;
  const context = image.getContext('2d');
  const tile = picture('');
  context.fillStyle = ink('paper');
  context.fillRect(0, 0, image.width, image.height);
  for (let k = 0; k < model.components; k++) {
    paint(tile, means.subarray(k * model.dims, (k + 1) * model.dims));
    context.drawImage(tile, (k % columns) * width, Math.floor(k / columns) * height, width, height);
  }
  return { image, columns, width, height };
}
