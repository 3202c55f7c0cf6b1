package org.mixel.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.data.ImageShape;
import org.mixel.data.StoredSamples;
import org.mixel.io.SampleWriter;

/**
 * Wherever a command changes a file, the disk may be full or read-only, the file may vanish, or the
 * process may be killed: afterwards there is the old output or the new one, never half of one, and
 * the command can go on to the same result.
 *
 * <p>A library that is preloaded into the process ({@code faults.c}) lets the operation fail. By
 * default few operations of one command are tried; {@code -Dmixel.fault.points=500} tries so many
 * of all.
 */
@EnabledOnOs(OS.LINUX)
class FaultsTest {
  private static final int FEW = 4;
  private static final int POINTS = Integer.getInteger("mixel.fault.points", FEW);
  private static final List<String> KINDS = List.of("kill", "full", "readonly", "vanish");
  private static final int KILLED = 137;
  private static final String LIBRARY = "faults.so";

  @TempDir private Path folder;
  private Path before;
  private QuickJava java = QuickJava.plain();

  /** Commands and files from which they came to their result before, as they would again. */
  private final Set<List<Object>> recovered = new HashSet<>();

  /**
   * A command that writes.
   *
   * @param name for people
   * @param outputs files and folders that must be old or new
   * @param arguments of the command
   * @param training whether it can be resumed
   */
  private record Command(
      String name, List<String> outputs, List<String> arguments, boolean training) {
    static Command of(String name, String outputs, String arguments) {
      boolean training = name.startsWith("fit") || name.startsWith("train");
      return new Command(
          name, List.of(outputs.split(" ")), List.of(arguments.split(" ")), training);
    }
  }

  private static final List<Command> COMMANDS =
      List.of(
          Command.of(
              "fit", "m.mfa", "fit in.npy -o m.mfa --components 3 --factors 1 --iterations 6"),
          Command.of(
              "fit with a report",
              "n.mfa n.html",
              "fit in.npy -o n.mfa --components 2 --factors 1 --iterations 2 --report n.html"),
          Command.of(
              "train",
              "g.net",
              "train dcgan in.npy -o g.net --steps 6 --batch 16 --width 8 --latent 4 --evaluate-every 3"),
          Command.of("sample an array", "s.npy", "sample old.mfa -n 60 -o s.npy"),
          Command.of("sample compressed", "s.npz", "sample old.mfa -n 60 -o s.npz"),
          Command.of("sample images", "pictures", "sample old.mfa -n 8 -o pictures"),
          Command.of("score", "o.png", "score old.mfa in.npy --outliers 9 -o o.png"),
          Command.of("inpaint", "i.png", "inpaint old.mfa in.npy --mask right -o i.png"),
          Command.of("reconstruct", "r.npy", "reconstruct old.mfa in.npy -o r.npy"),
          Command.of("components", "c.png", "components old.mfa -o c.png"),
          Command.of(
              "ndb",
              "b.html b.bins bins",
              "ndb in.npy old.npy --bins 4 --report b.html --save-bins b.bins --export-bins bins"),
          Command.of("evaluate", "e.html", "evaluate in.npy old.npy --report e.html --bins 4"));

  private record Outcome(int exitCode, String said) {}

  @BeforeEach
  void prepare() throws Exception {
    assumeTrue(compiled(folder), "there is no C compiler here");
    before = Files.createDirectory(folder.resolve("before"));
    byte[] pixels = new byte[200 * 64];
    new Random(1).nextBytes(pixels);
    ImageShape shape = new ImageShape(1, 8, 8);
    SampleWriter.write(before.resolve("in.npy"), StoredSamples.ofBytes("in", shape, pixels));
    run(before, Map.of(), "fit", "in.npy", "-o", "old.mfa", "--components=2", "--factors=1");
    run(before, Map.of(), "sample", "old.mfa", "-n", "80", "-o", "old.npy", "--seed", "3");
    if (POINTS > FEW) {
      Path all = copy(before, "all");
      java = QuickJava.archived(folder, all, List.of(FaultsTest.class.getName()));
    }
  }

  /** Does all commands once, so that their classes are loaded. */
  public static void main(String[] none) {
    for (Command command : COMMANDS) {
      int code = new Mixel(System.err, System.err).run(command.arguments().toArray(String[]::new));
      if (code != 0) {
        System.exit(code);
      }
    }
  }

  /**
   * A command before and after an undisturbed run.
   *
   * @param old the folder before it: outputs of another seed
   * @param oldFiles what lies there
   * @param newFiles what lies there after it
   * @param operations how often it changed a file
   */
  private record Undisturbed(
      Command command,
      Path old,
      Map<String, byte[]> oldFiles,
      Map<String, byte[]> newFiles,
      int operations) {}

