package org.mixel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Output files that appear whole or not at all: written beside their place, then moved there. What
 * is half written when the program is interrupted is removed on the way out.
 *
 * <p>Safe for use by several threads.
 */
public final class WholeFile {
  private static final Set<Path> PARTS = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(WholeFile::removeParts, "remove parts"));
  }

  private WholeFile() {}

  /** Has this class loaded, and with it what it does when the program ends. */
  static void prepare() {
    // The static initialiser does the work.
  }

  /** Writes the content. */
  @FunctionalInterface
  public interface Content {
    /**
     * @param part where to write; it does not exist yet, unless it is a device or a pipe
     */
    void writeTo(Path part) throws IOException;
  }

  /**
   * Writes a file in place of any that is there. Missing folders are made; a symbolic link stays
   * and its target is replaced; devices and pipes are written to directly.
   *
   * @param file where the file appears
   * @param content writes it
   * @throws InputException if {@code file} is a directory
   * @throws UncheckedIOException if the disk refuses
   */
  public static void write(Path file, Content content) {
    requireFile(file);
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        content.writeTo(file);
        return;
      }
    } catch (IOException e) {
      throw failure(file, e);
    }
    try (Part part = begin(file)) {
      try {
        content.writeTo(part.path());
      } catch (IOException e) {
        throw failure(file, e);
      }
      part.commit();
    }
  }

  /**
   * Checks where a file or folder is to appear, for callers that want to know before they begin.
   *
   * @throws InputException if a file stands where one of its folders should be
   */
  public static void requirePlace(Path place) {
    Path folder = place.toAbsolutePath().getParent();
    while (folder != null && !Files.exists(folder)) {
      folder = folder.getParent();
    }
    if (folder != null && !Files.isDirectory(folder)) {
      throw new InputException(place + ": " + folder + " is not a folder; name another place");
    }
  }

  /**
   * Checks where a file is to appear, likewise.
   *
   * @throws InputException if it is a directory, or a file stands where one of its folders should
   *     be
   */
  public static void requireFile(Path file) {
    if (Files.isDirectory(file)) {
      throw new InputException(file + ": is a directory; name a file to write");
    }
    requirePlace(file);
  }

  /**
   * Begins a file or a folder that is written piece by piece. Missing folders above it are made; a
   * symbolic link stays and its target is replaced.
   *
   * @param place where it appears when it is committed
   * @throws UncheckedIOException if the disk refuses
   */
  public static Part begin(Path place) {
    try {
      Path target = Files.exists(place) ? place.toRealPath() : place.toAbsolutePath();
      Path folder = target.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Path part = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
      PARTS.add(part);
      return new Part(place, target, part);
    } catch (IOException e) {
      throw failure(place, e);
    }
  }

  /** A file or folder in the making. Not safe for use by several threads. */
  public static final class Part implements AutoCloseable {
    private final Path place;
    private final Path target;
    private final Path part;

    private Part(Path place, Path target, Path part) {
      this.place = place;
      this.target = target;
      this.part = part;
    }

    /** Where to write; nothing is there yet. */
    public Path path() {
      return part;
    }

    /**
     * Puts what was written into its place, instead of any file or empty folder that is there.
     *
     * @throws UncheckedIOException if the disk refuses
     */
    public void commit() {
      try {
        if (Files.isDirectory(part)) {
          Files.deleteIfExists(target);
        } else {
          force(part);
        }
        moveIntoPlace(part, target);
      } catch (IOException e) {
        throw failure(place, e);
      }
    }

    /** Removes what was not committed. */
    @Override
    public void close() {
      try {
        remove(part);
        PARTS.remove(part);
      } catch (IOException e) {
        throw failure(place, e);
      }
    }
  }

  /**
   * What to throw when the disk refuses.
   *
   * @param place the file or folder, as errors call it
   */
  public static UncheckedIOException failure(Path place, IOException e) {
    return new UncheckedIOException("cannot write " + place + ": " + reason(e), e);
  }

  private static void force(Path part) throws IOException {
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void moveIntoPlace(Path part, Path target) throws IOException {
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String reason(IOException e) {
    if (e instanceof FileSystemException failure) {
      String kind = e.getClass().getSimpleName().replace("Exception", "");
      return failure.getReason() != null ? failure.getReason() : kind;
    }
    return e.getMessage() != null ? e.getMessage() : e.getClass().getSimpleName();
  }

  private static void removeParts() {
    Interruption.endAll();
    for (Path part : PARTS) {
      try {
        remove(part);
      } catch (IOException e) {
        // The program is ending; nobody is left to tell.
      }
    }
  }

  private static void remove(Path part) throws IOException {
    if (Files.isDirectory(part)) {
      try (DirectoryStream<Path> content = Files.newDirectoryStream(part)) {
        for (Path file : content) {
          remove(file);
        }
      }
    }
    Files.deleteIfExists(part);
  }
}
