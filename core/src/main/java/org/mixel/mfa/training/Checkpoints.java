package org.mixel.mfa.training;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.mixel.tensor.Checkpoint;

/**
 * The checkpoints of a model {@code M} while it is trained: the file {@code M.checkpoint} beside
 * it, or the folder {@code M.checkpoints} of a training in several stages.
 *
 * @param single the file of a training of one stage
 * @param staged the folder of a training of several
 */
public record Checkpoints(Path single, Path staged) {
  /** The checkpoints of a model's file. */
  public static Checkpoints beside(Path model) {
    return new Checkpoints(
        Checkpoint.beside(model), model.resolveSibling(model.getFileName() + ".checkpoints"));
  }

  /**
   * The checkpoints that exist.
   *
   * @throws UncheckedIOException if the disk refuses
   */
  public List<Path> found() {
    List<Path> found = new ArrayList<>();
    if (Files.exists(single)) {
      found.add(single);
    }
    if (new CheckpointFolder(staged, false).holdsStages()) {
      found.add(staged);
    }
    return found;
  }

  /**
   * Deletes all of them.
   *
   * @throws UncheckedIOException if the disk refuses
   */
  public void delete() {
    Checkpoint.delete(single);
    new CheckpointFolder(staged, false).delete();
  }
}
