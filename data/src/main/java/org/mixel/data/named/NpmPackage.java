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
import org.mixel.data.named.Download.UnreachableException;

/**
 * An npm package as {@code npm pack} brings it, with the registry and settings of the user's npm.
 */
final class NpmPackage {
  private static final long SECONDS = 300;

  /** No silent retries, no questions about cached packages, and half a minute for an answer. */
  private static final List<String> OPTIONS =
      List.of("--loglevel=error", "--fetch-retries=0", "--fetch-timeout=30000", "--prefer-offline");

  private static final Pattern CODE = Pattern.compile("npm (?:error|ERR!) code (\\w+)");

  private NpmPackage() {}

  /** Receives the files of a package. */
  interface Receiver {
    /**
     * @param entry the path of a file within the package
     * @param content its bytes
     */
    void file(String entry, InputStream content) throws IOException;
  }

  /**
   * Fetches a package and unpacks it.
   *
   * @param spec name and version
   * @throws UnreachableException if npm is not installed or fails; its message is a few words
   */
  static void unpack(String spec, Receiver receiver) throws IOException {
    Path folder = Files.createTempDirectory("mixel-npm");
    try {
      run(spec, folder);
      try (InputStream file = new BufferedInputStream(Files.newInputStream(archive(folder)));
          TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file))) {
        for (TarArchiveEntry next = tar.getNextEntry(); next != null; next = tar.getNextEntry()) {
          receiver.file(next.getName(), tar);
        }
      }
    } finally {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static Path archive(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".tgz"))
          .findFirst()
          .orElseThrow(() -> new IOException("npm left no archive"));
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
      throw new UnreachableException("npm is not installed", e);
    }
    try {
      npm.getOutputStream().close();
      if (!npm.waitFor(SECONDS, TimeUnit.SECONDS)) {
        throw new UnreachableException("npm did not end within " + SECONDS + " s", null);
      }
      if (npm.exitValue() != 0) {
        String reason =
            reason(new String(Files.readAllBytes(errors), StandardCharsets.UTF_8), npm.exitValue());
        throw new UnreachableException("npm pack failed: " + reason, null);
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

  /** The error code that npm prints, such as {@code ENOTFOUND}, else its exit code. */
  static String reason(String errors, int exitCode) {
    Matcher code = CODE.matcher(errors);
    return code.find() ? code.group(1) : "code " + exitCode;
  }
}
