package org.mixel.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mixel.figure.ProportionPlot.Candidate;

/** The live plot holds every number of the still one, and no name can break out of its data. */
class ProportionChartTest {
  private static final double[] REFERENCE = {0.2, 0.5, 0.3};
  private static final Candidate FIRST = candidate("first");
  private static final Candidate SECOND =
      new Candidate(
          "second",
          1000,
          new double[] {0.2, 0.4, 0.4},
          new double[] {0.02, 0.1, 0.4},
          new double[] {0, -3, Double.NaN},
          new boolean[] {false, true, false});

  private static Candidate candidate(String name) {
    return new Candidate(
        name,
        1000,
        new double[] {0.4, 0.5, 0.1},
        new double[] {0.04, 0.05, 0.03},
        new double[] {5, 0, -6},
        new boolean[] {true, false, true});
  }

  /** The data that the page's script reads. */
  private static JsonNode data(Chart chart) {
    String html = chart.html("shares");
    String start = "<script type=\"application/json\">";
    int from = html.indexOf(start) + start.length();
    try {
      return new ObjectMapper().readTree(html.substring(from, html.indexOf("</script>", from)));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void binsFallInOrderOfTheReferenceWithAllNumbers() {
    JsonNode data = data(ProportionPlot.of(REFERENCE, List.of(FIRST, SECOND)));
    assertThat(data.at("/places"))
        .extracting(JsonNode::asText)
        .containsExactly(
            "bin 1, number 1 by size", "bin 2, number 2 by size", "bin 0, number 3 by size");
    JsonNode series = data.at("/option/series");
    assertThat(series).hasSize(6);
    assertThat(series.at("/0/data"))
        .extracting(JsonNode::asDouble)
        .containsExactly(50.0, 30.0, 20.0);
    assertThat(series.at("/3/data/0/hint").asText()).isEqualTo("reference 50.00 %");
    assertThat(series.at("/4/data"))
        .extracting(item -> item.get("value").asDouble())
        .containsExactly(50.0, 10.0, 40.0);
    assertThat(series.at("/4/data"))
        .extracting(item -> item.get("hint").asText())
        .containsExactly(
            "first 50.00 %, z = +0.0, ± 5.00 %",
            "first 10.00 %, z = −6.0, ± 3.00 %, under-filled",
            "first 40.00 %, z = +5.0, ± 4.00 %, over-filled");
    assertThat(series.at("/5/data/1/hint").asText())
        .isEqualTo("second 40.00 %, z undefined, ± 40.00 %");
  }

  @Test
  void theBandOfOneSizeIsItsWidestErrorAndEndsAtZero() {
    JsonNode series =
        data(ProportionPlot.of(REFERENCE, List.of(FIRST, SECOND))).at("/option/series");
    assertThat(series.at("/1/data"))
        .extracting(JsonNode::asDouble)
        .containsExactly(40.0, 0.0, 16.0);
    assertThat(series.at("/2/data"))
        .extracting(JsonNode::asDouble)
        .containsExactly(20.0, 70.0, 8.0);
  }

  @Test
  void candidatesOfAnotherSizeHaveABandOfTheirOwn() {
    Candidate few =
        new Candidate(
            "few",
            100,
            SECOND.proportions(),
            SECOND.standardErrors(),
            SECOND.z(),
            SECOND.differs());
    JsonNode option = data(ProportionPlot.of(REFERENCE, List.of(FIRST, few))).get("option");
    JsonNode series = option.get("series");
    assertThat(series)
        .extracting(each -> each.get("name").asText())
        .containsExactly(
            "reference",
            "± standard error, 100 rows",
            "± standard error, 100 rows",
            "± standard error, 1,000 rows",
            "± standard error, 1,000 rows",
            "reference",
            "first (1,000 rows): 2 of 3 bins differ",
            "few (100 rows): 1 of 3 bins differ");
    assertThat(option.at("/legend/data")).hasSize(5);
    assertThat(series.at("/1/stack")).isEqualTo(series.at("/2/stack"));
    assertThat(series.at("/3/stack")).isNotEqualTo(series.at("/2/stack"));
    assertThat(series.at("/2/data"))
        .extracting(JsonNode::asDouble)
        .containsExactly(20.0, 70.0, 4.0);
    assertThat(series.at("/4/data")).extracting(JsonNode::asDouble).containsExactly(10.0, 6.0, 8.0);
  }

  @Test
  void differingBinsCarryATriangleThatPointsTheirWay() {
    JsonNode items =
        data(ProportionPlot.of(REFERENCE, List.of(FIRST, SECOND))).at("/option/series/4/data");
    assertThat(items.at("/0").has("symbol")).isFalse();
    assertThat(items.at("/1/symbol").asText()).isEqualTo("triangle");
    assertThat(items.at("/1/symbolRotate").asInt()).isEqualTo(180);
    assertThat(items.at("/2/symbolRotate").asInt()).isZero();
    assertThat(items.at("/2").has("itemStyle")).as("the candidate's own colour").isFalse();
  }

  @Test
  void aCandidateAloneIsColouredByOverAndUnder() {
    Chart chart = ProportionPlot.of(REFERENCE, List.of(FIRST));
    JsonNode items = data(chart).at("/option/series/4/data");
    assertThat(items.at("/1/itemStyle/color/0").asText()).isEqualTo(Ink.UNDER.lightHex());
    assertThat(items.at("/2/itemStyle/color/1").asText()).isEqualTo(Ink.OVER.darkHex());
    assertThat(Marks.triangles(chart.still(), Ink.OVER, true)).as("and in its legend").isEqualTo(2);
  }

  @Test
  void everySeriesIsInTheLegend() {
    JsonNode option = data(ProportionPlot.of(REFERENCE, List.of(FIRST, SECOND))).get("option");
    List<String> legend = new ArrayList<>();
    option
        .at("/legend/data")
        .forEach(e -> legend.add(e.has("name") ? e.get("name").asText() : e.asText()));
    assertThat(legend)
        .hasSize(3)
        .contains("first: 2 of 3 bins differ", "second: 1 of 3 bins differ");
    assertThat(option.get("series")).extracting(s -> s.get("name").asText()).isSubsetOf(legend);
  }

  @Test
  void coloursArePairs() {
    List<JsonNode> colours =
        data(ProportionPlot.of(REFERENCE, List.of(FIRST, SECOND))).findValues("color");
    assertThat(colours).hasSizeGreaterThan(10).allMatch(pair -> pair.isArray() && pair.size() == 2);
  }

  @Test
  void aHostileNameStaysAName() {
    String hostile = "</script><script>alert(1)</script><!-- \"' \u2028 ]]> {b|x}";
    Chart chart = ProportionPlot.of(REFERENCE, List.of(candidate(hostile), SECOND));
    String html = chart.html(hostile);
    assertThat(html.split("<script", -1)).hasSize(2);
    assertThat(html.split("</script", -1)).hasSize(2);
    assertThat(html).doesNotContain("<!--");
    assertThat(data(chart).at("/option/series/4/data/0/hint").asText()).startsWith(hostile);
  }

  @Test
  void theStillDrawingIsThere() {
    Chart chart = ProportionPlot.of(REFERENCE, List.of(FIRST, SECOND));
    assertThat(chart.html("shares")).endsWith(chart.still().html("shares"));
    assertThat(chart.width()).isEqualTo(chart.still().width());
    assertThatThrownBy(() -> ProportionPlot.of(new double[2], List.of(FIRST)))
        .hasMessage("first has 3 bins, the reference 2");
  }
}
