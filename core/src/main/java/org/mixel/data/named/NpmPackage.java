package org.mixel.data.named;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** An npm package as {@code npm pack} brings it, in a temporary folder until it is closed. */
final class NpmPackage implements AutoCloseable {
  private static final long SECONDS = 300;

  private final Path folder;
  private final Path archive;

  private NpmPackage(Path folder, Path archive) {
    this.folder = folder;
    this.archive = archive;
  }

  /**
   * Fetches a package with the registry and settings of the user's npm.
   *
   * @param spec name and version
   * @throws IOException if npm is not installed or does not get it; its message is a few words
   */
  static NpmPackage pack(String spec) throws IOException {
    Path folder = Files.createTempDirectory("mixel-npm");
    try {
      run(spec, folder);
      try (Stream<Path> files = Files.list(folder)) {
        Path archive =
            files
                .filter(file -> file.toString().endsWith(".tgz"))
                .findFirst()
                .orElseThrow(() -> new IOException("npm left no archive"));
        return new NpmPackage(folder, archive);
      }
    } catch (IOException e) {
      delete(folder);
      throw e;
    }
  }

  private static void run(String spec, Path folder) throws IOException {
    boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    Process npm;
    try {
      npm =
          new ProcessBuilder(windows ? "npm.cmd" : "npm", "pack", spec, "--silent")
              .directory(folder.toFile())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new IOException("npm is not installed", e);
    }
    try {
      npm.getOutputStream().close();
      if (!npm.waitFor(SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("npm did not end within " + SECONDS + " s");
      }
      if (npm.exitValue() != 0) {
        throw new IOException("npm pack failed with code " + npm.exitValue());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      npm.descendants().forEach(ProcessHandle::destroy);
      npm.destroy();
    }
  }

  /**
   * One file of the package.
   *
   * @return a stream of its bytes; the caller closes it
   * @throws IOException if the package has no such file
   */
  InputStream open(String entry) throws IOException {
    TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive)), 1 << 16));
    try {
      for (TarArchiveEntry next = tar.getNextEntry(); next != null; next = tar.getNextEntry()) {
        if (next.getName().equals(entry)) {
          return tar;
        }
      }
      throw new IOException("has no " + entry);
    } catch (IOException e) {
      tar.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    delete(folder);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
