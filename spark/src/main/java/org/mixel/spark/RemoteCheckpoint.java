package org.mixel.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.mixel.mfa.training.Trainer;
import org.mixel.tensor.Checkpoint;

/**
 * The checkpoint of a training where it outlives the driver: before each pass what the trainer
 * saved is copied there. An interrupted training loses at most one pass.
 */
final class RemoteCheckpoint implements AutoCloseable {
  private final String name;
  private final Path folder;

  private RemoteCheckpoint(String name, Path folder) {
    this.name = name;
    this.folder = folder;
  }

  /**
   * @param name of the file, such as {@code hdfs:///models/digits.checkpoint}; empty for none
   */
  static RemoteCheckpoint of(String name) {
    try {
      RemoteCheckpoint checkpoint =
          new RemoteCheckpoint(name, Files.createTempDirectory("mixel-checkpoint"));
      for (Path file : checkpoint.files()) {
        if (!name.isEmpty() && RemoteFiles.exists(checkpoint.remote(file))) {
          Files.write(file, RemoteFiles.read(checkpoint.remote(file)));
        }
      }
      return checkpoint;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep a checkpoint: " + e.getMessage(), e);
    }
  }

  private Path file() {
    return folder.resolve("checkpoint");
  }

  private List<Path> files() {
    return List.of(file(), Checkpoint.best(file()));
  }

  private String remote(Path file) {
    return file.equals(file()) ? name : name + ".best";
  }

  /** The trainer, which saves every iteration, and goes on from what was saved. */
  Trainer keptBy(Trainer trainer) {
    return name.isEmpty() ? trainer : trainer.checkpointedIn(file(), true);
  }

  /** Copies what was saved. */
  void copy() {
    for (Path file : files()) {
      if (!name.isEmpty() && Files.exists(file)) {
        try {
          RemoteFiles.write(remote(file), Files.readAllBytes(file));
        } catch (IOException e) {
          throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
      }
    }
  }

  /** Deletes it: the training is done. */
  void delete() {
    if (!name.isEmpty()) {
      files().forEach(file -> RemoteFiles.delete(remote(file)));
    }
  }

  @Override
  public void close() {
    try {
      for (Path file : files()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder + ": " + e.getMessage(), e);
    }
  }
}
