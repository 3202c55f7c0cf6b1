package org.mixel.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mixel.cli.Mixel;
import picocli.CommandLine;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Writes the manual page of the program, and of each command, in AsciiDoc. */
public final class ManualPages {
  private static final boolean[] QUIET = {};

  /** Wide enough for the options of each command: a line that is broken breaks the markup. */
  private static final int ONE_LINE = 10_000;

  /** The value of an option, {@code _K[,K...]_}: AsciiDoc takes the brackets for its own. */
  private static final Pattern BRACKETS = Pattern.compile("(_[^_\\s\\[]+)\\[([^_\\s\\]]+)](_)");

  private ManualPages() {}

  /**
   * Writes the pages.
   *
   * @param arguments the folder that they go to
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    CommandLine commands = Mixel.allCommands().setUsageHelpWidth(ONE_LINE);
    int exitCode =
        ManPageGenerator.generateManPage(
            folder.toFile(), null, QUIET, true, commands.getCommandSpec());
    if (exitCode != 0) {
      throw new IOException(folder + ": the manual pages could not be written");
    }
    try (Stream<Path> pages = Files.list(folder)) {
      for (Path page : pages.toList()) {
        String text = Files.readString(page);
        Files.writeString(page, BRACKETS.matcher(text).replaceAll("$1{startsb}$2{endsb}$3"));
      }
    }
  }
}
