package org.mixel.figure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.mixel.figure.ProportionPlot.Candidate;

/**
 * The live form of a {@link ProportionPlot}: an option of Apache ECharts. Its fixed parts are in
 * {@code proportions.json}, with colours by the names of {@link Ink}. Its series are the area, the
 * foot and the width of a band, and the edge of the reference, then the pattern of a candidate.
 * Bands of several sizes lie over one another.
 */
final class ProportionChart {
  private static final int LEGEND_LINE = 20;
  private static final int BELOW_LEGEND = 14;
  private static final int BELOW_GRID = 84;

  private final ProportionPlot plot;
  private final double[] reference;
  private final List<Candidate> candidates;
  private final int[] order;
  private final List<ProportionPlot.Band> bands;

  ProportionChart(ProportionPlot plot) {
    this.plot = plot;
    reference = plot.reference;
    candidates = plot.candidates;
    order = plot.order;
    bands = plot.bands;
  }

  /** The live plot, over a still drawing of the same. */
  Chart over(Drawing still) {
    ObjectNode option = template();
    ObjectNode grid = (ObjectNode) option.get("grid");
    int entries = 1 + candidates.size() + (bands.size() > 1 ? bands.size() : 0);
    int top = LEGEND_LINE * entries + BELOW_LEGEND;
    grid.put("top", top);
    ArrayNode ranks = ((ObjectNode) option.get("xAxis")).putArray("data");
    IntStream.rangeClosed(1, order.length).mapToObj(Integer::toString).forEach(ranks::add);
    ArrayNode series = (ArrayNode) option.get("series");
    ObjectNode pattern = (ObjectNode) series.remove(4);
    ArrayNode legend = (ArrayNode) option.at("/legend/data");
    fillReference(series, legend);
    for (int i = 0; i < candidates.size(); i++) {
      ObjectNode one = pattern.deepCopy();
      one.put("name", plot.title(candidates.get(i)));
      legend.add(one.get("name"));
      fill(one, candidates.get(i), candidates.size() == 1 ? Ink.MUTED : Ink.series(i));
      series.add(one);
    }
    int height = top + grid.get("height").asInt() + BELOW_GRID;
    return new Chart(still, height, data(option).toString());
  }

  private ObjectNode data(ObjectNode option) {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    ArrayNode places = data.putArray("places");
    for (int rank = 0; rank < order.length; rank++) {
      places.add("bin %d, number %d by size".formatted(order[rank], rank + 1));
    }
    return data.set("option", option);
  }

  private void fillReference(ArrayNode series, ArrayNode legend) {
    ObjectNode area = (ObjectNode) series.get(0);
    ObjectNode foot = (ObjectNode) series.remove(1);
    ObjectNode width = (ObjectNode) series.remove(1);
    ObjectNode edge = (ObjectNode) series.remove(1);
    String name = plot.referenceName();
    area.put("name", name);
    edge.put("name", name);
    ((ObjectNode) legend.get(0)).put("name", name);
    for (int i = 0; i < bands.size(); i++) {
      fillBand(series, foot.deepCopy(), width.deepCopy(), bands.get(i));
      if (bands.size() > 1) {
        // As dark as the band on the wider ones.
        double opacity = 1 - Math.pow(1 - width.at("/areaStyle/opacity").asDouble(), i + 1.0);
        ObjectNode entry = legend.addObject().put("name", bands.get(i).name()).put("icon", "rect");
        entry.putObject("itemStyle").put("opacity", opacity).set("color", pair(Ink.BAND));
      }
    }
    ArrayNode shares = area.putArray("data");
    ArrayNode hints = edge.putArray("data");
    for (int bin : order) {
      String hint = "reference " + Shares.percent(reference[bin]);
      if (candidates.size() == 1) {
        hint += " ± " + Shares.percent(candidates.get(0).standardErrors()[bin]);
      }
      shares.add(percent(reference[bin]));
      hints.addObject().put("value", percent(reference[bin])).put("hint", hint);
    }
    series.add(edge);
  }

  private void fillBand(
      ArrayNode series, ObjectNode foot, ObjectNode width, ProportionPlot.Band band) {
    ArrayNode feet = foot.putArray("data");
    ArrayNode widths = width.putArray("data");
    for (int bin : order) {
      double low = Math.max(0, reference[bin] - band.errors()[bin]);
      feet.add(percent(low));
      widths.add(percent(reference[bin] + band.errors()[bin] - low));
    }
    for (ObjectNode one : List.of(foot, width)) {
      series.add(one.put("name", band.name()).put("stack", band.name()));
    }
  }

  private void fill(ObjectNode series, Candidate candidate, Ink ink) {
    ((ObjectNode) series.get("lineStyle")).set("color", pair(ink));
    series.putObject("itemStyle").set("color", pair(ink));
    ArrayNode data = series.putArray("data");
    for (int bin : order) {
      double share = candidate.proportions()[bin];
      String hint =
          "%s %s, %s"
              .formatted(candidate.name(), Shares.percent(share), Shares.z(candidate.z()[bin]));
      if (candidates.size() > 1) {
        hint += ", ± " + Shares.percent(candidate.standardErrors()[bin]);
      }
      ObjectNode item = data.addObject().put("value", percent(share)).put("hint", hint);
      if (candidate.differs()[bin]) {
        boolean over = share > reference[bin];
        item.put("hint", hint + (over ? ", over-filled" : ", under-filled"))
            .put("symbol", "triangle")
            .put("symbolSize", Math.max(6, Math.min(9, 1500 / order.length)))
            .put("symbolRotate", over ? 0 : 180);
        if (candidates.size() == 1) {
          item.putObject("itemStyle").set("color", pair(over ? Ink.OVER : Ink.UNDER));
        }
      }
    }
  }

  /** A proportion in percent, to a millionth: finer than a row of any set. */
  private static double percent(double share) {
    return Math.rint(share * 1e8) / 1e6;
  }

  private static ObjectNode template() {
    try (InputStream in = ProportionChart.class.getResourceAsStream("proportions.json")) {
      JsonNode option = new ObjectMapper().readTree(in);
      color(option);
      return (ObjectNode) option;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts pairs of colours for names of inks. */
  private static void color(JsonNode node) {
    for (Map.Entry<String, JsonNode> each : node.properties()) {
      if (each.getKey().toLowerCase(Locale.ROOT).endsWith("color")) {
        Ink ink = Ink.valueOf(each.getValue().asText().toUpperCase(Locale.ROOT));
        ((ObjectNode) node).set(each.getKey(), pair(ink));
      }
    }
    node.forEach(ProportionChart::color);
  }

  private static ArrayNode pair(Ink ink) {
    return JsonNodeFactory.instance.arrayNode().add(ink.lightHex()).add(ink.darkHex());
  }
}
