package org.mixel.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.figure.Chart;
import org.mixel.ndb.Ndb;
import org.mixel.ndb.NdbReport;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.VoronoiBins;
import org.mixel.report.Block;
import org.mixel.report.HtmlReport;
import org.mixel.report.Report;
import org.mixel.tensor.ComputeDevice;

/** The page shows every bin that differs, once, and all candidates on every number of bins. */
class NdbSectionsTest {
  private static final ImageShape SHAPE = new ImageShape(1, 2, 2);
  private static final String HOSTILE = "</script><b>\"wide\"";
  private static final List<Integer> BINS = List.of(12, 40);

  private static NdbReport images;
  private static List<Report.Section> sections;

  @BeforeAll
  static void evaluate() {
    Samples reference = rows("reference", 2000, 1, SHAPE, 1);
    List<Samples> candidates =
        List.of(rows(HOSTILE, 2000, 1.6, SHAPE, 2), rows("narrow", 1500, 0.6, SHAPE, 3));
    images = run(BINS, reference, candidates);
    sections = NdbSections.sections(images, reference, candidates);
  }

  private static Samples rows(
      String name, int rows, double spread, @Nullable ImageShape shape, long seed) {
    Random random = new Random(seed);
    float[] values = new float[rows * 4];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.5 + 0.1 * spread * random.nextGaussian());
    }
    return StoredSamples.ofFloats(name, 4, shape, values);
  }

  private static NdbReport run(List<Integer> bins, Samples reference, List<Samples> candidates) {
    Ndb.Options options =
        Ndb.Options.defaults()
            .withBinning(VoronoiBins.Options.defaults().withRestarts(1))
            .withBins(bins)
            .withSeeds(5, 2);
    return Ndb.run(reference, candidates, options, ComputeDevice.CPU, Progress.SILENT);
  }

  /** Results on the bins of the first seed. */
  private static List<NdbResult> shown(NdbReport report, String candidate) {
    return report.results().stream()
        .filter(result -> result.candidate().equals(candidate) && result.seed() == 5)
        .toList();
  }

  private static Report.Section section(String heading) {
    return sections.stream().filter(s -> s.heading().equals(heading)).findFirst().orElseThrow();
  }

  /** A block and what is folded into it. */
  private static Stream<Block> all(Block block) {
    return block instanceof Block.Folded folded
        ? folded.blocks().stream().flatMap(NdbSectionsTest::all)
        : Stream.of(block);
  }

  private static List<Integer> numbers(Stream<Block> blocks, String pattern) {
    return blocks
        .filter(Block.Picture.class::isInstance)
        .map(block -> ((Block.Picture) block).figure().html(""))
        .flatMap(html -> Pattern.compile(pattern).matcher(html).results())
        .map(match -> Integer.valueOf(match.group(1)))
        .toList();
  }

  @Test
  void everyBinThatDiffersIsPicturedByEffectOverFilledOnesFirst() {
    for (String candidate : List.of(HOSTILE, "narrow")) {
      List<Integer> expected = new ArrayList<>();
      for (NdbResult result : shown(images, candidate)) {
        for (boolean over : new boolean[] {true, false}) {
          result.different().stream()
              .filter(bin -> result.tests().get(bin).difference() > 0 == over)
              .forEach(expected::add);
        }
      }
      Report.Section section = section("Bins that " + candidate + " over-fills and under-fills");
      Stream<Block> blocks = section.blocks().stream().flatMap(NdbSectionsTest::all);
      assertThat(expected).hasSizeGreaterThan(20);
      assertThat(numbers(blocks, ">bin (\\d+): ")).isEqualTo(expected);
    }
  }

  @Test
  void fourBinsOfAGroupAreOpenAndTheRestUnfolds() {
    List<Block> blocks = section("Bins that narrow over-fills and under-fills").blocks();
    NdbResult many = shown(images, "narrow").get(1);
    long over = many.different().stream().filter(b -> many.tests().get(b).difference() > 0).count();
    assertThat(over).isGreaterThan(4);
    assertThat(blocks)
        .filteredOn(Block.Picture.class::isInstance)
        .allMatch(block -> numbers(Stream.of(block), ">bin (\\d+): ").size() <= 4);
    assertThat(blocks)
        .filteredOn(Block.Folded.class::isInstance)
        .extracting(block -> ((Block.Folded) block).summary())
        .contains((over - 4) + " more over-filled of 40 bins");
  }

  @Test
  void eachNumberOfBinsHasOnePlotOfAllCandidates() {
    assertThat(sections.stream().map(Report.Section::heading).limit(2))
        .containsExactly("Bin proportions, 12 bins", "Bin proportions, 40 bins");
    for (int i = 0; i < BINS.size(); i++) {
      Chart chart = (Chart) ((Block.Picture) sections.get(i).blocks().get(0)).figure();
      for (String candidate : List.of(HOSTILE, "narrow")) {
        NdbResult result = shown(images, candidate).get(i);
        String title =
            String.format(
                Locale.ROOT,
                "%s (%,d rows): %d of %d bins differ",
                candidate.replace("\"", "\\\""),
                result.rows(),
                result.ndb(),
                BINS.get(i));
        assertThat(chart.data()).contains(title);
      }
    }
  }

  @Test
  void theLargestAndSmallestBinsStandInTheirOrder() {
    List<Block> blocks = section("The bins").blocks();
    assertThat(blocks).hasSize(2).allMatch(Block.Folded.class::isInstance);
    int[] counts = images.binsOf(shown(images, "narrow").get(1)).counts();
    List<Integer> bins = numbers(all(blocks.get(1)), ">(\\d+): ");
    assertThat(bins).hasSize(30).doesNotHaveDuplicates();
    assertThat(bins).isSortedAccordingTo((a, b) -> counts[b] - counts[a]);
    assertThat(numbers(all(blocks.get(0)), ">(\\d+): ")).as("of 12 bins").hasSize(12);
  }

  @Test
  void rowsThatAreNoImagesStandInTables() {
    Samples reference = rows("reference", 2000, 1, null, 1);
    List<Samples> candidates = List.of(rows("wide", 2000, 1.6, null, 2));
    NdbReport report = run(List.of(60), reference, candidates);
    List<Report.Section> told = NdbSections.sections(report, reference, candidates);
    assertThat(told).hasSize(2);
    List<Block.Table> tables =
        told.get(1).blocks().stream()
            .flatMap(NdbSectionsTest::all)
            .filter(Block.Table.class::isInstance)
            .map(Block.Table.class::cast)
            .toList();
    List<String> bins = new ArrayList<>();
    tables.forEach(table -> table.rows().forEach(row -> bins.add(row.get(0))));
    assertThat(bins).hasSize(shown(report, "wide").stream().mapToInt(NdbResult::ndb).sum());
    assertThat(tables).allMatch(t -> t.columns().size() == 5);
    assertThat(told.get(1).blocks()).as("long ones").anyMatch(Block.Folded.class::isInstance);
  }

  @Test
  void theSameReportGivesTheSamePage() {
    Report report = new Report("t", "l", List.of(), sections, "f");
    String html = HtmlReport.html(report);
    assertThat(HtmlReport.html(report)).isEqualTo(html);
    assertThat(html).doesNotContain("<b>");
    assertThat(html.split("<script>", -1)).as("one drawing library, one script").hasSize(3);
  }
}
