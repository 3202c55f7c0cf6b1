/**
 * The ways in and out for data: {@link org.mixel.io.DataSource} opens a path or a named set, {@link
 * org.mixel.io.Labels} and {@link org.mixel.io.Masks} read labels and masks, {@link
 * org.mixel.io.SampleWriter} writes rows. The formats and the named sets stand below.
 */
@NullMarked
package org.mixel.io;

import org.jspecify.annotations.NullMarked;
