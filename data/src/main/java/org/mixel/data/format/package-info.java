/**
 * One reader or writer per format. Every reader checks the claims of a file against its size before
 * it takes memory, and answers damage with one {@link org.mixel.InputException}.
 *
 * <p>Few doors lead in: {@link org.mixel.data.format.DataFormats} reads rows of every format, as a
 * {@link org.mixel.data.format.ReadRequest} asks, {@link org.mixel.data.format.LabelFiles}, {@link
 * org.mixel.data.format.MaskFiles} and {@link org.mixel.data.format.WeightFiles} labels, masks and
 * weights, {@link org.mixel.data.format.RowWriter} writes rows; single images come through {@link
 * org.mixel.data.format.FramedImage}, as part of a set, and {@link
 * org.mixel.data.format.FittedImage}. Everything else is private to the package. Arrays ({@code
 * .npy}, {@code .npz}, IDX) share {@code ArrayHeader} (the claims of a file), {@code ArrayLayout}
 * (the meaning of its axes) and {@code ArrayRows} (reading, converting, mapping); images share
 * {@code ImageDecoder}. All collect their rows in a {@link org.mixel.data.RowStore}.
 */
@NullMarked
package org.mixel.data.format;

import org.jspecify.annotations.NullMarked;
