/**
 * First-order optimisers: rules by which tensors move against their gradients.
 *
 * <p>Their state is plain tensors, so that it can lie in a checkpoint beside the model; libtorch's
 * own optimisers keep theirs in an archive of another format.
 */
@NullMarked
package org.mixel.optimizer;

import org.jspecify.annotations.NullMarked;
