package org.mixel.spark.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.mixel.OutputPlace;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.ndb.DistantRows;
import org.mixel.ndb.Ndb;
import org.mixel.ndb.NdbReport;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.ReferenceMode;
import org.mixel.ndb.VoronoiBins;
import org.mixel.page.NdbNotes;
import org.mixel.page.NdbPage;
import org.mixel.spark.DatasetRows;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * NDB of a reference and candidates: the figures, the document and the page of {@code mixel ndb}.
 */
@Command(
    name = "ndb",
    description = "Test whether samples have the distribution of a reference set.",
    mixinStandardHelpOptions = true)
final class SparkNdb implements Callable<Integer> {
  private static final VoronoiBins.Options PLACED = VoronoiBins.Options.defaults();

  @Mixin private Cluster cluster = new Cluster();

  @Mixin private DataChoice choice = new DataChoice();

  @Parameters(index = "0", paramLabel = "REFERENCE", description = "The reference set.")
  private String reference = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "CANDIDATE",
      description = "The sets to test.")
  private List<String> candidates = List.of();

  @Option(
      names = "--bins",
      split = ",",
      paramLabel = "K",
      description = "Numbers of bins (default: 100,200,300).")
  private List<Integer> bins = Ndb.Options.defaults().bins();

  @Option(
      names = "--reference",
      paramLabel = "held-out|paper",
      defaultValue = "held-out",
      description = "(${DEFAULT-VALUE})")
  private String mode = "held-out";

  @Option(names = "--whiten", description = "Divide each pixel by its standard deviation.")
  private boolean whiten;

  @Option(
      names = "--restarts",
      paramLabel = "N",
      defaultValue = "10",
      description = "k-means restarts (${DEFAULT-VALUE}).")
  private int restarts;

  @Option(
      names = "--max-rows",
      paramLabel = "N",
      defaultValue = "80000",
      description = "At most so many rows place the bins (${DEFAULT-VALUE}).")
  private int maxRows;

  @Option(
      names = "--candidate-rows",
      paramLabel = "N",
      description = "Test at most so many rows of each candidate (default: all).")
  private int candidateRows = Integer.MAX_VALUE;

  @Option(
      names = "--alpha",
      paramLabel = "A",
      defaultValue = "0.05",
      description = "Significance level of each bin's test (${DEFAULT-VALUE}).")
  private double alpha;

  @Option(
      names = "--seeds",
      paramLabel = "S",
      defaultValue = "1",
      description = "Place the bins so many times, from --seed on.")
  private int seeds;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "0",
      description = "Fixes all choices.")
  private long seed;

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "Write a page with plots and pictures of the bins that differ.")
  private @Nullable Path page;

  @Option(names = "--json", description = "Write one JSON document.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    Ndb.Options options = options();
    if (page != null) {
      OutputPlace.requireFile(page);
    }
    List<DatasetRows> sets = new ArrayList<>();
    try (SparkSession session = cluster.session()) {
      try {
        sets.add(open(session, reference));
        for (String candidate : candidates) {
          sets.add(open(session, candidate));
        }
        List<DistantRows> tested = List.copyOf(sets.subList(1, sets.size()));
        NdbReport report = Ndb.run(sets.get(0), tested, options, Progress.SILENT);
        tell(report, sets);
      } finally {
        sets.forEach(DatasetRows::close);
      }
    }
    return 0;
  }

  private Ndb.Options options() {
    return Ndb.Options.defaults()
        .withBins(bins)
        .withSeeds(seed, seeds)
        .withAlpha(alpha)
        .withCandidateRows(candidateRows)
        .withBinning(
            PLACED
                .withMode(ReferenceMode.of(mode))
                .withWhiten(whiten)
                .withRestarts(restarts)
                .withMaxRows(maxRows));
  }

  private DatasetRows open(SparkSession session, String data) {
    DataChoice.Opened opened = choice.open(session, data);
    return DatasetRows.of(data, opened.rows(), opened.column(), opened.shape());
  }

  private void tell(NdbReport report, List<DatasetRows> sets) throws Exception {
    String advice = "compare both with unseen rows (mixel ndb --unseen DATA)";
    List<String> notes =
        NdbNotes.of(report, advice).stream().map(SparkCommand::withoutBackquotes).toList();
    if (page != null) {
      List<Samples> rows = shown(report, sets);
      new NdbPage(report, List.of(), notes, rows, rows.get(0)).write(page, "mixel spark ndb");
    }
    if (json) {
      ObjectNode document = report.toJson();
      notes.forEach(document.putArray("notes")::add);
      System.out.println(new ObjectMapper().writeValueAsString(document));
      return;
    }
    report.results().forEach(System.out::println);
    if (report.results().size() > 1) {
      report
          .joint()
          .forEach(
              test ->
                  System.out.printf(
                      Locale.ROOT,
                      "%s: p of all sets of bins at once %.3f, by Holm %.3f%n",
                      test.candidate(),
                      test.p(),
                      test.pHolm()));
    }
    notes.forEach(note -> System.err.println("note: " + note));
  }

  /** The reference and the candidates, with the rows that a page shows. */
  private static List<Samples> shown(NdbReport report, List<DatasetRows> sets) {
    return IntStream.range(0, sets.size())
        .<Samples>mapToObj(
            i ->
                ShownRows.of(
                    sets.get(i),
                    i == 0
                        ? report.bins().stream().map(VoronoiBins::members).toList()
                        : report.results().stream()
                            .filter(each -> each.candidate().equals(sets.get(i).name()))
                            .map(NdbResult::members)
                            .toList()))
        .toList();
  }
}
