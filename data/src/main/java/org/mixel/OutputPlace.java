package org.mixel;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Whether an output can be written at its place, asked before the work that it is of. What lies
 * there is left as it is, but for what killed programs left of the same output.
 */
public final class OutputPlace {
  private OutputPlace() {}

  /**
   * A place for a file: new, or in place of another. Missing folders are no obstacle.
   *
   * @throws InputException if it is a directory or read-only, a file stands where one of its
   *     folders should be, or nothing can be written there
   */
  public static void requireFile(Path file) {
    if (Files.isDirectory(file)) {
      throw new InputException(file + ": is a directory; name a file to write");
    }
    if (Files.exists(file) && !Files.isWritable(file)) {
      throw new InputException(file + ": is read-only; name another file");
    }
    if (!isDevice(file)) {
      requireWritable(file, target(file));
    }
  }

  /**
   * A place for a folder: new, or one that is there, with whatever it holds.
   *
   * @throws InputException if it is no directory, or nothing can be written there
   */
  public static void requireFolder(Path folder) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new InputException(folder + ": is not a folder; name another place");
    }
    Path target = target(folder);
    requireWritable(folder, Files.exists(target) ? target.resolve("mixel") : target);
  }

  /**
   * A place for a folder that appears whole: new, or an empty one.
   *
   * @throws InputException if it holds something or is no directory, or nothing can be written
   *     there
   */
  public static void requireEmptyFolder(Path folder) {
    requireFolder(folder);
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> content = Files.list(folder)) {
      if (content.findAny().isEmpty()) {
        return;
      }
    } catch (IOException e) {
      throw new InputException(folder + ": cannot be looked into: " + reason(e), e);
    }
    throw new InputException(folder + ": holds something already; name a new folder");
  }

  /**
   * Room for an output.
   *
   * @param place a file or folder
   * @param bytes that it will take
   * @throws InputException if fewer are free
   */
  public static void requireSpace(Path place, long bytes) {
    if (isDevice(place)) {
      return;
    }
    Path there = target(place);
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    long free;
    try {
      FileStore store = Files.getFileStore(there);
      // Some file systems tell nothing.
      free = store.getTotalSpace() > 0 ? store.getUsableSpace() : Long.MAX_VALUE;
    } catch (IOException e) {
      return;
    }
    if (free < bytes) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: takes %,.1f MB, but %,.1f MB are free there; make room, or name another place",
              place,
              bytes / 1e6,
              free / 1e6));
    }
  }

  /** Where a file or folder really lies or will lie: a link that leads somewhere is followed. */
  static Path target(Path place) {
    Path whole = place.toAbsolutePath();
    try {
      Path folder = whole.getParent();
      if (Files.exists(whole)) {
        return whole.toRealPath();
      }
      return folder != null && Files.exists(folder)
          ? folder.toRealPath().resolve(whole.getFileName())
          : whole.normalize();
    } catch (IOException e) {
      return whole;
    }
  }

  /** Devices and pipes are written to as they are. */
  public static boolean isDevice(Path file) {
    return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
  }

  /** Why the disk refused, in a few words. */
  static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileSystemException failure) {
      String kind = e.getClass().getSimpleName().replace("Exception", "");
      return failure.getReason() != null ? failure.getReason() : kind;
    }
    return e.getMessage() != null ? e.getMessage() : e.getClass().getSimpleName();
  }

  /** Tries it, beside the first part of the path that is missing. */
  private static void requireWritable(Path place, Path target) {
    Path first = target;
    Path folder = target.getParent();
    while (folder != null && !Files.exists(folder)) {
      first = folder;
      folder = folder.getParent();
    }
    if (folder == null || !Files.isDirectory(folder)) {
      throw new InputException(place + ": " + folder + " is not a folder; name another place");
    }
    PartMark.removeDead(first);
    try (PartMark mark = PartMark.beside(first)) {
      // That it can be made is all.
    } catch (IOException e) {
      throw new InputException(
          place + ": cannot be written there: " + reason(e) + "; name another place", e);
    }
  }
}
