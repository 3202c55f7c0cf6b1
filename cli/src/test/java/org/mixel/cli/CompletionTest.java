package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.mixel.cli.Runs.mixel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of {@code mixel completion} complete commands, options and files. */
class CompletionTest {
  @TempDir private Path folder;

  @Test
  void bashCompletesCommandsAndOptions() throws Exception {
    Path script = script("bash");
    String ask =
        """
        source %s
        COMP_WORDS=(mixel %s) COMP_CWORD=%d
        _complete_mixel
        printf '%%s\\n' "${COMPREPLY[@]}"
        """;
    assertThat(shell("bash", ask.formatted(script, "sha", 1))).contains("sharpness");
    assertThat(shell("bash", ask.formatted(script, "fit --comp", 2)))
        .containsExactly("--components");
  }

  @Test
  void zshFindsTheScriptInItsPathAndCompletes() throws Exception {
    assumeTrue(present("zsh"), "there is no zsh here");
    assumeTrue(
        shell("zsh", "zmodload zsh/zpty && zpty tried true && echo yes || true").contains("yes"),
        "zsh has no terminals of its own here");
    Files.move(script("zsh"), folder.resolve("_mixel"));
    Files.writeString(folder.resolve("digits.npy"), "");
    String ask =
        """
        zmodload zsh/zpty
        zpty shell zsh -f -i
        type() { zpty -w $2 shell "$1" && zpty -r shell said "*$3*" || exit 1; }
        type 'TMOUT=20; cd %1$s; fpath=(%1$s $fpath); autoload -Uz compinit; compinit -u -D; print re""ady' '' ready
        type $'mixel sha\\t' -n 'mixel sharpness'
        type $'\\Cumixel fit --comp\\t' -n 'fit --components'
        type $'\\Cumixel fit dig\\t' -n 'fit digits.npy'
        """
            .formatted(folder);
    assertThat(shell("zsh", ask)).isEmpty();
    assertThat(Files.readAllLines(folder.resolve("_mixel"))).first().isEqualTo("#compdef mixel");
  }

  @Test
  void fishCompletesCommandsAndOptions() throws Exception {
    assumeTrue(present("fish"), "there is no fish here");
    String ask = "source " + script("fish") + "; complete -C '%s'";
    assertThat(shell("fish", ask.formatted("mixel sha")))
        .containsExactly("sharpness\tMeasure how sharp images are.");
    assertThat(shell("fish", ask.formatted("mixel fit --comp")))
        .hasSize(1)
        .allMatch(line -> line.startsWith("--components\tComponents"));
    assertThat(shell("fish", ask.formatted("mixel data g"))).hasSize(1);
    assertThat(shell("fish", ask.formatted("mixel data get --se"))).hasSize(1);
  }

  @Test
  void fishScriptNamesEachCommandAndOption() throws Exception {
    List<String> lines = Files.readAllLines(script("fish"));
    assertThat(lines)
        .contains(
            "complete -c mixel -n '__fish_use_subcommand' -f -a sample -d 'Draw samples of a"
                + " model.'")
        .anyMatch(line -> line.contains("_from fit' -s o -l output -r -F"))
        .anyMatch(line -> line.contains("_from data; and __fish_seen_subcommand_from list' -l"));
  }

  private Path script(String shell) throws IOException {
    String script = mixel("completion", shell).out();
    return Files.writeString(folder.resolve("completion." + shell), script);
  }

  private static List<String> shell(String shell, String command) throws Exception {
    Process process = new ProcessBuilder(shell, "-c", command).start();
    process.getOutputStream().close();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return lines;
  }

  private static boolean present(String program) throws InterruptedException {
    try {
      return new ProcessBuilder(program, "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
