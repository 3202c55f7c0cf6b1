package org.mixel.mfa.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.SafeTensors;

/**
 * Where an interrupted training stands: the model of the last finished iteration, as a {@code .mfa}
 * file whose metadata holds the rest. Resuming from it gives the result that the uninterrupted
 * training would have given.
 *
 * <p>The best model on the validation rows lies beside it, as {@code NAME.best}.
 *
 * @param run what the training is of: its options and data; another run refuses the checkpoint, but
 *     when training ends may be changed
 * @param train the training log-likelihoods so far
 * @param validation the validation log-likelihoods so far
 * @param shrinkage rows without correlations that every M-step adds
 */
record Checkpoint(
    Map<String, String> run, List<Double> train, List<Double> validation, double shrinkage) {
  private static final String PREFIX = "checkpoint_";

  /**
   * Writes the model, this, and what the way of training remembers in one file, whole or not at
   * all.
   */
  void save(MixtureOfFactorAnalyzers model, Map<String, Tensor> state, Path file) {
    Map<String, String> texts = new TreeMap<>(run);
    texts.put(PREFIX + "train", join(train));
    texts.put(PREFIX + "validation", join(validation));
    texts.put(PREFIX + "shrinkage", Double.toString(shrinkage));
    try (MixtureOfFactorAnalyzers labelled = model.withMetadata(texts)) {
      labelled.save(file, state);
    }
  }

  /** The same with other shrinkage. */
  Checkpoint withShrinkage(double rows) {
    return new Checkpoint(run, train, validation, rows);
  }

  /**
   * A checkpoint as it was found.
   *
   * @param model the caller closes it
   * @param state what the way of training remembered, on the CPU, owned by the current scope
   */
  record Found(Checkpoint checkpoint, MixtureOfFactorAnalyzers model, SafeTensors state) {}

  /**
   * Reads what {@link #save} wrote.
   *
   * @param run what is to be continued
   * @param type of the training
   * @throws InputException if the file is damaged, or of another run
   */
  static Found load(Path file, Map<String, String> run, ComputeDevice device, ScalarType type) {
    MixtureOfFactorAnalyzers model = MixtureOfFactorAnalyzers.load(file, device, type);
    try {
      Map<String, String> texts = new TreeMap<>(model.metadata());
      String train = texts.remove(PREFIX + "train");
      String validation = texts.remove(PREFIX + "validation");
      double shrinkage = FinishedTraining.number(file, texts, PREFIX + "shrinkage", 0);
      texts.remove(PREFIX + "shrinkage");
      if (train == null || validation == null) {
        throw new InputException(file + ": a model, but no checkpoint; move it, or begin anew");
      }
      SameTraining.require(
          file, TrainingOptions.withoutLimits(texts), TrainingOptions.withoutLimits(run));
      SafeTensors state = MixtureOfFactorAnalyzers.besides(file);
      Checkpoint checkpoint = new Checkpoint(run, split(train), split(validation), shrinkage);
      int passes = checkpoint.train().size();
      int validated = checkpoint.validation().size();
      if (passes == 0 || (validated > 0 && validated != passes)) {
        throw new InputException(file + ": a damaged checkpoint; begin anew");
      }
      return new Found(checkpoint, model, state);
    } catch (NumberFormatException e) {
      model.close();
      throw new InputException(file + ": a damaged checkpoint; begin anew", e);
    } catch (InputException e) {
      model.close();
      throw e;
    }
  }

  static String join(List<Double> values) {
    return String.join(",", values.stream().map(String::valueOf).toList());
  }

  static List<Double> split(String text) {
    return text.isEmpty()
        ? new ArrayList<>()
        : new ArrayList<>(Arrays.stream(text.split(",", -1)).map(Double::valueOf).toList());
  }
}
