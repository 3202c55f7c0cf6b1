package org.mixel.mfa.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a training of several stages keeps a checkpoint of each.
 *
 * @param folder made when the first file is asked for
 * @param resume whether stages go on from the files that are there
 */
record CheckpointFolder(Path folder, boolean resume) {
  /** A stage's file. */
  Path file(String stage) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + folder + ": " + e.getMessage(), e);
    }
    return folder.resolve(stage + ".mfa");
  }

  /** Deletes the files and the folder. */
  void delete() {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> inside = Files.list(folder)) {
      for (Path file : List.copyOf(inside.toList())) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder + ": " + e.getMessage(), e);
    }
  }
}
