package org.mixel.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Wherever a command changes a file, the disk may be full or read-only, the file may vanish, or the
 * process may be killed: afterwards there is the old output or the new one, never half of one, and
 * the command can go on to the same result.
 *
 * <p>A library that is preloaded into the process ({@code faults.c}) lets the operation fail. By
 * default few operations of one command are tried; {@code -Dmixel.fault.points=2000} tries so many
 * of all, or of those whose names match {@code -Dmixel.fault.commands}.
 */
@EnabledOnOs(OS.LINUX)
class FaultsTest {
  private static final int FEW = 4;
  private static final int POINTS = Integer.getInteger("mixel.fault.points", FEW);
  private static final String SOME = System.getProperty("mixel.fault.commands", ".*");
  private static final List<String> KINDS = List.of("kill", "full", "readonly", "vanish");
  private static final int KILLED = 137;
  private static final String LIBRARY = "faults.so";

  /** {@code MIXEL_HOME}, below the folder that has faults. */
  private static final String HOME = "home";

  @TempDir private Path folder;
  private Path before;
  private QuickJava java = QuickJava.plain();

  /** Commands and files from which they came to their result before, as they would again. */
  private final Set<List<Object>> recovered = new HashSet<>();

  /**
   * How a process ended.
   *
   * @param said on the standard error
   */
  private record Outcome(int exitCode, String said) {}

  @BeforeEach
  void prepare() throws Exception {
    assumeTrue(compiled(folder), "there is no C compiler here");
    before = Files.createDirectory(folder.resolve("before"));
    WritingCommand.writeImages(before);
    if (POINTS > FEW) {
      WritingCommand.writeNetwork(before);
      run(before, Map.of(), "fit", "in.npy", "-o", "old.mfa", "--components=2", "--factors=2");
      run(before, Map.of(), "sample", "old.mfa", "-n", "30", "-o", "old.npy", "--seed", "3");
      Path all = FolderFiles.copy(before, folder.resolve("all"));
      java = QuickJava.archived(folder, all, List.of(FaultsTest.class.getName()));
    }
  }

  private static List<WritingCommand> commands() {
    return POINTS > FEW
        ? WritingCommand.ALL.stream().filter(command -> command.name().matches(SOME)).toList()
        : WritingCommand.ALL.subList(0, 1);
  }

