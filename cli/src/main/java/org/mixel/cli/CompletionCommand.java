package org.mixel.cli;

import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code mixel completion}: scripts that let a shell complete commands and options. */
@Command(
    name = "completion",
    header = "Print a script that completes commands and options in a shell.",
    description = {
      "bash: mixel completion bash > ~/.local/share/bash-completion/completions/mixel",
      "zsh:  source <(mixel completion zsh)",
      "fish: mixel completion fish > ~/.config/fish/completions/mixel.fish"
    },
    sortOptions = false)
final class CompletionCommand extends Subcommand {
  /** The shells that have a script. */
  enum Shell {
    BASH,
    ZSH,
    FISH
  }

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  private Shell shell;

  @Override
  Answer run(Session session) {
    CommandLine commands = Mixel.allCommands();
    String script =
        switch (shell) {
          case BASH, ZSH -> AutoComplete.bash("mixel", commands);
          case FISH -> FishCompletion.of(commands.getCommandSpec());
        };
    return Answer.of(Map.of("script", script), script.stripTrailing());
  }
}
