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
 * Checks before the work that its output can be written. Files there are left alone, except for
 * unfinished ones that killed programs left of the same output.
 */
public final class OutputPlace {
  private OutputPlace() {}

  /**
   * Requires a place for a file, which may exist. Missing folders above it may be made later.
   *
   * @throws InputException if it is a directory or read-only, a file stands where one of its
   *     folders should be, or nothing can be written there
   */
  public static void requireFile(Path file) {
    InputException.require(!file.toString().isEmpty(), "the name of an output is empty");
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
   * Requires a place for a folder, which may exist and hold files.
   *
   * @throws InputException if it is not a directory, or nothing can be written there
   */
  public static void requireFolder(Path folder) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new InputException(folder + ": is not a folder; name another place");
    }
    Path target = target(folder);
    requireWritable(folder, Files.exists(target) ? target.resolve("mixel") : target);
  }

  /**
   * Requires a place for a folder that appears whole: missing, or empty.
   *
   * @throws InputException if it holds something or is not a directory, or nothing can be written
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
   * Requires room for an output.
   *
   * @param place a file or folder
   * @param bytes its size
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
      free = free(there);
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

  /**
   * Free bytes on the file system of a file or folder that exists; {@link Long#MAX_VALUE} where the
   * file system reports no size.
   *
   * @throws IOException if the disk refuses
   */
  public static long free(Path place) throws IOException {
    FileStore store = Files.getFileStore(place);
    return store.getTotalSpace() > 0 ? store.getUsableSpace() : Long.MAX_VALUE;
  }

  /** The real path of a file or folder; a link that leads somewhere is followed. */
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

  /** Whether a file is a device or a pipe, which is written to directly. */
  public static boolean isDevice(Path file) {
    return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
  }

  /**
   * The reason of a failure, in a few words; that of the disk where a library has one of its own.
   */
  static String reason(IOException e) {
    if (e.getCause() instanceof IOException cause) {
      return reason(cause);
    }
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
      // It can be made.
    } catch (IOException e) {
      throw new InputException(
          place + ": cannot be written there: " + reason(e) + "; name another place", e);
    }
  }
}
