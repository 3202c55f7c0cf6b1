package org.mixel.mfa.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mixel.InputException;

/**
 * Where a training of several stages keeps a checkpoint of each.
 *
 * @param folder made when the first file is asked for
 * @param resume whether stages resume from the files that exist
 */
record CheckpointFolder(Path folder, boolean resume) {
  private static final Pattern STAGE =
      Pattern.compile("\\.?(roots|(split|components)-[0-9]+)\\.mfa(\\..+)?");

  /** A stage's file. */
  Path file(String stage) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + folder + ": " + e.getMessage(), e);
    }
    return folder.resolve(stage + ".mfa");
  }

  /**
   * Refuses to resume beside stages of another plan, which the end of the training would delete.
   *
   * @param stages names of those that this training may have, as a pattern
   * @throws InputException if there is another one
   */
  void requireOnly(String stages) {
    if (!resume || !Files.isDirectory(folder)) {
      return;
    }
    Pattern ours = Pattern.compile("\\.?(" + stages + ")\\.mfa(\\..+)?");
    try (Stream<Path> inside = Files.list(folder)) {
      inside
          .filter(CheckpointFolder::isStage)
          .filter(file -> !ours.matcher(file.getFileName().toString()).matches())
          .findFirst()
          .ifPresent(
              file -> {
                throw new InputException(
                    file
                        + ": of another training in several stages; use the options that it had,"
                        + " or begin anew");
              });
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look into " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Whether a stage has a file. */
  boolean holdsStages() {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.anyMatch(file -> isStage(file) && file.toString().endsWith(".mfa"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look into " + folder + ": " + e.getMessage(), e);
    }
  }

  /**
   * Deletes the stages' files, half written ones too, and the folder unless it holds something
   * else.
   */
  void delete() {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> inside = Files.list(folder)) {
      for (Path file : inside.filter(CheckpointFolder::isStage).toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (DirectoryNotEmptyException e) {
      // What else is in it is somebody else's.
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder + ": " + e.getMessage(), e);
    }
  }

  private static boolean isStage(Path file) {
    return STAGE.matcher(file.getFileName().toString()).matches();
  }
}
