package org.mixel;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Tells an unfinished file from one that a killed program left. The file {@code NAME} is written as
 * {@code .NAME.PROCESS-N.part} beside its place; {@code .NAME.PROCESS-N.lock} is locked as long as
 * its writer lives, on any machine. The next writer of {@code NAME} that gets the lock removes
 * both.
 */
final class PartMark implements AutoCloseable {
  /** Unique to this process, which must not open a lock of its own a second time. */
  private static final String PROCESS = "%016x".formatted(new SecureRandom().nextLong());

  private static final String PART = ".part";
  private static final String GONE = ".gone";
  private static final String LOCK = ".lock";

  private static final AtomicLong NEXT = new AtomicLong();

  private final Path target;
  private final String name;
  private final FileChannel channel;

  private PartMark(Path target, String name, FileChannel channel) {
    this.target = target;
    this.name = name;
    this.channel = channel;
  }

  /**
   * Marks a new part.
   *
   * @param target in a folder that is there
   */
  static PartMark beside(Path target) throws IOException {
    while (true) {
      String name = "." + target.getFileName() + "." + PROCESS + "-" + NEXT.incrementAndGet();
      Path lock = target.resolveSibling(name + LOCK);
      FileChannel channel =
          FileChannel.open(lock, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      // Another process may have removed it before it was locked.
      if (locks(channel) && Files.exists(lock)) {
        return new PartMark(target, name, channel);
      }
      channel.close();
      Files.deleteIfExists(lock);
    }
  }

  /** On file systems without locks nothing counts as left behind. */
  private static boolean locks(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (IOException e) {
      return true;
    }
  }

  /** Where to write. */
  Path part() {
    return target.resolveSibling(name + PART);
  }

  /** Where to move the part for deletion while another thread may still write into it. */
  Path gone() {
    return target.resolveSibling(name + GONE);
  }

  /** Removes the mark of a part that is in its place or deleted. */
  @Override
  public void close() throws IOException {
    try (channel) {
      Files.deleteIfExists(target.resolveSibling(name + LOCK));
    }
  }

  /** Removes files that killed processes left of a target, where possible. */
  static void removeDead(Path target) {
    Pattern own =
        Pattern.compile(Pattern.quote("." + target.getFileName() + ".") + "[0-9a-f]{16}-[0-9]+");
    try (DirectoryStream<Path> locks =
        Files.newDirectoryStream(
            target.toAbsolutePath().getParent(),
            file -> {
              String name = file.getFileName().toString();
              return name.endsWith(LOCK)
                  && own.matcher(stem(name)).matches()
                  && !name.contains(PROCESS);
            })) {
      for (Path lock : locks) {
        removeIfDead(lock);
      }
    } catch (IOException | DirectoryIteratorException e) {
      // It only takes room.
    }
  }

  private static String stem(String lock) {
    return lock.substring(0, lock.length() - LOCK.length());
  }

  private static void removeIfDead(Path lock) {
    if (!Files.isRegularFile(lock, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(lock, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      if (channel.tryLock() == null) {
        return;
      }
      String name = stem(lock.getFileName().toString());
      delete(lock.resolveSibling(name + PART));
      delete(lock.resolveSibling(name + GONE));
      Files.deleteIfExists(lock);
    } catch (IOException | OverlappingFileLockException e) {
      // It only takes room.
    }
  }

  /** Deletes a file or a folder with all that is in it, if it is there; links are not followed. */
  static void delete(Path part) throws IOException {
    if (Files.isDirectory(part, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> content = Files.newDirectoryStream(part)) {
        for (Path file : content) {
          delete(file);
        }
      }
    }
    Files.deleteIfExists(part);
  }
}
