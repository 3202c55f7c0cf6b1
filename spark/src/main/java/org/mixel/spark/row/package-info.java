/**
 * Rows of a {@code Dataset} as Mixel reads them: decoded once, from Spark's internal form, into
 * blocks of numbers ({@link org.mixel.spark.row.RowBlocks}), which stay where they are. Rows are
 * counted, chosen, held out and joined to the blocks of a pass without an object for each.
 */
@NullMarked
package org.mixel.spark.row;

import org.jspecify.annotations.NullMarked;
