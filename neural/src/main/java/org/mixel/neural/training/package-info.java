/**
 * Training: a {@link org.mixel.neural.training.NetworkTrainer} repeats the steps of a {@code
 * Learner} (one for adversaries, one for variational auto-encoders, one for translation), logs
 * their figures, evaluates, and saves checkpoints.
 *
 * <p>Everything drawn in a step comes from the seed and the step's number, and the order of the
 * rows from the seed and the epoch: a training that goes on from a checkpoint gives what an
 * uninterrupted one would have given.
 */
@NullMarked
package org.mixel.neural.training;

import org.jspecify.annotations.NullMarked;
