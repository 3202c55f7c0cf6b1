/**
 * Networks: named parameters ({@link org.mixel.neural.network.Parameters}), layers that are stacked
 * ({@link org.mixel.neural.network.Stack}), and one class for each family of architectures.
 *
 * <p>Rows go in and rows come out: every network takes {@code [n, in]} and gives {@code [n, out]},
 * so that images (channel-major, as everywhere) and points in the plane are trained by the same
 * code. The convolutional families halve the sides of an image level by level and double its
 * channels ({@link org.mixel.neural.network.Pyramid}).
 *
 * <p>A network is built from a {@link org.mixel.neural.network.ParameterSource}: fresh values by
 * chance, or those of a file; the code that builds it is the same.
 */
@NullMarked
package org.mixel.neural.network;

import org.jspecify.annotations.NullMarked;
