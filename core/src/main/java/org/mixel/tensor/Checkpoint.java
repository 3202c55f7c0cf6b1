package org.mixel.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bytedeco.pytorch.Tensor;
import org.mixel.InputException;

/**
 * Where an interrupted training stands, in one safetensors file: what it is a training of, how far
 * it has come, and every tensor that its next step depends on. Resuming from it gives the result
 * that the uninterrupted training would have given.
 *
 * @param run the options and data of the training, by name
 * @param position how far it has come, by name
 * @param tensors by name; those of a loaded checkpoint are on the CPU and belong to the scope that
 *     was open
 */
public record Checkpoint(
    Map<String, String> run, Map<String, String> position, Map<String, Tensor> tensors) {
  private static final String PREFIX = "checkpoint_";

  /** The checkpoint of the training of a model: {@code M.checkpoint} beside {@code M}. */
  public static Path beside(Path model) {
    return model.resolveSibling(model.getFileName() + ".checkpoint");
  }

  /** Where the best model so far is kept when it is not that of the last iteration. */
  public static Path best(Path file) {
    return file.resolveSibling(file.getFileName() + ".best");
  }

  /**
   * Writes the file, whole or not at all.
   *
   * @throws UncheckedIOException if the disk refuses
   */
  public void save(Path file) {
    Map<String, String> texts = new TreeMap<>(run);
    position.forEach((name, value) -> texts.put(PREFIX + name, value));
    SafeTensors.write(file, tensors, texts);
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @throws InputException if the file is damaged; a file that is no checkpoint has no position
   */
  public static Checkpoint load(Path file) {
    SafeTensors stored = SafeTensors.read(file);
    Map<String, String> run = new TreeMap<>();
    Map<String, String> position = new TreeMap<>();
    stored
        .metadata()
        .forEach(
            (name, value) -> {
              if (name.startsWith(PREFIX)) {
                position.put(name.substring(PREFIX.length()), value);
              } else {
                run.put(name, value);
              }
            });
    return new Checkpoint(run, position, stored.tensors());
  }

  /**
   * Refuses to resume another training.
   *
   * @param file the checkpoint or model, for the message
   * @param stored options and data of its training, by name
   * @param wanted options and data of the training to resume
   * @throws InputException that names the first difference
   */
  public static void requireSameRun(
      Path file, Map<String, String> stored, Map<String, String> wanted) {
    Set<String> names = new TreeSet<>(wanted.keySet());
    names.addAll(stored.keySet());
    for (String name : names) {
      String was = stored.getOrDefault(name, "none");
      String now = wanted.getOrDefault(name, "none");
      if (!was.equals(now)) {
        throw new InputException(
            "%s: is of another training: %s was %s, now %s; use the same options and data, or begin"
                    .formatted(file, name, was, now)
                + " anew");
      }
    }
  }

  /**
   * Deletes a checkpoint and the best model beside it, if they are there. To be called once the
   * trained model is safe.
   *
   * @throws UncheckedIOException if the disk refuses
   */
  public static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
      Files.deleteIfExists(best(file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + file + ": " + e.getMessage(), e);
    }
  }
}
