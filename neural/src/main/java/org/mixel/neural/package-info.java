/**
 * Networks that draw rows: GANs, variational auto-encoders, pix2pix and the adversarial mixture.
 *
 * <p>A {@link org.mixel.neural.Recipe} is a kind of model: its networks, noise, loss and optimiser.
 * {@link org.mixel.neural.NetworkTrainer} repeats the steps of the recipe's learner (one for
 * adversaries, one for variational auto-encoders, one for translation), logs their figures,
 * evaluates, and saves checkpoints. {@link org.mixel.neural.NetworkModel} is the trained model and
 * its file, and {@link org.mixel.neural.ModelSampler} draws rows from the file of any model.
 *
 * <p>A {@link org.mixel.neural.Generator} works in its own units; {@link org.mixel.neural.Scaling}
 * converts to and from those of the data.
 *
 * <p>Everything drawn in a step comes from the seed and the step's number, and the order of the
 * rows from the seed and the epoch: a training that is resumed from a checkpoint gives what an
 * uninterrupted one would have given.
 */
@NullMarked
package org.mixel.neural;

import org.jspecify.annotations.NullMarked;
