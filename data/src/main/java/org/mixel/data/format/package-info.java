/**
 * One reader or writer per form of data. Every reader checks what a file claims against what it
 * holds before it takes memory, and answers damage with one {@link org.mixel.InputException}.
 *
 * <p>Arrays ({@code .npy}, {@code .npz}, IDX) share {@link org.mixel.data.format.ArrayHeader} (what
 * the file claims), {@link org.mixel.data.format.ArrayLayout} (which axis is what) and {@link
 * org.mixel.data.format.ArrayRows} (reading, converting, mapping); {@link
 * org.mixel.data.format.LabelFiles} reads the classes of rows from two of these forms. Images share
 * {@link org.mixel.data.format.ImageDecoder}. All put their rows into a {@link
 * org.mixel.data.format.RowStore}, which grows with the data that really comes and moves to disk
 * when the heap would be too small.
 */
@NullMarked
package org.mixel.data.format;

import org.jspecify.annotations.NullMarked;