  /** Does all commands once, so that their classes are loaded. */
  public static void main(String[] none) {
    for (WritingCommand command : WritingCommand.ALL) {
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
      WritingCommand command,
      Path old,
      Map<String, byte[]> oldFiles,
      Map<String, byte[]> newFiles,
      int operations) {}

  @TestFactory
  List<DynamicContainer> outputsAreOldOrNew() throws Exception {
    List<Undisturbed> runs = new ArrayList<>();
    for (WritingCommand command : commands()) {
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
          "%s: %d operations, %d points%n",
          run.command().name(), run.operations(), points.size() / KINDS.size());
    }
    System.out.printf(
        "%d points of %d commands, each in %d ways%n",
        total / KINDS.size(), runs.size(), KINDS.size());
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

  private Undisturbed undisturbed(WritingCommand command) throws Exception {
    // Another seed's outputs are the old ones.
    Path old = FolderFiles.copy(before, folder.resolve("old " + command.name()));
    List<String> other = new ArrayList<>(command.arguments());
    other.addAll(List.of("--seed", "9"));
    Outcome made = run(old, Map.of(), other.toArray(String[]::new));
    assertThat(made.exitCode()).as(made.said()).isZero();
    deleteFolders(command, old);
    FolderFiles.delete(old.resolve(HOME));

    Path counted = FolderFiles.copy(old, folder.resolve("work"));
    Path count = folder.resolve("count");
    Map<String, String> counting = Map.of("FAULTS_COUNT", count.toString());
    Outcome clean = run(counted, counting, again(command, "--restart"));
    assertThat(clean).isEqualTo(new Outcome(0, ""));
    int operations = Integer.parseInt(Files.readString(count).strip());
    return new Undisturbed(
        command, old, FolderFiles.read(old), FolderFiles.read(counted), operations);
  }

  private void check(Undisturbed run, String kind, int at) throws Exception {
    WritingCommand command = run.command();
    String label = "%s, %s at operation %d".formatted(command.name(), kind, at);
    Path work = FolderFiles.copy(run.old(), folder.resolve("work"));
    Map<String, String> fault = Map.of("FAULTS_KIND", kind, "FAULTS_AT", Integer.toString(at));
    Outcome outcome = run(work, fault, again(command, "--restart"));
    if (kind.equals("kill")) {
      assertThat(outcome.exitCode()).as(label + ": " + outcome.said()).isEqualTo(KILLED);
    } else {
      assertThat(outcome.exitCode()).as(label + ": " + outcome.said()).isIn(0, 1, 2);
      assertThat(outcome.said())
          .as(label)
          .matches(outcome.exitCode() == 0 ? "" : "mixel: .+\n")
          .doesNotContain("internal error");
    }
    Map<String, byte[]> after = FolderFiles.read(work);
    requireOldOrNew(run, after, label + "; " + outcome.said());
    // A study that did not end well leaves some of its files, each of them old or new.
    boolean inPieces = command.isStudy() && (outcome.exitCode() != 0 || kind.equals("vanish"));
    for (String output : inPieces ? List.<String>of() : command.outputs()) {
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
      Map<String, byte[]> finished = FolderFiles.read(work);
      if (kind.equals("kill") || kind.equals("readonly")) {
        finished.keySet().removeIf(FaultsTest::isNothing);
      }
      for (String output : command.outputs()) {
        assertThat(same(output, finished, run.newFiles()))
            .as(label + ", again: " + output + " differs")
            .isTrue();
      }
      assertThat(finished.keySet()).as(label + ", again").isEqualTo(run.newFiles().keySet());
    }
  }

  /** Each file that the undisturbed run leaves is old, new or not there; logs only grow. */
  private static void requireOldOrNew(Undisturbed run, Map<String, byte[]> after, String label) {
    run.newFiles()
        .forEach(
            (name, content) -> {
              byte[] now = after.get(name);
              byte[] old = run.oldFiles().get(name);
              assertThat(
                      now == null
                          || isLog(name)
                          || same(name, now, content)
                          || (old != null && same(name, now, old)))
                  .as(label + ": " + name + " is neither old nor new")
                  .isTrue();
            });
  }

  /** Lines are put at the end of a log while a training runs. */
  private static boolean isLog(String name) {
    return name.endsWith(Timeless.LOG)
        || name.endsWith(Timeless.TABLE)
        || name.endsWith(Timeless.SETTING);
  }

  /** The name of a scratch file that could not become nameless any more. */
  private static boolean isNothing(String name) {
    return name.startsWith(HOME + "/tmp/");
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

  private static String[] again(WritingCommand command, String how) {
    List<String> arguments = new ArrayList<>(command.arguments());
    if (command.isTraining()) {
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
    return name.endsWith(".html") ? isWhole(one) && isWhole(two) : Timeless.same(name, one, two);
  }

  private static boolean isWhole(byte[] page) {
    return new String(page, StandardCharsets.UTF_8).strip().endsWith("</html>");
  }

  private static Map<String, byte[]> part(String output, Map<String, byte[]> files) {
    Map<String, byte[]> part = new TreeMap<>(files);
    part.keySet().removeIf(name -> !name.equals(output) && !name.startsWith(output + "/"));
    return part;
  }

  /** No command but a study writes into a folder that is there. */
  private static void deleteFolders(WritingCommand command, Path where) throws IOException {
    for (String output : command.isStudy() ? List.<String>of() : command.outputs()) {
      if (Files.isDirectory(where.resolve(output))) {
        FolderFiles.delete(where.resolve(output));
      }
    }
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
    Path said = folder.resolve("said");
    ProcessBuilder builder =
        java.process(where, command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(said.toFile());
    if (!faults.isEmpty()) {
      builder.environment().put("LD_PRELOAD", folder.resolve(LIBRARY).toString());
      builder.environment().put("FAULTS_BELOW", where.toRealPath().toString());
      builder.environment().putAll(faults);
    }
    Process process = builder.start();
    process.getOutputStream().close();
    return new Outcome(process.waitFor(), Files.readString(said));
  }
}
