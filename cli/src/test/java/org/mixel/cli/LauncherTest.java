package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher builds when it must, runs what was built, and says plainly what is missing. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final String TOOLS = "/usr/bin:/bin";

  @TempDir private Path folder;
  private Path project;
  private Path home;
  private Path maven;

  record Outcome(int exitCode, String out, String err) {}

  /** A project in a folder with a space, and a Java and a Maven that tell what they are asked. */
  @BeforeEach
  void makeProject() throws IOException {
    project = Files.createDirectories(folder.resolve("my mixel"));
    Path sources = Files.createDirectories(project.resolve("core/src/main/java"));
    Files.writeString(sources.resolve("A.java"), "class A {}");
    Files.writeString(project.resolve("pom.xml"), "<project/>");
    Files.copy(Path.of("..", "mixel").toRealPath(), project.resolve("mixel"));
    home = folder.resolve("jdk");
    java("17.0.9");
    script(home.resolve("bin/javac"), "");
    maven = folder.resolve("maven");
    maven(
        "3.9.9",
        "echo built >>'" + project + "/builds'; touch '" + project + "/cli/target/mixel.jar'");
    Files.createDirectories(project.resolve("cli/target"));
  }

  @Test
  void buildsOnceAndPassesArgumentsOnAsTheyAre() throws Exception {
    Outcome first = launch(Map.of(), "fit", "a b", "*", "--out=c");
    assertThat(first.exitCode()).as(first.err()).isEqualTo(7);
    assertThat(first.err()).isEqualTo("building Mixel (the first time takes some minutes) ...\n");
    assertThat(first.out())
        .contains(
            "[-jar]\n["
                + project.toRealPath()
                + "/cli/target/mixel.jar]\n[fit]\n[a b]\n[*]\n[--out=c]\n");
    Outcome second = launch(Map.of(), "fit");
    assertThat(second.err()).isEmpty();
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void buildsAgainWhenASourceIsNewer() throws Exception {
    launch(Map.of());
    Files.setLastModifiedTime(
        project.resolve("core/src/main/java/A.java"), FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(launch(Map.of()).err()).isEqualTo("building Mixel ...\n");
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void worksThroughLinksAndFromOtherFolders() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("direct"), project.resolve("mixel"));
    Files.createSymbolicLink(bin.resolve("mx"), Path.of("direct"));
    Outcome outcome = launch(bin.resolve("mx"), Map.of(), "--quiet", "ndb");
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .contains(project.toRealPath() + "/cli/target/mixel.jar]\n[--quiet]\n[ndb]");
  }

  @Test
  void passesOptionsOnToJava() throws Exception {
    Outcome outcome = launch(Map.of("MIXEL_JAVA_OPTS", "-Xmx3g -Da=*"), "fit");
    assertThat(outcome.out()).contains("[-Xmx3g]\n[-Da=*]\n[-jar]\n");
  }

  @Test
  void twoAtOnceBuildOnce() throws Exception {
    maven(
        "3.9.9",
        "sleep 1; echo built >>'"
            + project
            + "/builds'; touch '"
            + project
            + "/cli/target/mixel.jar'");
    Process first = start(project.resolve("mixel"), Map.of(), TOOLS, "a");
    Process second = start(project.resolve("mixel"), Map.of(), TOOLS, "b");
    assertThat(outcome(first).exitCode()).isEqualTo(7);
    assertThat(outcome(second).exitCode()).isEqualTo(7);
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void aLockWhoseOwnerIsGoneIsTakenOver() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Path lock = Files.createDirectories(project.resolve("target/launcher")).resolve("lock");
    Files.writeString(lock, gone.pid() + "\n");
    assertThat(launch(Map.of()).exitCode()).isEqualTo(7);
    assertThat(lock).doesNotExist();
  }

  @Test
  void aFailedBuildShowsItsErrorsAndIsTriedAgain() throws Exception {
    maven("3.9.9", "echo '[INFO] noise'; echo '[ERROR] A.java:1 is wrong'; exit 1");
    Outcome outcome = launch(Map.of(), "fit");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .contains("[ERROR] A.java:1 is wrong\nmixel: the build failed; ")
        .doesNotContain("noise");
    assertThat(project.resolve("target/launcher/lock")).doesNotExist();
  }

  @Test
  void inAnArchiveItRunsTheJavaBesideIt() throws Exception {
    Path archive = folder.resolve("unpacked mixel");
    Path launcher = Files.createDirectories(archive.resolve("bin")).resolve("mixel");
    Files.copy(Path.of("..", "mixel").toRealPath(), launcher);
    script(archive.resolve("runtime/bin/java"), "printf '[%s]\\n' \"$@\"\n");
    Path lib = Files.createDirectories(archive.resolve("lib"));
    Files.writeString(lib.resolve("classes.jsa"), "classes");
    Path link = Files.createSymbolicLink(folder.resolve("mixel"), launcher);
    Outcome outcome = launch(link, Map.of("JAVA_HOME", "/nowhere"), "fit", "a b");
    String real = lib.toRealPath().toString();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .contains("[-XX:SharedArchiveFile=" + real + "/classes.jsa]\n")
        .endsWith("[-jar]\n[" + real + "/mixel.jar]\n[fit]\n[a b]\n");
    Path texts = Files.createDirectories(lib.resolve("help"));
    Files.writeString(texts.resolve("100.txt"), "help");
    assertThat(launch(link, Map.of(), "--help").out()).isEqualTo("help");
    assertThat(launch(link, Map.of(), "fit", "--help").out()).endsWith("[fit]\n[--help]\n");
    Outcome spark = launch(link, Map.of(), "spark", "fit");
    assertThat(spark.exitCode()).isEqualTo(1);
    assertThat(spark.err()).startsWith("mixel: Spark is not in this archive; ").hasLineCount(1);
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    assertProblem(
        Map.of("JAVA_HOME", "/nowhere"), "JAVA_HOME is /nowhere, but there is no bin/java");
    java("11.0.2");
    assertProblem(Map.of(), "is version 11.0.2; install a JDK 17 or newer");
    java("1.8.0_392");
    assertProblem(Map.of(), "is version 1.8.0_392; install a JDK 17 or newer");
    java("21");
    maven("3.6.3", "exit 1");
    assertProblem(Map.of(), "is version 3.6.3; install Maven 3.8 or newer");
    Files.delete(home.resolve("bin/javac"));
    maven("4.0.0", "exit 1");
    assertProblem(Map.of(), "has no compiler; install a JDK 17 or newer");
  }

  @Test
  void saysThatMavenOrJavaCannotBeFound() throws Exception {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool :
        List.of("sh", "readlink", "find", "head", "mkdir", "rm", "cat", "tr", "sed")) {
      script(tools.resolve(tool), "PATH=" + TOOLS + " exec " + tool + " \"$@\"");
    }
    Outcome noMaven = outcome(startWith(tools.toString(), Map.of("JAVA_HOME", home.toString())));
    assertThat(noMaven.err()).contains("mixel: Maven is missing; install Maven 3.8 or newer");
    Outcome noJava = outcome(startWith(tools.toString(), Map.of()));
    assertThat(noJava.exitCode()).isEqualTo(1);
    assertThat(noJava.err())
        .isEqualTo("mixel: Java is missing; install a JDK 17 or newer, or set JAVA_HOME\n");
  }

  private void assertProblem(Map<String, String> environment, String message) throws Exception {
    Outcome outcome = launch(environment, "fit");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).startsWith("mixel: ").contains(message).hasLineCount(1);
  }

  private Outcome launch(Map<String, String> environment, String... arguments) throws Exception {
    return launch(project.resolve("mixel"), environment, arguments);
  }

  private Outcome launch(Path launcher, Map<String, String> environment, String... arguments)
      throws Exception {
    return outcome(start(launcher, environment, TOOLS, arguments));
  }

  private Process start(
      Path launcher, Map<String, String> environment, String tools, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("/bin/sh", launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder
        .environment()
        .put("PATH", home.resolve("bin") + ":" + maven.resolve("bin") + ":" + tools);
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Process startWith(String path, Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", project.resolve("mixel").toString(), "fit");
    builder.environment().clear();
    builder.environment().put("PATH", path);
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static Outcome outcome(Process process) throws Exception {
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), out, err);
  }

  private long builds() throws IOException {
    return Files.readAllLines(project.resolve("builds")).size();
  }

  /** A Java that prints its arguments and exits with 7. */
  private void java(String version) throws IOException {
    script(
        home.resolve("bin/java"),
        """
        case "$*" in
          *-XshowSettings*) echo "    java.home = %1$s"; echo "    java.version = %2$s"; exit ;;
          *-XX:ArchiveClassesAtExit*) exit ;;
        esac
        printf '[%%s]\\n' "$@"
        exit 7
        """
            .formatted(home, version));
  }

  private void maven(String version, String build) throws IOException {
    script(
        maven.resolve("bin/mvn"),
        "[ \"$1\" = -v ] && { echo 'Apache Maven " + version + " (abc)'; exit; }\n" + build + "\n");
  }

  private static void script(Path file, String body) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, "#!/bin/sh\n" + body);
      if (!file.toFile().setExecutable(true)) {
        throw new IOException("cannot make " + file + " executable");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
