/**
 * Data sets: what a row is ({@link org.mixel.data.Samples}, {@link org.mixel.data.ImageShape}) and
 * the one way to open them ({@link org.mixel.data.DataSource}).
 */
@NullMarked
package org.mixel.data;

import org.jspecify.annotations.NullMarked;
