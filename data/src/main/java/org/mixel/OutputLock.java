package org.mixel;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keeps others from making an output while it is being made: {@code NAME.lock} beside it, locked as
 * long as this is open or until the process ends, however it ends. The file is deleted when this is
 * closed; one that a killed process left is taken over.
 *
 * <p>Safe for use by several threads.
 */
public final class OutputLock implements AutoCloseable {
  private static final Map<Path, OutputLock> HELD = new HashMap<>();

  private final Path file;
  private final @Nullable FileChannel channel;
  private final Deque<Path> madeFolders;

  private OutputLock(Path file, @Nullable FileChannel channel, Deque<Path> madeFolders) {
    this.file = file;
    this.channel = channel;
    this.madeFolders = madeFolders;
  }

  /**
   * Locks an output; missing folders that lead to it are made, and deleted again if they are empty
   * when this is closed.
   *
   * @throws InputException if it is being made already
   * @throws java.io.UncheckedIOException if the disk refuses
   */
  public static OutputLock of(Path output) {
    WholeFile.prepare();
    Path target = OutputPlace.target(output);
    Path file = target.resolveSibling(target.getFileName() + ".lock");
    try {
      synchronized (HELD) {
        // A second channel to the file would let go of the lock of the first when it is closed.
        if (HELD.containsKey(file)) {
          throw taken(output, file);
        }
        Deque<Path> made = new ArrayDeque<>();
        FileChannel channel = null;
        if (!OutputPlace.isDevice(output)) {
          try {
            makeFolders(target.getParent(), made);
            requireOurs(file);
            channel = lock(output, file);
          } catch (IOException | RuntimeException e) {
            for (Path folder : made) {
              Files.deleteIfExists(folder);
            }
            throw e;
          }
        }
        OutputLock lock = new OutputLock(file, channel, made);
        HELD.put(file, lock);
        return lock;
      }
    } catch (IOException e) {
      throw WholeFile.failure(output, e);
    }
  }

  private static FileChannel lock(Path output, Path file) throws IOException {
    while (true) {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      Object opened = identity(file);
      FileLock lock;
      try {
        lock = channel.tryLock();
      } catch (IOException e) {
        // A file system without locks: nobody is kept off.
        return channel;
      }
      if (lock == null) {
        channel.close();
        throw taken(output, file);
      }
      // Whoever had the lock may have deleted the file since it was opened here.
      if (Files.exists(file) && Objects.equals(opened, identity(file))) {
        return channel;
      }
      channel.close();
    }
  }

  private static @Nullable Object identity(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static InputException taken(Path output, Path file) {
    return new InputException(
        output
            + ": another process is making it (it holds "
            + file.getFileName()
            + "); wait until it is done, or name another file");
  }

  private static void requireOurs(Path file) throws IOException {
    boolean ours =
        !Files.exists(file, LinkOption.NOFOLLOW_LINKS)
            || (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) == 0);
    if (!ours) {
      throw new InputException(
          file + ": is in the way of a lock of that name; move it, or name another output");
    }
  }

  private static void makeFolders(@Nullable Path folder, Deque<Path> made) throws IOException {
    if (folder == null || Files.isDirectory(folder)) {
      return;
    }
    makeFolders(folder.getParent(), made);
    Files.createDirectories(folder);
    made.push(folder);
  }

  /** Lets go of all, because the program ends. */
  static void closeAll() {
    synchronized (HELD) {
      for (OutputLock lock : List.copyOf(HELD.values())) {
        try {
          lock.close();
        } catch (RuntimeException e) {
          // The program is ending; nobody is left to tell.
        }
      }
    }
  }

  @Override
  public void close() {
    synchronized (HELD) {
      if (!HELD.remove(file, this) || channel == null) {
        return;
      }
      try (channel) {
        Files.deleteIfExists(file);
        for (Path folder : madeFolders) {
          Files.deleteIfExists(folder);
        }
      } catch (DirectoryNotEmptyException e) {
        // It is used.
      } catch (IOException e) {
        throw WholeFile.failure(file, e);
      }
    }
  }
}
