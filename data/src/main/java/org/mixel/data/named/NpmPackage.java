package org.mixel.data.named;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** An npm package as {@code npm pack} brings it, in a temporary folder until it is closed. */
final class NpmPackage implements AutoCloseable {
  private static final long SECONDS = 300;

  /**
   * No retries, which npm makes without a word for minutes; what its cache holds is not asked for
   * again; and an answer begins within half a minute.
   */
  private static final List<String> OPTIONS =
      List.of("--loglevel=error", "--fetch-retries=0", "--fetch-timeout=30000", "--prefer-offline");

  private static final Pattern CODE = Pattern.compile("npm (?:error|ERR!) code (\\w+)");

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
    Path errors = folder.resolve("errors.txt");
    Process npm;
    try {
      npm =
          new ProcessBuilder(command(spec))
              .directory(folder.toFile())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(errors.toFile())
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
        String said = new String(Files.readAllBytes(errors), StandardCharsets.UTF_8);
        throw new IOException("npm pack failed: " + reason(said, npm.exitValue()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      npm.descendants().forEach(ProcessHandle::destroy);
      npm.destroy();
    }
  }

  static List<String> command(String spec) {
    boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    List<String> command = new ArrayList<>(List.of(windows ? "npm.cmd" : "npm", "pack", spec));
    command.addAll(OPTIONS);
    return command;
  }

  /** The code that npm gives for what went wrong, such as {@code ENOTFOUND}, else its exit code. */
  static String reason(String errors, int exitCode) {
    Matcher code = CODE.matcher(errors);
    return code.find() ? code.group(1) : "code " + exitCode;
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
