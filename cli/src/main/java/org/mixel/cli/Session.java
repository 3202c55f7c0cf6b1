package org.mixel.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.mixel.Progress;

/** One run of a command: its common options, where it reports and where its answer goes. */
final class Session {
  /** How a note begins, so that nobody takes it for an error. */
  static final String NOTE = "note: ";

  private final CommonOptions options;
  private final OutputStream out;
  private final PrintStream err;
  private final Progress progress;
  private final OptionNames names;

  Session(CommonOptions options, OptionNames names, OutputStream out, PrintStream err) {
    this.options = options;
    this.names = names;
    this.out = out;
    this.err = err;
    Progress shown =
        TerminalWidth.columns().isPresent()
            ? new BarProgress(err, TerminalWidth.columns().getAsInt())
            : new LineProgress(err, System::nanoTime);
    progress = options.quiet() ? Progress.SILENT : names.in(shown);
  }

  /** The seed to replay this run with. */
  long seed() {
    return options.seed();
  }

  /** A bar on a terminal, an occasional line elsewhere, nothing with {@code --quiet}. */
  Progress progress() {
    return progress;
  }

  /** Tells the user something that is not part of the answer, on the standard error; one line. */
  void note(String line) {
    progress.tell(line);
  }

  /** A message of the library, with options spelled as the command knows them. */
  String spelled(String message) {
    return names.in(message);
  }

  /** Says a last thing before the program ends, whatever a bar has drawn. */
  void part(String line) {
    if (!options.quiet()) {
      err.println((TerminalWidth.columns().isPresent() ? "\n" : "") + NOTE + line);
    }
  }

  /** Prints the answer as text or, with {@code --json}, as a document. */
  void print(Answer answer) {
    Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    try {
      if (options.json()) {
        Json.write(writer, answer.document());
      } else {
        answer.text().writeTo(writer);
      }
      writer.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot print the answer: " + e.getMessage(), e);
    }
  }
}
