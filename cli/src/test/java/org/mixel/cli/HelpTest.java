package org.mixel.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mixel.cli.Runs.mixel;

import java.io.OutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mixel.cli.Runs.Outcome;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Help tells what there is, soon, and warns where a file is a program. */
class HelpTest {
  @Test
  void everyCommandExplainsItself() {
    String listed = mixel("--help").out();
    for (String name : Mixel.allCommands().getSubcommands().keySet()) {
      Outcome help = mixel(name, "--help");
      assertThat(help.exitCode()).isZero();
      assertThat(help.out()).contains("Usage: mixel " + name).contains("--json", "--seed");
      assertThat(listed).contains("\n  " + name + " ");
    }
  }

  @Test
  void onlyTheOptionsOfTheCommandThatRunsAreRead() {
    Mixel mixel = new Mixel(OutputStream.nullOutputStream(), System.err);
    CommandLine line = mixel.commandLine("fit"::equals);
    assertThat(options(line, "fit")).anyMatch(option -> option.longestName().equals("--factors"));
    assertThat(options(line, "train")).noneMatch(option -> option.longestName().equals("--steps"));
    assertThat(options(Mixel.allCommands(), "train"))
        .anyMatch(option -> option.longestName().equals("--steps"));
  }

  @Test
  void optionsThatTakeProgramsSayThatTheyDo() {
    List<String> taking =
        Mixel.allCommands().getSubcommands().values().stream()
            .flatMap(command -> command.getCommandSpec().options().stream())
            .filter(option -> option.paramLabel().contains(".pt") || says(option, "TorchScript"))
            .map(option -> String.join(" ", option.description()))
            .toList();
    assertThat(taking)
        .hasSizeGreaterThan(4)
        .allSatisfy(text -> assertThat(text).contains("a program, so take only what you trust"));
  }

  private static boolean says(OptionSpec option, String word) {
    return String.join(" ", option.description()).contains(word);
  }

  private static List<OptionSpec> options(CommandLine line, String command) {
    return requireNonNull(line.getSubcommands().get(command)).getCommandSpec().options();
  }
}
