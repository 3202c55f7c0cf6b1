/**
 * Data sets in memory: rows ({@link org.mixel.data.Samples}, {@link org.mixel.data.ImageShape}),
 * views of them, masks ({@link org.mixel.data.Mask}), moments ({@link
 * org.mixel.data.ColumnMoments}), the collection of rows as they come ({@link
 * org.mixel.data.RowStore}) and a hash that identifies a set ({@link org.mixel.data.DataHash}).
 *
 * <p>Data are opened and written by {@code org.mixel.io}.
 */
@NullMarked
package org.mixel.data;

import org.jspecify.annotations.NullMarked;
