/**
 * Clustering: {@link org.mixel.cluster.KMeans} cuts a data set into Voronoi cells.
 *
 * <p>k-means looks for centres {@code c_1 .. c_K} that make the inertia {@code sum_i min_k ||x_i -
 * c_k||^2} small. Lloyd's step assigns each row to its nearest centre and moves each centre to the
 * mean of its rows; neither half raises the inertia. Distances come from matrix products, {@code
 * ||x - c||^2 = ||x||^2 - 2 x'c + ||c||^2}.
 */
@NullMarked
package org.mixel.cluster;

import org.jspecify.annotations.NullMarked;
