package org.mixel.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.DivergedException;
import org.mixel.InputException;
import org.mixel.cli.Runs.Action;
import org.mixel.cli.Runs.Outcome;
import picocli.CommandLine;

/** Options are named as users type them, and only where the command has them. */
class OptionNamesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fit      | lower `learningRate`, which is 0.1 | lower --learning-rate, which is 0.1",
        "fit      | add `size` 32x32 or `crop`         | add --size 32x32 or --crop",
        "ndb      | lower `learningRate`.              | lower learning rate.",
        "data get | x.zip: 3x4; add `size` 3x3         | x.zip: 3x4; add size 3x3",
        "fit      | a `b`.npy, `c d` and /`size`/x     | a `b`.npy, `c d` and /`size`/x",
        "score    | x`noise`y; use --device cpu        | x`noise`y; use --device cpu",
        "train    | (`criticSteps`): `seed` $1         | (--critic-steps): --seed $1",
        "train    | a checkpoint is kept to `resume` from | a checkpoint is kept to --resume from",
        "study    | a checkpoint is kept to `resume` from | a checkpoint is kept to resume from",
      })
  void aNameInBackquotesBecomesAnOption(String command, String message, String printed) {
    CommandLine line = Mixel.allCommands();
    for (String name : command.split(" ")) {
      line = requireNonNull(line.getSubcommands().get(name));
    }
    assertThat(new OptionNames(line.getCommandSpec()).in(message)).isEqualTo(printed);
  }

  @Test
  void theNameOfAFileStaysAsItIs() {
    CommandLine line = Mixel.allCommands();
    line.parseArgs("fit", "my `size` x", "--test=/a `crop` b/", "-o", "`noise` m");
    OptionNames names =
        new OptionNames(requireNonNull(line.getSubcommands().get("fit")).getCommandSpec());

    assertThat(
            names.in("my `size` x: 3x4, those of /a `crop` b/ 3x3; add `size` 3x3 or `crop` to it"))
        .isEqualTo("my `size` x: 3x4, those of /a `crop` b/ 3x3; add --size 3x3 or --crop to it");
    assertThat(names.in("/a `crop` b/c `seed` d.png: 3x4; add `size` 3x3"))
        .isEqualTo("/a `crop` b/c `seed` d.png: 3x4; add --size 3x3");
    assertThat(names.in("`noise` m: is there already; `seed` $1"))
        .isEqualTo("`noise` m: is there already; --seed $1");
  }

  @Test
  void errorsNotesAndDivergedTrainingsAreSpelledForTheCommand() {
    Action notes =
        session -> {
          session.note("give more `components` or `learningRate`");
          session.progress().tell("see `components`");
          System.getLogger("org.mixel").log(System.Logger.Level.INFO, "log `components`");
          throw new InputException("x: lower `components`");
        };
    assertThat(Runs.run(notes, "act"))
        .isEqualTo(
            new Outcome(
                2,
                "",
                "note: give more --components or learning rate\nnote: see --components\n"
                    + "note: log --components\n"
                    + "mixel: x: lower --components\n"));
    Action diverged =
        session -> {
          throw new DivergedException("sgd diverged; lower `learningRate` or `seed`");
        };
    assertThat(Runs.run(diverged, "--quiet", "act"))
        .isEqualTo(new Outcome(1, "", "mixel: sgd diverged; lower learning rate or --seed\n"));
  }
}
