package org.mixel.neural;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.tensor.Checkpoint;
import org.mixel.tensor.SafeTensors;

/**
 * Where an interrupted training stands: the generator, all that the next step depends on, and how
 * many steps and batches there were. Randomness needs no more than the seed and these numbers.
 *
 * @param run what the training is of; another one refuses the checkpoint
 * @param step how many steps are done
 * @param batches how many batches the steps took
 * @param seconds that they took
 */
record NetworkCheckpoint(Map<String, String> run, long step, long batches, double seconds) {
  private static final String MODEL = "model.";
  private static final String LEARNER = "learner.";
  private static final String MEANS = "means.";

  /**
   * Writes everything in one file, whole or not at all.
   *
   * @param means of the steps that the log has no line of yet
   */
  void save(Path file, Learner learner, Scaling scaling, MeanFigures means) {
    Map<String, String> position =
        Map.of(
            "step", Long.toString(step),
            "batches", Long.toString(batches),
            "seconds", Double.toString(seconds));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Learner.put(tensors, MODEL, learner.generator().named());
    Learner.put(tensors, LEARNER, learner.state());
    Learner.put(tensors, MEANS, means.state());
    tensors.putAll(scaling.named());
    new Checkpoint(run, position, tensors).save(file);
  }

  /**
   * A checkpoint as it was found; its tensors belong to the scope that was open.
   *
   * @param model the generator's
   * @param learner everything else's
   * @param means of the steps that the log has no line of yet
   */
  record Found(
      NetworkCheckpoint checkpoint,
      SafeTensors all,
      SafeTensors model,
      SafeTensors learner,
      SafeTensors means) {}

  /**
   * Reads what {@link #save} wrote.
   *
   * @param run what is to be continued
   * @throws InputException if the file is damaged, or of another training
   */
  static Found load(Path file, Map<String, String> run) {
    Checkpoint read = Checkpoint.load(file);
    long step = Math.round(number(file, read.position().get("step")));
    long batches = Math.round(number(file, read.position().get("batches")));
    double seconds = number(file, read.position().get("seconds"));
    Checkpoint.requireSameRun(file, read.run(), run);
    SafeTensors stored = new SafeTensors(read.tensors(), read.run());
    return new Found(
        new NetworkCheckpoint(run, step, batches, seconds),
        stored,
        stored.below(MODEL),
        stored.below(LEARNER),
        stored.below(MEANS));
  }

  private static double number(Path file, @Nullable String text) {
    // Nothing else is ever written.
    if (text == null || !text.matches("[0-9]{1,15}(\\.[0-9]+)?(E-?[0-9]{1,2})?")) {
      throw new InputException(file + ": no checkpoint of a network's training; begin anew");
    }
    return Double.parseDouble(text);
  }
}
