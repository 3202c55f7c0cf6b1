/**
 * Data sets: what a row is ({@link org.mixel.data.Samples}, {@link org.mixel.data.ImageShape}), the
 * one way to open them ({@link org.mixel.data.DataSource}), to learn the classes of their rows
 * ({@link org.mixel.data.Labels}), to write them ({@link org.mixel.data.SampleWriter}) and to tell
 * them apart ({@link org.mixel.data.DataHash}).
 *
 * <p>The forms of data have a reader each in {@code org.mixel.data.format}; sets that have a name
 * are fetched by {@code org.mixel.data.named}.
 */
@NullMarked
package org.mixel.data;

import org.jspecify.annotations.NullMarked;