  @TestFactory
  List<DynamicContainer> outputsAreOldOrNew() throws Exception {
    List<Undisturbed> runs = new ArrayList<>();
    for (Command command : COMMANDS.subList(0, POINTS > FEW ? COMMANDS.size() : 1)) {
      runs.add(undisturbed(command));
    }
    int most = mostOperations(runs);
    List<DynamicContainer> all = new ArrayList<>();
    int total = 0;
    for (Undisturbed run : runs) {
      List<DynamicTest> points = points(run, Math.min(most, run.operations()));
      all.add(DynamicContainer.dynamicContainer(run.command().name(), points));
      total += points.size();
      System.out.printf(
          "%s: %d operations, %d points%n", run.command().name(), run.operations(), points.size());
    }
    System.out.printf("%d points of %d commands%n", total, runs.size());
    return all;
  }

  /** Operations spread over the run, each failing in all ways. */
  private List<DynamicTest> points(Undisturbed run, int number) {
    List<DynamicTest> points = new ArrayList<>();
    for (String kind : KINDS) {
      for (int i = 1; i <= number; i++) {
        int at = number == run.operations() ? i : i * run.operations() / (number + 1) + 1;
        points.add(DynamicTest.dynamicTest(kind + " " + at, () -> check(run, kind, at)));
      }
    }
    return points;
  }

  /** So many operations of each command, where it has them, are as many points as asked for. */
  private static int mostOperations(List<Undisturbed> runs) {
    int all = runs.stream().mapToInt(Undisturbed::operations).max().orElseThrow();
    return IntStream.range(1, all)
        .filter(
            most ->
                KINDS.size() * runs.stream().mapToInt(run -> Math.min(most, run.operations())).sum()
                    >= POINTS)
        .findFirst()
        .orElse(all);
  }

  private Undisturbed undisturbed(Command command) throws Exception {
    // Another seed's outputs are the old ones.
    Path old = copy(before, "old " + command.name());
    List<String> other = new ArrayList<>(command.arguments());
    other.addAll(List.of("--seed", "9"));
    Outcome made = run(old, Map.of(), other.toArray(String[]::new));
    assertThat(made.exitCode()).as(made.said()).isZero();
    deleteFolders(command, old);

    Path counted = copy(old, "work");
    Path count = folder.resolve("count");
    Map<String, String> counting = Map.of("FAULTS_COUNT", count.toString());
    Outcome clean = run(counted, counting, again(command, "--restart"));
    assertThat(clean.exitCode()).as(clean.said()).isZero();
    int operations = Integer.parseInt(Files.readString(count).strip());
    return new Undisturbed(command, old, files(old), files(counted), operations);
  }

  private void check(Undisturbed run, String kind, int at) throws Exception {
    Command command = run.command();
    String label = "%s, %s at operation %d".formatted(command.name(), kind, at);
    Path work = copy(run.old(), "work");
    Map<String, String> fault = Map.of("FAULTS_KIND", kind, "FAULTS_AT", Integer.toString(at));
    Outcome outcome = run(work, fault, again(command, "--restart"));
    if (kind.equals("kill")) {
      assertThat(outcome.exitCode()).as(label + ": " + outcome.said()).isEqualTo(KILLED);
    } else {
      assertThat(outcome.exitCode()).as(label + ": " + outcome.said()).isIn(0, 1, 2);
      if (outcome.exitCode() != 0) {
        assertThat(outcome.said().lines().filter(line -> line.startsWith("mixel: ")))
            .as(label + ": " + outcome.said())
            .hasSize(1)
            .noneMatch(line -> line.contains("internal error"));
      }
    }
    Map<String, byte[]> after = files(work);
    for (String output : command.outputs()) {
      boolean isNew =
          kind.equals("vanish") && isFolder(output, run.newFiles())
              ? isNewButForOne(output, after, run.newFiles())
              : same(output, after, run.newFiles());
      assertThat(isNew || (outcome.exitCode() != 0 && same(output, after, run.oldFiles())))
          .as(label + ": " + output + " is neither old nor new; " + outcome.said())
          .isTrue();
    }
    if (outcome.exitCode() != 0 && recovered.add(List.of(command, hashes(after)))) {
      deleteFolders(command, work);
      Outcome again = run(work, Map.of(), again(command, "--resume"));
      if (again.exitCode() == 2) {
        // Only where there is nothing to go on from.
        assertThat(after.keySet())
            .as(label + ", again: " + again.said())
            .noneMatch(name -> name.endsWith(".checkpoint"));
        again = run(work, Map.of(), again(command, "--restart"));
      }
      assertThat(again.exitCode()).as(label + ", again: " + again.said()).isZero();
      Map<String, byte[]> finished = files(work);
      for (String output : command.outputs()) {
        assertThat(same(output, finished, run.newFiles()))
            .as(label + ", again: " + output + " differs")
            .isTrue();
      }
      assertThat(finished.keySet()).as(label + ", again").isEqualTo(run.newFiles().keySet());
    }
  }

