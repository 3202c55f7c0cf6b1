package org.mixel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Output files that appear whole or not at all: written beside their place, then moved there. An
 * unfinished file is removed when the program is interrupted.
 *
 * <p>Safe for use by several threads.
 */
public final class WholeFile {
  private static final Set<Part> OPEN = ConcurrentHashMap.newKeySet();
  private static final Set<Path> CLEANED = ConcurrentHashMap.newKeySet();
  private static volatile boolean ended;

  static {
    Shutdown.at(Shutdown.Stage.DISCARD_FILES, WholeFile::discardAll);
  }

  private WholeFile() {}

  /** Whether the program is ending, so that nothing more is written. */
  public static boolean ended() {
    return ended;
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
   * @throws UncheckedIOException if it cannot be written
   */
  public static void write(Path file, Content content) {
    if (Files.isDirectory(file)) {
      throw new InputException(file + ": is a directory; name a file to write");
    }
    if (OutputPlace.isDevice(file)) {
      write(content, file, file);
      return;
    }
    try (Part part = begin(file)) {
      write(content, part.path(), file);
      part.commit();
    }
  }

  private static void write(Content content, Path part, Path file) {
    try {
      content.writeTo(part);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /**
   * Begins a file or a folder that is written piece by piece. Missing folders above it are made; a
   * symbolic link stays and its target is replaced.
   *
   * @param place where it appears when it is committed
   * @throws UncheckedIOException if it cannot be written
   */
  public static Part begin(Path place) {
    try {
      Path target = OutputPlace.target(place);
      Path folder = target.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      clean(target);
      Part part = new Part(place, target, PartMark.beside(target));
      OPEN.add(part);
      if (ended) {
        part.close();
        throw new IOException("the program is ending");
      }
      return part;
    } catch (IOException e) {
      throw failure(place, e);
    }
  }

  /**
   * Removes unfinished files that ended processes left beside a place, as far as the disk allows.
   * {@link #begin} does so by itself; call it for a file that is read and not written again.
   */
  public static void clean(Path place) {
    Path target = OutputPlace.target(place);
    // Once only: a training writes its checkpoint often.
    if (CLEANED.add(target)) {
      PartMark.removeDead(target);
    }
  }

  /** A file or folder in the making. Not safe for use by several threads. */
  public static final class Part implements AutoCloseable {
    private final Path place;
    private final Path target;
    private final PartMark mark;
    private final Path part;

    private Part(Path place, Path target, PartMark mark) {
      this.place = place;
      this.target = target;
      this.mark = mark;
      part = mark.part();
    }

    /** Where to write; nothing is there yet. */
    public Path path() {
      return part;
    }

    /**
     * Puts what was written into its place, instead of any file or empty folder that is there.
     *
     * @throws UncheckedIOException if it cannot be written
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
        PartMark.delete(part);
        mark.close();
        OPEN.remove(this);
      } catch (IOException e) {
        throw failure(place, e);
      }
    }

    /** Closes this while another thread may still be writing. */
    private void discard() throws IOException {
      if (Files.exists(part)) {
        Files.move(part, mark.gone());
        PartMark.delete(mark.gone());
      }
      mark.close();
    }
  }

  /**
   * The exception for a failed write.
   *
   * @param place the file or folder, as messages name it
   */
  public static UncheckedIOException failure(Path place, IOException e) {
    return new UncheckedIOException("cannot write " + place + ": " + OutputPlace.reason(e), e);
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

  private static void discardAll() {
    ended = true;
    for (Part part : OPEN) {
      try {
        part.discard();
      } catch (IOException e) {
        // The program is ending.
      }
    }
  }
}
