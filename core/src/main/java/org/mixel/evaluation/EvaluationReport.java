package org.mixel.evaluation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mixel.memorization.Memorization;
import org.mixel.ndb.NdbReport;

/**
 * Candidates compared with a reference. Immutable.
 *
 * @param reference name of the reference
 * @param rows its rows
 * @param dims values of a row
 * @param compared name of the set that the candidates were compared with
 * @param comparedRows its rows
 * @param results one for each candidate, in their order
 * @param ndb the bins and the tests on them; null if they were not asked for
 * @param notes what was left out and why, a line each
 */
public record EvaluationReport(
    String reference,
    int rows,
    int dims,
    String compared,
    int comparedRows,
    List<CandidateReport> results,
    @Nullable NdbReport ndb,
    List<String> notes) {
  /** Keeps its own copies of the lists. */
  public EvaluationReport {
    results = List.copyOf(results);
    notes = List.copyOf(notes);
  }

  /** Whether candidates repeat rows of the reference, in their order; empty if not asked for. */
  public List<Memorization> memorized() {
    return results.stream().map(CandidateReport::memorization).flatMap(Stream::ofNullable).toList();
  }

  /** The same with other results. */
  EvaluationReport withResults(List<CandidateReport> others) {
    return new EvaluationReport(reference, rows, dims, compared, comparedRows, others, ndb, notes);
  }

  /** The same with other notes. */
  public EvaluationReport withNotes(List<String> lines) {
    return new EvaluationReport(reference, rows, dims, compared, comparedRows, results, ndb, lines);
  }

  /** The document that {@code mixel evaluate --json} prints. */
  public ObjectNode toJson() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ObjectNode known = root.putObject("reference");
    known.put("name", reference).put("rows", rows).put("dims", dims);
    known.putObject("counted").put("name", compared).put("rows", comparedRows);
    ArrayNode array = root.putArray("results");
    results.forEach(result -> array.add(result.toJson()));
    notes.forEach(root.putArray("notes")::add);
    return root;
  }
}
