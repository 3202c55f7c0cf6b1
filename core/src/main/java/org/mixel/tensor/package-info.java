/**
 * The bridge to libtorch: where tensors live ({@link org.mixel.tensor.ComputeDevice}), how rows
 * become tensors ({@link org.mixel.tensor.RowReader}), who frees native memory ({@link
 * org.mixel.tensor.NativeScope}), where randomness comes from ({@link
 * org.mixel.tensor.RandomStream}) and how tensors are stored ({@link
 * org.mixel.tensor.SafeTensors}).
 *
 * <p>Native memory is freed by the innermost open {@link org.mixel.tensor.NativeScope} or by the
 * {@code close()} of the object that owns it, never by the garbage collector.
 */
@NullMarked
package org.mixel.tensor;

import org.jspecify.annotations.NullMarked;
