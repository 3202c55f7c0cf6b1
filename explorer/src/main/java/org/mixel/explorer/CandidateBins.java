package org.mixel.explorer;

import static org.mixel.explorer.Refusal.CONFLICT;
import static org.mixel.explorer.Refusal.NOT_FOUND;
import static org.mixel.explorer.Refusal.require;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.ndb.Ndb;
import org.mixel.ndb.NdbReport;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.VoronoiBins;
import org.mixel.stat.AdjustedP;
import org.mixel.tensor.ComputeDevice;

/** NDB of the data and each candidate: the bins, what falls into them and what lives there. */
final class CandidateBins {
  private static final int BINS = 100;

  /** There are fewer bins where the smaller set has fewer rows than this for each. */
  private static final int ROWS_PER_BIN = 10;

  private static final int MEMBERS = 32;
  private static final int COMPONENTS = 3;

  private final List<Samples> candidates;
  private final long seed;
  private final AtomicReferenceArray<Task> tasks;
  private final AtomicReferenceArray<Tested> tested;

  /**
   * A candidate in its bins.
   *
   * @param bins of the data
   * @param home the bin of each row of the data
   * @param assigned the bin of each row of the candidate
   * @param document what is sent
   */
  private record Tested(VoronoiBins bins, int[] home, int[] assigned, ObjectNode document) {}

  CandidateBins(List<Samples> candidates, long seed) {
    this.candidates = candidates;
    this.seed = seed;
    tasks = new AtomicReferenceArray<>(candidates.size());
    tested = new AtomicReferenceArray<>(candidates.size());
    for (int c = 0; c < candidates.size(); c++) {
      tasks.set(c, Task.RUNNING);
    }
  }

  /**
   * Places the bins and tests all candidates.
   *
   * @param components the most probable component of each row of the data, or null if not known
   */
  void run(Samples data, int @Nullable [] components, Progress progress) {
    try {
      int fewest = data.rows();
      for (Samples candidate : candidates) {
        fewest = Math.min(fewest, candidate.rows());
      }
      int count = Math.max(2, Math.min(BINS, fewest / ROWS_PER_BIN));
      VoronoiBins.Options options = VoronoiBins.Options.defaults().withBins(count).withSeed(seed);
      VoronoiBins bins = VoronoiBins.fit(data, options, ComputeDevice.CPU, progress);
      int[] home = bins.assign(data, ComputeDevice.CPU, progress);
      for (int c = 0; c < candidates.size(); c++) {
        test(c, bins, home, components, progress);
      }
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException | OutOfMemoryError e) {
      for (int c = 0; c < candidates.size(); c++) {
        tasks.compareAndSet(c, Task.RUNNING, Task.failed(e));
      }
    }
  }

  private void test(
      int c, VoronoiBins bins, int[] home, int @Nullable [] components, Progress progress) {
    Samples candidate = candidates.get(c);
    try {
      NdbReport report =
          Ndb.run(
              List.of(bins),
              List.of(candidate),
              Ndb.Options.defaults(),
              ComputeDevice.CPU,
              progress);
      int[] assigned = bins.assign(candidate, ComputeDevice.CPU, progress);
      ObjectNode document = document(report, VoronoiBins.count(assigned, bins.bins()));
      addComponents(document, bins.bins(), home, components);
      tested.set(c, new Tested(bins, home, assigned, document));
      tasks.set(c, Task.DONE);
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException | OutOfMemoryError e) {
      tasks.set(c, Task.failed(e));
    }
  }

  private ObjectNode document(NdbReport report, int[] counts) {
    NdbResult result = report.results().get(0);
    VoronoiBins bins = report.bins().get(0);
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("candidate", result.candidate())
            .put("bins", result.bins())
            .put("seed", seed)
            .put("reference_rows", result.referenceRows())
            .put("candidate_rows", result.rows())
            .put("ndb_over_k", result.ndbOverK())
            .put("js", result.js())
            .put("js_excess", result.excess().value())
            .put("joint_p", report.joint().get(0).p());
    add(node.putArray("reference"), bins.counts());
    add(node.putArray("candidate_counts"), counts);
    add(node.putArray("z"), result.tests().stream().mapToDouble(test -> test.z()));
    add(node.putArray("p"), DoubleStream.of(result.pValues()));
    add(node.putArray("holm"), DoubleStream.of(AdjustedP.holm(result.exactPValues())));
    add(node.putArray("bh"), DoubleStream.of(AdjustedP.benjaminiHochberg(result.exactPValues())));
    return node;
  }

  private static void add(ArrayNode array, int[] values) {
    IntStream.of(values).forEach(array::add);
  }

  private static void add(ArrayNode array, DoubleStream values) {
    values.forEach(array::add);
  }

  /** Of each bin the components that own most of the data's rows in it, with their shares. */
  private static void addComponents(
      ObjectNode node, int bins, int[] home, int @Nullable [] components) {
    ArrayNode all = node.putArray("components");
    int most = components == null ? 0 : IntStream.of(components).max().orElse(0) + 1;
    int[][] counts = new int[bins][most];
    int[] rows = VoronoiBins.count(home, bins);
    for (int i = 0; components != null && i < home.length; i++) {
      counts[home[i]][components[i]]++;
    }
    for (int bin = 0; bin < bins; bin++) {
      int[] own = counts[bin];
      int inBin = rows[bin];
      ArrayNode list = all.addArray();
      IntStream.range(0, most)
          .filter(k -> own[k] > 0)
          .boxed()
          .sorted(Comparator.comparingInt((Integer k) -> -own[k]).thenComparing(k -> k))
          .limit(COMPONENTS)
          .forEach(k -> list.addArray().add(k).add((double) own[k] / inBin));
    }
  }

  /** How far each candidate is. */
  ArrayNode progress() {
    ArrayNode states = JsonNodeFactory.instance.arrayNode();
    for (int c = 0; c < candidates.size(); c++) {
      Task task = tasks.get(c);
      states.addObject().put("state", task.state()).put("error", task.error());
    }
    return states;
  }

  /** The figures of a candidate, or that it is still being tested. */
  Reply document(int candidate) {
    Task task = tasks.get(candidate);
    if (task == Task.RUNNING) {
      return Reply.json(202, JsonNodeFactory.instance.objectNode().put("state", task.state()));
    }
    return Reply.json(tested(candidate).document());
  }

  /** Rows of both sets in a bin, the nearest to its centre first. */
  Reply members(int candidate, String bin, Samples data) {
    Tested found = tested(candidate);
    int number = Request.below(bin, found.bins().bins(), "bin");
    float[] stored = found.bins().center(number);
    double[] centre = IntStream.range(0, stored.length).mapToDouble(j -> stored[j]).toArray();
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    add(node.putArray("reference"), nearest(centre, data, found.home(), number));
    add(
        node.putArray("candidate"),
        nearest(centre, candidates.get(candidate), found.assigned(), number));
    return Reply.json(node);
  }

  private static int[] nearest(double[] centre, Samples rows, int[] bins, int bin) {
    int[] inside = IntStream.range(0, bins.length).filter(i -> bins[i] == bin).toArray();
    return Neighbours.nearest(centre, rows, inside, MEMBERS).stream()
        .mapToInt(Neighbours.Neighbour::row)
        .toArray();
  }

  private Tested tested(int candidate) {
    Task task = tasks.get(candidate);
    require(task != Task.RUNNING, CONFLICT, "the bins are not ready yet; try again");
    Tested found = tested.get(candidate);
    if (found == null) {
      throw new Refusal(NOT_FOUND, "there are no bins: " + task.error());
    }
    return found;
  }
}
