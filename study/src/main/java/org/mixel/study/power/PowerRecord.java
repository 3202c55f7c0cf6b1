package org.mixel.study.power;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import org.mixel.InputException;
import org.mixel.WholeFile;

/**
 * The p-values of one repetition of a {@link PowerStudy}, in a small file that grows with each
 * fault that is done. Not safe for use by several threads.
 */
final class PowerRecord {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final String setting;
  private final Map<String, Done> faults = new LinkedHashMap<>();

  /** The measures that were looked at, and the p-values of those figures that have one. */
  private record Done(Set<String> measures, Map<String, Double> p) {}

  private PowerRecord(Path file, String setting) {
    this.file = file;
    this.setting = setting;
  }

  /**
   * Reads a record; it is empty if there is none, or none of this setting.
   *
   * @param setting all that the p-values depend on
   */
  static PowerRecord of(Path file, String setting) {
    PowerRecord record = new PowerRecord(file, setting);
    if (Files.isRegularFile(file)) {
      try {
        JsonNode root = JSON.readTree(Files.readAllBytes(file));
        if (root.path("setting").asText().equals(setting)) {
          root.path("faults")
              .fields()
              .forEachRemaining(each -> record.read(each.getKey(), each.getValue()));
        }
      } catch (JsonProcessingException e) {
        throw new InputException(
            file + ": not the record of a repetition; delete it to make it anew", e);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
      }
    }
    return record;
  }

  private void read(String fault, JsonNode node) {
    Done done = new Done(new TreeSet<>(), new LinkedHashMap<>());
    node.path("measures").forEach(each -> done.measures().add(each.asText()));
    node.path("p")
        .fields()
        .forEachRemaining(p -> done.p().put(p.getKey(), p.getValue().asDouble()));
    faults.put(fault, done);
  }

  /** The measures of a fault that are done. */
  Set<String> measures(String fault) {
    return faults.containsKey(fault) ? faults.get(fault).measures() : Set.of();
  }

  /** The p-values of a fault by figure. */
  Map<String, Double> p(String fault) {
    return faults.containsKey(fault) ? faults.get(fault).p() : Map.of();
  }

  /**
   * Adds what was found. A verdict goes by all figures of the record: one on fewer goes.
   *
   * @param verdict the p of these measures together
   */
  void add(String fault, Set<String> measures, Map<String, Double> p, OptionalDouble verdict) {
    Done done =
        faults.computeIfAbsent(fault, key -> new Done(new TreeSet<>(), new LinkedHashMap<>()));
    boolean more = done.measures().addAll(measures);
    done.p().putAll(p);
    if (verdict.isPresent() && done.measures().equals(measures)) {
      done.p().put(PowerRepetitions.VERDICT, verdict.getAsDouble());
    } else if (more) {
      done.p().remove(PowerRepetitions.VERDICT);
    }
  }

  /** Writes the file. */
  void write() {
    ObjectNode root = JSON.createObjectNode().put("setting", setting);
    ObjectNode all = root.putObject("faults");
    faults.forEach(
        (name, each) -> {
          ObjectNode node = all.putObject(name);
          each.measures().forEach(node.putArray("measures")::add);
          ObjectNode values = node.putObject("p");
          each.p().forEach(values::put);
        });
    WholeFile.write(file, part -> Files.write(part, JSON.writeValueAsBytes(root)));
  }
}
