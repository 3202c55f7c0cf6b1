package org.mixel.doctor;

import java.awt.GraphicsEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mixel.data.CacheFolder;
import org.mixel.data.named.NamedSet;
import org.mixel.data.named.NamedSets;
import org.mixel.metric.FeatureCache;
import org.mixel.tensor.Engine;

/**
 * The findings of the program about this machine.
 *
 * @param facts one for each subject, in the order in which people read them
 */
public record Machine(List<Fact> facts) {
  private static final double GB = 1e9;
  private static final double MB = 1e6;
  private static final double LITTLE = 2;
  private static final int PATIENCE_SECONDS = 30;

  /** Prints the versions of the Python modules that the benchmarks compare with. */
  private static final String VERSIONS =
      """
      import importlib, platform
      found = []
      for name in ("numpy", "sklearn", "torch"):
          try:
              found.append(name + " " + importlib.import_module(name).__version__)
          except Exception:
              pass
      print("Python " + platform.python_version() + (": " + ", ".join(found) if found else ""))
      """;

  /** Copies the list. */
  public Machine {
    facts = List.copyOf(facts);
  }

  /**
   * One subject.
   *
   * @param subject such as {@code memory}
   * @param finding in a line
   * @param advice what to do about it, or null where all is well
   */
  public record Fact(String subject, String finding, @Nullable String advice) {
    private static Fact of(String subject, String finding) {
      return new Fact(subject, finding, null);
    }
  }

  /** Looks around. Loads the native engine, and runs Python if there is one. */
  public static Machine here() {
    Engine engine = Engine.loaded();
    List<Fact> facts = new ArrayList<>();
    facts.add(
        Fact.of(
            "Java",
            "%s, %s, %s, at most %.1f GB of heap"
                .formatted(
                    System.getProperty("java.version"),
                    System.getProperty("java.vendor"),
                    System.getProperty("java.home"),
                    Runtime.getRuntime().maxMemory() / GB)));
    facts.add(
        Fact.of(
            "system",
            "%s %s, %s"
                .formatted(
                    System.getProperty("os.name"),
                    System.getProperty("os.version"),
                    System.getProperty("os.arch"))));
    facts.add(
        Fact.of(
            "processor",
            "%s, %d cores, %s"
                .formatted(
                    value("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch")),
                    Runtime.getRuntime().availableProcessors(),
                    engine.instructions())));
    memory().ifPresent(facts::add);
    facts.add(
        Fact.of(
            "engine",
            "libtorch %s, OpenBLAS %s, JavaCPP %s, %d threads"
                .formatted(
                    engine.libtorch(), engine.openBlas(), engine.javaCpp(), engine.threads())));
    facts.add(
        Fact.of(
            "GPU",
            (engine.cuda() ? "usable with --device cuda" : "none that this build can use")
                + gpus().map(": "::concat).orElse("")));
    facts.add(folder("native libraries", engine.folder(), ""));
    facts.add(folder("downloads", CacheFolder.path(), sets()));
    FeatureCache features = FeatureCache.ofUser();
    facts.add(
        folder(
            "kept features",
            features.folder(),
            "; has %.0f MB of them".formatted(features.bytes() / MB)));
    facts.add(folder("temporary files", Path.of(System.getProperty("java.io.tmpdir")), ""));
    facts.add(fonts());
    facts.add(
        Fact.of("Python", python().orElse("none; only comparisons of the benchmarks want it")));
    return new Machine(facts);
  }

  private static Optional<Fact> memory() {
    Optional<Double> all = value("/proc/meminfo", "MemTotal").map(Machine::gigabytes);
    Optional<Double> free = value("/proc/meminfo", "MemAvailable").map(Machine::gigabytes);
    if (all.isEmpty() || free.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Fact(
            "memory",
            "%.1f GB, %.1f GB of it free".formatted(all.get(), free.get()),
            free.get() < LITTLE ? "close other programs: large sets need more" : null));
  }

  private static double gigabytes(String kilobytes) {
    return Double.parseDouble(kilobytes.replaceAll("\\D", "")) * 1024 / GB;
  }

  private static Fact folder(String subject, Path folder, String more) {
    Path existing = folder.toAbsolutePath();
    while (existing.getParent() != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    double free = existing.toFile().getUsableSpace() / GB;
    String advice = null;
    if (!Files.isWritable(existing)) {
      advice = existing + " cannot be written";
    } else if (free < LITTLE) {
      advice = "make room on the disk of " + existing;
    }
    return new Fact(subject, "%s, %.1f GB free%s".formatted(folder, free, more), advice);
  }

  private static String sets() {
    return NamedSets.list().stream()
        .filter(NamedSets::isPresent)
        .map(NamedSet::name)
        .collect(
            Collectors.collectingAndThen(
                Collectors.joining(", "), s -> s.isEmpty() ? "" : "; has " + s));
  }

  private static Fact fonts() {
    int families;
    try {
      families =
          GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames().length;
    } catch (LinkageError | InternalError | RuntimeException e) {
      families = 0;
    }
    return new Fact(
        "fonts",
        families == 1 ? "1 family" : families + " families",
        families == 0 ? "pictures have no text: install fontconfig and a font" : null);
  }

  /** Names and memory of the GPUs, as NVIDIA's driver tells them. */
  private static Optional<String> gpus() {
    return answer("nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader")
        .map(lines -> lines.replaceAll("\\R", "; "));
  }

  private static Optional<String> python() {
    return answer("python3", "-c", VERSIONS);
  }

  /** The output of a program, or nothing if it is not there, takes too long or fails. */
  private static Optional<String> answer(String... command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      try {
        process.getOutputStream().close();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
          return Optional.empty();
        }
        byte[] said = process.getInputStream().readAllBytes();
        return Optional.of(new String(said, StandardCharsets.UTF_8).strip());
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** The value of the first line {@code key: value} of a file of the kernel, if there is one. */
  private static Optional<String> value(String file, String key) {
    if (!Files.isReadable(Path.of(file))) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }
}
