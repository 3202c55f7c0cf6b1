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
  /**
   * Makes the script for bash one that zsh finds in its {@code fpath} by its first line. zsh has no
   * {@code compopt}.
   */
  private static final String ZSH_START =
      """
      #compdef mixel
      function compopt { :; }
      """;

  /** zsh calls the whole file when it completes for the first time. */
  private static final String ZSH_END =
      """

      if [ "${funcstack[1]}" = _mixel ]; then _bash_complete -o default -F _complete_mixel; fi
      """;

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
          case BASH -> AutoComplete.bash("mixel", commands);
          case ZSH -> ZSH_START + AutoComplete.bash("mixel", commands) + ZSH_END;
          case FISH -> FishCompletion.of(commands.getCommandSpec());
        };
    return Answer.of(Map.of("script", script), script.stripTrailing());
  }
}
