/** Data sets: what a row is ({@link org.mixel.data.Samples}, {@link org.mixel.data.ImageShape}). */
@NullMarked
package org.mixel.data;

import org.jspecify.annotations.NullMarked;
