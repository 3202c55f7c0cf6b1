/**
 * Clustering: {@link org.mixel.cluster.KMeans} cuts a data set into Voronoi cells, {@link
 * org.mixel.cluster.KSubspaces} groups it about affine subspaces.
 *
 * <p>k-means looks for centres {@code c_1 .. c_K} that make the inertia {@code sum_i min_k ||x_i -
 * c_k||^2} small. Lloyd's step assigns each row to its nearest centre and moves each centre to the
 * mean of its rows; neither half raises the inertia. Distances come from matrix products, {@code
 * ||x - c||^2 = ||x||^2 - 2 x'c + ||c||^2}.
 *
 * <p>Restarts race on a small likeness of the data, and the winner's clustering is then stepped
 * exactly, on all rows and in all dimensions. The floor of any fit is one product of all rows with
 * all centres, {@code 2 n d K} flops: it takes that much to assign every row once.
 */
@NullMarked
package org.mixel.cluster;

import org.jspecify.annotations.NullMarked;
