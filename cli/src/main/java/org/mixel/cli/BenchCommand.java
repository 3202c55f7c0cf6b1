package org.mixel.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mixel.bench.Bench;
import org.mixel.bench.BenchCase;
import org.mixel.bench.BenchResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mixel bench}: the performance table of this machine. */
@Command(
    name = "bench",
    header = "Time each case beside its floor on this machine.",
    description = "Figures are medians of three repetitions; a case without its data is left out.",
    sortOptions = false)
final class BenchCommand extends Subcommand {
  @Parameters(
      arity = "0..*",
      paramLabel = "CASE",
      description = "Cases to run, or the first word of several, such as explore (default: all).")
  private List<String> names = List.of();

  @Option(names = "--list", description = "Tell what the cases are; run none.")
  private boolean list;

  private record Listed(String name, String measures) {}

  @Override
  Answer run(Session session) {
    List<BenchCase> cases = Bench.named(names);
    return list ? describe(cases) : measure(cases, session);
  }

  private static Answer describe(List<BenchCase> cases) {
    TextTable table = TextTable.of("case", "measures");
    List<Listed> listed = new ArrayList<>();
    for (BenchCase each : cases) {
      table.row(each.name(), each.measures());
      listed.add(new Listed(each.name(), each.measures()));
    }
    return Answer.of(Map.of("cases", listed), table);
  }

  private static Answer measure(List<BenchCase> cases, Session session) {
    TextTable table = TextTable.of("case", "seconds %.3g", "floor %.3g", "ratio %.2f", "note");
    List<BenchResult> results = new ArrayList<>();
    for (BenchCase each : cases) {
      BenchResult result = Bench.run(each, session.seed(), session.progress());
      results.add(result);
      table.row(
          result.name(), result.seconds(), result.floorSeconds(), result.ratio(), result.note());
    }
    return Answer.of(Map.of("cases", results), table);
  }
}
