package org.mixel.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mixel.doctor.Machine;
import org.mixel.doctor.SelfTest;
import picocli.CommandLine.Command;

/** {@code mixel doctor}: whether the installation works. */
@Command(
    name = "doctor",
    header = "Show what this machine offers, and test the installation in seconds.",
    description = "The text belongs into a report of a problem.",
    sortOptions = false)
final class DoctorCommand extends Subcommand {
  private static final String LINE = "%-18s%s%n";

  private List<String> failed = List.of();

  @Override
  Answer run(Session session) {
    Machine machine = Machine.here();
    List<SelfTest.Outcome> outcomes = SelfTest.run(session.progress());
    failed =
        outcomes.stream().filter(outcome -> !outcome.passed()).map(SelfTest.Outcome::name).toList();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("version", Version.inOneLine());
    document.put("machine", machine.facts());
    document.put("self_test", outcomes);
    return Answer.of(document, text(machine, outcomes));
  }

  private static String text(Machine machine, List<SelfTest.Outcome> outcomes) {
    StringBuilder text = new StringBuilder(Version.inOneLine() + "\n\n");
    for (Machine.Fact fact : machine.facts()) {
      text.append(LINE.formatted(fact.subject(), fact.finding()));
      if (fact.advice() != null) {
        text.append(LINE.formatted("", "-> " + fact.advice()));
      }
    }
    text.append("\n");
    for (SelfTest.Outcome outcome : outcomes) {
      text.append(
          LINE.formatted(
              outcome.name(),
              "%s %s (%.1f s)"
                  .formatted(
                      outcome.passed() ? "works:" : "FAILS:",
                      outcome.finding(),
                      outcome.seconds())));
    }
    return text.toString().stripTrailing();
  }

  @Override
  void goOn() throws IOException {
    if (!failed.isEmpty()) {
      throw new IOException("does not work here: " + String.join(", ", failed));
    }
  }
}
