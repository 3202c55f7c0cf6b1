package org.mixel.cli;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Java processes with the classes of this one, which start as fast as they can. */
final class QuickJava {
  private final List<String> options;
  private final String classPath;

  private QuickJava(List<String> options, String classPath) {
    this.options = options;
    this.classPath = classPath;
  }

  /**
   * Processes that load their classes as any do.
   *
   * @param more options of Java
   */
  static QuickJava plain(String... more) {
    List<String> options = new ArrayList<>(List.of("-Xshare:auto"));
    options.addAll(List.of(more));
    return new QuickJava(options, System.getProperty("java.class.path"));
  }

  /**
   * Keeps the classes that a process has loaded in an archive: further ones take half the time to
   * start.
   *
   * @param folder receives the archive, and jars of folders with classes, which Java archives none
   *     of
   * @param where the process runs
   * @param arguments of the process
   */
  static QuickJava archived(Path folder, Path where, List<String> arguments) throws Exception {
    List<String> jars = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        Path jar = folder.resolve("classes-" + jars.size() + ".jar");
        pack(path, jar);
        jars.add(jar.toString());
      } else {
        jars.add(entry);
      }
    }
    String classPath = String.join(File.pathSeparator, jars);
    String archive = folder.resolve("classes.jsa").toString();
    Process process =
        new QuickJava(List.of("-XX:ArchiveClassesAtExit=" + archive), classPath)
            .process(where, arguments)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("archive.log").toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException(Files.readString(folder.resolve("archive.log")));
    }
    return new QuickJava(List.of("-XX:SharedArchiveFile=" + archive, "-Xshare:auto"), classPath);
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out);
        Stream<Path> all = Files.walk(classes)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        zip.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        Files.copy(file, zip);
        zip.closeEntry();
      }
    }
  }

  /**
   * A process that is not started yet.
   *
   * @param arguments the class, and what it is given
   */
  ProcessBuilder process(Path where, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(options);
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", classPath));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(where.toFile());
    // Java says on the standard error that it takes these.
    builder
        .environment()
        .keySet()
        .removeAll(Set.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"));
    builder.environment().put("OPENBLAS_THREAD_TIMEOUT", "4");
    builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    builder.environment().put("MIXEL_HOME", where.resolve("home").toString());
    return builder;
  }
}
