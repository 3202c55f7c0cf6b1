package org.mixel.data.format;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.mixel.InputException;

/**
 * The duty of a reader to a file of any bytes: it reads it, or refuses it in one plain line that
 * names the file, within five seconds of the processor, of all threads together.
 */
final class HostileBytes {
  private static final Duration MOST = Duration.ofSeconds(5);

  /** The time of the processor in this process, which others' work does not lengthen. */
  private static final OperatingSystemMXBean CLOCK =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private static final Path FOLDER = folder();

  private HostileBytes() {}

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("hostile");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Hands a reader a file of numbers, whose size bounds the memory.
   *
   * @param name the file's name, by whose ending formats may be told
   */
  static void give(String name, byte[] bytes, Consumer<Path> reader) {
    givePictures(
        name,
        bytes,
        file -> {
          try {
            reader.accept(file);
          } catch (InputException refusal) {
            for (Throwable e = refusal; e != null; e = e.getCause()) {
              if (e instanceof OutOfMemoryError) {
                throw new AssertionError("memory was taken for a claim", refusal);
              }
            }
            throw refusal;
          }
        });
  }

  /** Hands a reader a file of pictures, of which a few bytes may need all memory. */
  static void givePictures(String name, byte[] bytes, Consumer<Path> reader) {
    Path file = FOLDER.resolve(name);
    long start = CLOCK.getProcessCpuTime();
    try {
      Files.write(file, bytes);
      reader.accept(file);
    } catch (InputException refusal) {
      requirePlain(refusal, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      file.toFile().delete();
    }
    Duration taken = Duration.ofNanos(CLOCK.getProcessCpuTime() - start);
    if (taken.compareTo(MOST) > 0) {
      throw new AssertionError(name + " took " + taken);
    }
  }

  private static void requirePlain(InputException refusal, Path file) {
    String line = String.valueOf(refusal.getMessage());
    if (!line.contains(file.toString()) || line.chars().anyMatch(Character::isISOControl)) {
      throw new AssertionError("not a plain line that names the file: " + line, refusal);
    }
  }
}
