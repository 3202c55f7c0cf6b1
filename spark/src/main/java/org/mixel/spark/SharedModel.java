package org.mixel.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A model as it travels, and the one copy of it in each executor, which all of its tasks share.
 *
 * <p>Safe for use by several threads.
 */
final class SharedModel {
  private static @Nullable Held newest;

  private SharedModel() {}

  /** A model in memory, and the number of those who use it. */
  private static final class Held {
    final String id;
    final org.mixel.mfa.MixtureOfFactorAnalyzers model;
    int users;

    Held(String id, org.mixel.mfa.MixtureOfFactorAnalyzers model) {
      this.id = id;
      this.model = model;
    }
  }

  /** The use of a model, which ends with {@link #close()}. */
  static final class Use implements AutoCloseable {
    private final Held held;
    private boolean closed;

    private Use(Held held) {
      this.held = held;
    }

    org.mixel.mfa.MixtureOfFactorAnalyzers model() {
      return held.model;
    }

    @Override
    public void close() {
      synchronized (SharedModel.class) {
        if (!closed) {
          closed = true;
          held.users--;
          closeUnused(held);
        }
      }
    }
  }

  /**
   * The model of some bytes, read once for all tasks of this JVM.
   *
   * @param id tells the model from others
   * @param file the bytes of its {@code .mfa} file
   */
  static synchronized Use of(String id, byte[] file) {
    if (newest == null || !newest.id.equals(id)) {
      Held before = newest;
      newest = new Held(id, read(file));
      if (before != null) {
        closeUnused(before);
      }
    }
    newest.users++;
    return new Use(newest);
  }

  private static void closeUnused(Held held) {
    if (held.users == 0 && held != newest) {
      held.model.close();
    }
  }

  /**
   * Reads a model from the bytes of its file; the caller closes it.
   *
   * @throws org.mixel.InputException if the native libraries are missing, or the bytes are damaged
   */
  static org.mixel.mfa.MixtureOfFactorAnalyzers read(byte[] bytes) {
    Natives.prepare();
    try {
      return load(bytes);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw Natives.missing(e);
    }
  }

  private static org.mixel.mfa.MixtureOfFactorAnalyzers load(byte[] bytes) {
    return throughFile(
        file -> {
          Files.write(file, bytes);
          return org.mixel.mfa.MixtureOfFactorAnalyzers.load(file);
        });
  }

  /** The bytes of a model's file. */
  static byte[] bytes(org.mixel.mfa.MixtureOfFactorAnalyzers model) {
    return throughFile(
        file -> {
          model.save(file);
          return Files.readAllBytes(file);
        });
  }

  private interface OfFile<T> {
    T apply(Path file) throws IOException;
  }

  private static <T> T throughFile(OfFile<T> work) {
    try {
      Path folder = Files.createTempDirectory("mixel-model");
      Path file = folder.resolve("model.mfa");
      try {
        return work.apply(file);
      } finally {
        Files.deleteIfExists(file);
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot pass a model on: " + e.getMessage(), e);
    }
  }
}
