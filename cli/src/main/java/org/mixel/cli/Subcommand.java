package org.mixel.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.mixel.tensor.Threads;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * One command: fields annotated with picocli's options, and {@link #run} that turns them into a
 * call. Whatever {@code run} throws becomes one line and an exit code (see {@link Failure}).
 */
abstract class Subcommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /**
   * Does the work.
   *
   * @param session the seed, where to report progress
   * @return what to print
   */
  abstract Answer run(Session session) throws Exception;

  /**
   * Goes on after the answer is printed: serves until it is stopped, or fails because of what the
   * answer says.
   *
   * @throws IOException if the answer is a bad one
   * @throws InterruptedException if this thread is told to stop
   */
  void goOn() throws IOException, InterruptedException {}

  @Override
  public final Integer call() throws Exception {
    Mixel mixel = (Mixel) spec.root().userObject();
    mixel.options().threads().ifPresent(Threads::limit);
    Session session = mixel.session(new OptionNames(spec));
    try (LoggedNotes logged = new LoggedNotes(session::note)) {
      session.print(run(session));
    }
    goOn();
    return ExitCode.OK;
  }
}
