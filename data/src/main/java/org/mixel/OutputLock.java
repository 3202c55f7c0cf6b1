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
 * Keeps other processes from making an output at the same time. The file {@code NAME.lock} beside
 * it is locked as long as this is open or until the process ends, however it ends. It is deleted
 * when this is closed; one that a killed process left is taken over.
 *
 * <p>Safe for use by several threads.
 */
public final class OutputLock implements AutoCloseable {
  private static final Map<Path, OutputLock> HELD = new HashMap<>();

  static {
    Shutdown.at(Shutdown.Stage.RELEASE_LOCKS, OutputLock::closeAll);
  }

  private final Path file;
  private final @Nullable FileChannel channel;
  private final Deque<Path> madeFolders;

  private OutputLock(Path file, @Nullable FileChannel channel, Deque<Path> madeFolders) {
    this.file = file;
    this.channel = channel;
    this.madeFolders = madeFolders;
  }

  /**
   * Locks an output. Missing folders above it are made, and deleted again if they are empty when
   * this is closed.
   *
   * @throws InputException if it is being made already
   * @throws java.io.UncheckedIOException if the lock cannot be written
   */
  public static OutputLock of(Path output) {
    Path target = OutputPlace.target(output);
    Path file = target.resolveSibling(target.getFileName() + ".lock");
    try {
      synchronized (HELD) {
        // Closing a second channel to the file would release the lock of the first.
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
        // The file system has no locks.
        return channel;
      }
      if (lock == null) {
        channel.close();
        throw taken(output, file);
      }
      // The last holder may have deleted the file since it was opened here.
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
        "%s: another process is making it (it holds %s); wait until it is done, or name another file"
            .formatted(output, file.getFileName()));
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

  /** Releases all locks, because the program ends. */
  private static void closeAll() {
    synchronized (HELD) {
      for (OutputLock lock : List.copyOf(HELD.values())) {
        try {
          lock.close();
        } catch (RuntimeException e) {
          // The program is ending.
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
        // Something else lies there now.
      } catch (IOException e) {
        throw WholeFile.failure(file, e);
      }
    }
  }
}
