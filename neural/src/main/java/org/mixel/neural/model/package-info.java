/**
 * Models that draw rows: what kinds there are ({@link org.mixel.neural.model.ModelKind}), what they
 * draw with ({@link org.mixel.neural.model.Generator}), and the file they are kept in ({@link
 * org.mixel.neural.model.NetworkModel}).
 *
 * <p>A generator works in its own units; {@link org.mixel.neural.model.Scaling} leads from and to
 * those of the data.
 */
@NullMarked
package org.mixel.neural.model;

import org.jspecify.annotations.NullMarked;
