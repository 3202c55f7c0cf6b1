/**
 * The parts of networks: named parameters ({@link org.mixel.neural.network.Parameters}), layers
 * that are stacked ({@link org.mixel.neural.network.Stack}), architectures that several kinds of
 * models share, and losses ({@link org.mixel.neural.network.Losses}).
 *
 * <p>Rows go in and rows come out: every network takes {@code [n, in]} and gives {@code [n, out]},
 * so that images (channel-major, as everywhere) and points in the plane are trained by the same
 * code. The convolutional networks halve the sides of an image level by level and double its
 * channels ({@link org.mixel.neural.network.Pyramid}).
 *
 * <p>A network is built from a {@link org.mixel.neural.network.Parameters.Source}: random values,
 * or those of a file; the code that builds it is the same.
 */
@NullMarked
package org.mixel.neural.network;

import org.jspecify.annotations.NullMarked;
