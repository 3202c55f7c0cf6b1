package org.mixel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.InputException;
import org.mixel.cli.Runs.Action;
import org.mixel.cli.Runs.Outcome;

/** Scripts can tell from the exit code what happened, and people from one line. */
class ExitCodesTest {
  private static final Action DONE = session -> Answer.of(List.of(), "done");

  @Test
  void doneIsZero() {
    assertThat(Runs.run(DONE, "act")).isEqualTo(new Outcome(0, "done\n", ""));
  }

  @Test
  void anUnusableInputIsTwoEvenFromAnotherThread() {
    Action action =
        session -> {
          throw new CompletionException(new InputException("x.png: is\nnot\u001b[31m an image"));
        };
    assertThat(Runs.run(action, "act"))
        .isEqualTo(new Outcome(2, "", "mixel: x.png: is not [31m an image\n"));
  }

  @Test
  void whatFailsWhileWorkingIsOne() {
    assertFailure(new RuntimeException("size mismatch\nException raised from x"), "size mismatch");
    assertFailure(new UncheckedIOException("cannot write a: full", new IOException()), "write a");
    assertFailure(new NoSuchFileException("a/b"), "a/b: no such file");
    assertFailure(new OutOfMemoryError("Java heap space"), "MIXEL_JAVA_OPTS");
    assertFailure(new IllegalStateException(), "internal error: IllegalStateException (--debug");
    assertFailure(new StackOverflowError(), "internal error: StackOverflowError");
  }

  @Test
  void memoryThatTheSystemRefusesIsNotBlamedOnTheHeap() {
    for (Throwable refusal :
        List.of(
            new RuntimeException(
                "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate"
                    + " memory: you tried to allocate 8000000000 bytes.\nException raised from x"),
            new RuntimeException("std::bad_alloc"),
            new OutOfMemoryError("Cannot allocate new FloatPointer(9): totalBytes = 9"),
            new UncheckedIOException(new IOException("Map failed", new OutOfMemoryError())))) {
      assertFailure(refusal, "mixel: out of memory beside Java's heap; use smaller batches,");
    }
    assertFailure(
        new RuntimeException("CUDA out of memory. Tried to allocate 2 GiB."),
        "mixel: out of memory of the GPU; use smaller batches,");
    assertFailure(
        new OutOfMemoryError("unable to create native thread: possibly out of memory"),
        "use fewer with --threads");
  }

  private static void assertFailure(Throwable thrown, String message) {
    Outcome outcome = Runs.run(session -> sneakyThrow(thrown), "act");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).startsWith("mixel: ").contains(message).hasLineCount(1);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T, E extends Throwable> T sneakyThrow(Throwable thrown) throws E {
    throw (E) thrown;
  }

  @Test
  void debugShowsTheStackTraceWhereverItStands() {
    Action action =
        session -> {
          throw new InputException("no");
        };
    for (String[] args : new String[][] {{"act", "--debug"}, {"--debug", "act"}}) {
      assertThat(Runs.run(action, args).err())
          .startsWith("mixel: no\norg.mixel.InputException: no\n\tat ");
    }
  }

  @Test
  void aFullDiskBehindTheStandardOutputIsAFailure() {
    assertThat(Runs.run(failing("No space left on device"), DONE, "act"))
        .isEqualTo(new Outcome(1, "", "mixel: cannot print the answer: No space left on device\n"));
  }

  @Test
  void aReaderThatHasSeenEnoughIsLeftInPeace() {
    assertThat(Runs.run(failing("Broken pipe"), DONE, "act")).isEqualTo(new Outcome(1, "", ""));
  }

  private static OutputStream failing(String reason) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(reason);
      }
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "atc | unknown command atc; did you mean act? (see mixel --help)",
        "frobnicate | unknown command frobnicate (see mixel --help)",
        "act --componets=3 | unknown option --componets; did you mean --components?"
            + " (see mixel act --help)",
        "act --xyzzy | unknown option --xyzzy (see mixel act --help)",
        "act more | unexpected argument more (see mixel act --help)",
        "act --seed x | invalid value for option '--seed': 'x' is not a long (see mixel act --help)",
        "--json | no command given (see mixel --help)",
      })
  void wrongUsageIsTwo(String arguments, String message) {
    assertThat(Runs.run(DONE, arguments.split(" ")))
        .isEqualTo(new Outcome(2, "", "mixel: " + message + "\n"));
  }

  @Test
  void threadsMustBePositive() {
    assertThat(Runs.run(DONE, "act", "--threads", "0"))
        .isEqualTo(new Outcome(2, "", "mixel: --threads must be at least 1, got 0\n"));
    Outcome tooMany = Runs.run(DONE, "act", "--threads", "100000");
    assertThat(tooMany.exitCode()).isEqualTo(2);
    assertThat(tooMany.err())
        .startsWith("mixel: --threads must be at most ")
        .endsWith(" on this machine, got 100000\n");
  }
}