  private static Map<String, Integer> hashes(Map<String, byte[]> files) {
    Map<String, Integer> hashes = new TreeMap<>();
    files.forEach((name, bytes) -> hashes.put(name, Arrays.hashCode(bytes)));
    return hashes;
  }

  private static boolean isFolder(String output, Map<String, byte[]> files) {
    return files.keySet().stream().anyMatch(name -> name.startsWith(output + "/"));
  }

  /** A picture that somebody takes out of a folder in the making is not missed. */
  private static boolean isNewButForOne(
      String output, Map<String, byte[]> after, Map<String, byte[]> newFiles) {
    Map<String, byte[]> there = part(output, after);
    Map<String, byte[]> all = part(output, newFiles);
    return there.size() >= all.size() - 1
        && there.entrySet().stream()
            .allMatch(file -> Arrays.equals(file.getValue(), all.get(file.getKey())));
  }

  private static String[] again(Command command, String how) {
    List<String> arguments = new ArrayList<>(command.arguments());
    if (command.training()) {
      arguments.add(how);
    }
    return arguments.toArray(String[]::new);
  }

  /** Whether a file, or all files of a folder, are the same in both. */
  private static boolean same(String output, Map<String, byte[]> one, Map<String, byte[]> two) {
    Map<String, byte[]> first = part(output, one);
    Map<String, byte[]> second = part(output, two);
    return first.keySet().equals(second.keySet())
        && first.entrySet().stream()
            .allMatch(
                entry ->
                    same(
                        entry.getKey(),
                        entry.getValue(),
                        requireNonNull(second.get(entry.getKey()))));
  }

  /** Reports tell how long the work took: of them, it is asked that they are whole. */
  private static boolean same(String name, byte[] one, byte[] two) {
    return name.endsWith(".html") ? isWhole(one) && isWhole(two) : Arrays.equals(one, two);
  }

  private static boolean isWhole(byte[] page) {
    return new String(page, StandardCharsets.UTF_8).strip().endsWith("</html>");
  }

  private static Map<String, byte[]> part(String output, Map<String, byte[]> files) {
    Map<String, byte[]> part = new TreeMap<>(files);
    part.keySet().removeIf(name -> !name.equals(output) && !name.startsWith(output + "/"));
    return part;
  }

  private static Map<String, byte[]> files(Path root) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(root.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  /** A command writes into no folder that is there. */
  private static void deleteFolders(Command command, Path where) throws IOException {
    for (String output : command.outputs()) {
      if (Files.isDirectory(where.resolve(output))) {
        delete(where.resolve(output));
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }

  private Path copy(Path source, String name) throws IOException {
    Path target = folder.resolve(name);
    if (Files.exists(target)) {
      delete(target);
    }
    try (Stream<Path> all = Files.walk(source)) {
      for (Path file : all.toList()) {
        Files.copy(
            file, target.resolve(source.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return target;
  }

  private static boolean compiled(Path folder) throws IOException, InterruptedException {
    Path source = folder.resolve("faults.c");
    try (InputStream in = requireNonNull(FaultsTest.class.getResourceAsStream("faults.c"))) {
      Files.copy(in, source);
    }
    String library = folder.resolve(LIBRARY).toString();
    try {
      return new ProcessBuilder("cc", "-shared", "-fPIC", "-o", library, source.toString(), "-ldl")
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Runs a command in a folder of its own process, with faults below that folder. */
  private Outcome run(Path where, Map<String, String> faults, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(Mixel.class.getName()));
    command.addAll(List.of(arguments));
    command.add("--quiet");
    ProcessBuilder builder = java.process(where, command).redirectErrorStream(true);
    if (!faults.isEmpty()) {
      builder.environment().put("LD_PRELOAD", folder.resolve(LIBRARY).toString());
      builder.environment().put("FAULTS_BELOW", where.toRealPath().toString());
      builder.environment().putAll(faults);
    }
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), said);
  }
}
