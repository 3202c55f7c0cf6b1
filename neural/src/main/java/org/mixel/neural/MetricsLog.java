package org.mixel.neural;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.mixel.WholeFile;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/**
 * The figures of a training, a line at a time, in two files: {@code NAME.metrics.jsonl}, one JSON
 * object a line, and {@code NAME.metrics.csv}, a table. Every line is there as soon as it is
 * written.
 *
 * <p>Not safe for use by several threads.
 */
public final class MetricsLog implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String STEP = "step";
  static final String STEPS_PER_SECOND = "steps_per_second";

  private final List<String> columns;
  private final Path jsonFile;
  private final Path csvFile;
  private final Writer json;
  private final Writer csv;

  private MetricsLog(List<String> columns, Path jsonFile, Path csvFile, Writer json, Writer csv) {
    this.columns = columns;
    this.jsonFile = jsonFile;
    this.csvFile = csvFile;
    this.json = json;
    this.csv = csv;
  }

  /**
   * Begins a log, or continues one.
   *
   * @param model the file that the log is beside
   * @param columns the names of all figures besides the step
   * @param done lines of later steps are dropped: they will be written again
   * @throws UncheckedIOException if the disk refuses
   */
  static MetricsLog open(Path model, List<String> columns, long done) {
    Path jsonFile = beside(model, ".metrics.jsonl");
    Path csvFile = beside(model, ".metrics.csv");
    try {
      List<ObjectNode> kept = done > 0 ? read(jsonFile, done) : List.of();
      WholeFile.write(
          jsonFile, part -> Files.write(part, kept.stream().map(ObjectNode::toString).toList()));
      WholeFile.write(
          csvFile,
          part -> {
            List<String> lines = new ArrayList<>();
            lines.add(STEP + "," + String.join(",", columns));
            kept.forEach(line -> lines.add(row(line, columns)));
            Files.write(part, lines);
          });
      return new MetricsLog(
          List.copyOf(columns), jsonFile, csvFile, append(jsonFile), append(csvFile));
    } catch (IOException e) {
      throw WholeFile.failure(jsonFile, e);
    }
  }

  /**
   * Reads a log.
   *
   * @param model the file that the log is beside
   * @return for every line its figures by name, {@code step} among them, those that are not finite
   *     left out; empty if there is no log
   * @throws UncheckedIOException if it cannot be read
   */
  public static List<Map<String, Double>> read(Path model) {
    Path file = beside(model, ".metrics.jsonl");
    try {
      return read(file, Long.MAX_VALUE).stream().map(MetricsLog::figures).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, Double> figures(ObjectNode line) {
    Map<String, Double> figures = new LinkedHashMap<>();
    line.properties().stream()
        .filter(field -> field.getValue().isNumber())
        .forEach(field -> figures.put(field.getKey(), field.getValue().asDouble()));
    return figures;
  }

  private static Path beside(Path model, String ending) {
    return model.resolveSibling(model.getFileName() + ending);
  }

  private static Writer append(Path file) throws IOException {
    return Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
  }

  private static List<ObjectNode> read(Path file, long done) throws IOException {
    List<ObjectNode> kept = new ArrayList<>();
    if (Files.isRegularFile(file)) {
      for (String line : Files.readAllLines(file)) {
        parse(line).filter(node -> node.path(STEP).asLong() <= done).ifPresent(kept::add);
      }
    }
    return kept;
  }

  /** A line that was cut off in the middle is none. */
  private static Optional<ObjectNode> parse(String line) {
    try {
      JsonNode node = JSON.readTree(line);
      return node instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Writes a line; figures that are not there are left out of the one file, empty in the other. */
  void write(long step, Map<String, Double> figures) {
    ObjectNode line = JSON.createObjectNode();
    line.put(STEP, step);
    figures.forEach(
        (name, value) -> {
          if (Double.isFinite(value)) {
            line.put(name, value);
          } else {
            line.putNull(name);
          }
        });
    append(json, jsonFile, line.toString());
    append(csv, csvFile, row(line, columns));
  }

  private static void append(Writer writer, Path file, String line) {
    try {
      writer.write(line + "\n");
      writer.flush();
    } catch (IOException e) {
      throw WholeFile.failure(file, e);
    }
  }

  private static String row(ObjectNode line, List<String> columns) {
    StringBuilder row = new StringBuilder(line.path(STEP).asText());
    for (String column : columns) {
      JsonNode figure = line.path(column);
      row.append(',').append(figure.isNumber() ? figure.asText() : "");
    }
    return row.toString();
  }

  @Override
  public void close() {
    try (json;
        csv) {
      json.flush();
    } catch (IOException e) {
      throw WholeFile.failure(jsonFile, e);
    }
  }

  /** A line in the making: the means of the figures of some steps, and their speed. */
  static final class Means {
    private static final String COUNTS = "counts";
    private static final String SUM = "sum.";

    private final Map<String, Double> sums = new LinkedHashMap<>();
    private long nanos;
    private long steps;

    /** Adds a step. */
    void add(Map<String, Double> figures, long took) {
      figures.forEach((name, value) -> sums.merge(name, value, Double::sum));
      nanos += took;
      steps++;
    }

    /** The means since the last call, with the number of steps in a second. */
    Map<String, Double> take() {
      Map<String, Double> means = new LinkedHashMap<>();
      sums.forEach((name, sum) -> means.put(name, sum / steps));
      means.put(STEPS_PER_SECOND, steps / (nanos / 1e9));
      sums.clear();
      nanos = 0;
      steps = 0;
      return means;
    }

    /** The sums since the last call of {@link #take}; they belong to the current scope. */
    Map<String, Tensor> state() {
      Map<String, Tensor> state = new LinkedHashMap<>();
      state.put(COUNTS, Tensors.of(new long[] {steps, nanos}, 2));
      sums.forEach((name, sum) -> state.put(SUM + name, Tensors.of(new double[] {sum}, 1)));
      return state;
    }

    /**
     * Resumes from a {@link #state}.
     *
     * @throws org.mixel.InputException if it is none
     */
    void restore(SafeTensors state) {
      long[] counts = Tensors.longs(state.get(COUNTS, 2));
      steps = counts[0];
      nanos = counts[1];
      state
          .below(SUM)
          .tensors()
          .forEach((name, sum) -> sums.put(name, Tensors.doubles(sum.reshape(1))[0]));
    }
  }
}
