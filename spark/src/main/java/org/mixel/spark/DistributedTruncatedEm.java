package org.mixel.spark;

import static org.mixel.InputException.require;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.bytedeco.pytorch.Tensor;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.training.Algorithm;
import org.mixel.mfa.training.BlockTruncation;
import org.mixel.mfa.training.BlockTruncation.Turn;
import org.mixel.mfa.training.Pass;
import org.mixel.mfa.training.SufficientStatistics;
import org.mixel.spark.KeyedSums.Candidates;
import org.mixel.spark.KeyedSums.Component;
import org.mixel.spark.KeyedSums.Part;
import org.mixel.spark.KeyedSums.Total;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/**
 * Truncated EM whose E-step is made where the rows are. The candidates of the rows, a few numbers
 * each, are the driver's: it gives each task those of its rows, and takes the new ones back. So an
 * executor that is lost takes nothing along, and a task that is run again finds what it found
 * before. Each task learns lists of neighbours for itself; of a component, the list that was
 * learned from most rows is kept.
 *
 * @param rows the same in each pass, in the same partitions
 * @param counts rows of each partition
 */
record DistributedTruncatedEm(DistributedRows rows, int[] counts, Algorithm.TruncatedEm local)
    implements Algorithm {
  @Override
  public String trainer() {
    return local.trainer();
  }

  @Override
  public Map<String, String> toMetadata() {
    Map<String, String> all = new TreeMap<>(local.toMetadata());
    all.put("engine", "spark");
    return all;
  }

  @Override
  public boolean allowsWeights() {
    return true;
  }

  @Override
  public int mostJudges(int trained, int components) {
    return local.mostJudges(trained, components);
  }

  @Override
  public Pass begin(Pass.Setting setting) {
    Steps steps = new Steps(this, setting.options().seed());
    if (!setting.state().tensors().isEmpty()) {
      steps.resume(setting.state(), setting.options().components());
    }
    return steps;
  }

  /**
   * The input of tasks besides the model.
   *
   * @param candidates of each task's rows; empty if they have none yet
   * @param gathers whether sums are wanted, or only candidates
   */
  private record Step(
      List<Broadcast<int[]>> candidates,
      Broadcast<int[][]> neighbours,
      long seed,
      long number,
      Algorithm.TruncatedEm local,
      boolean gathers)
      implements Serializable {
    /** The sums, candidates and lists of a task. */
    Iterator<Part> run(
        int task, Iterator<Samples> rows, org.mixel.mfa.MixtureOfFactorAnalyzers model) {
      BlockTruncation truncation =
          BlockTruncation.of(
              model, local, neighbours.value(), new Turn(seed, number, task), gathers);
      DistributedRows.closeAfterTask(truncation);
      int[] known = candidates.isEmpty() ? null : candidates.get(task).value();
      int width = BlockTruncation.width(model, local);
      IntStream.Builder found = IntStream.builder();
      int at = 0;
      while (rows.hasNext()) {
        Samples block = rows.next();
        int end = at + block.rows() * width;
        int[] own = known == null ? null : Arrays.copyOfRange(known, at, end);
        IntStream.of(truncation.add(block, own)).forEach(found::add);
        at = end;
      }
      int components = model.components();
      Total total = new Total(truncation.rows(), truncation.logLikelihood());
      return Stream.concat(
              IntStream.range(0, components).mapToObj(k -> new Part(k, task, told(truncation, k))),
              Stream.of(
                  new Part(components, task, total),
                  new Part(components + 1 + task, task, new Candidates(found.build().toArray()))))
          .iterator();
    }

    private Component told(BlockTruncation truncation, int k) {
      double taught = truncation.taught(k);
      return new Component(
          gathers ? truncation.statistics().sums(k) : null,
          taught > 0 ? truncation.neighbours(k) : null,
          taught);
    }
  }

  /** The steps of a training. */
  private static final class Steps implements Pass {
    private final DistributedTruncatedEm training;
    private final long seed;
    private int[][] neighbours = {};

    /** Of each task's rows; empty before the first step. */
    private int[][] candidates = {};

    private long steps;

    Steps(DistributedTruncatedEm training, long seed) {
      this.training = training;
      this.seed = seed;
    }

    void resume(SafeTensors state, int components) {
      int width = Math.min(training.local.candidates(), components);
      int listed = Math.min(training.local.neighbours(), components);
      long rows = IntStream.of(training.counts).asLongStream().sum();
      int[] flat = known(Tensors.ints(state.get("candidates", rows * width)), components);
      int at = 0;
      candidates = new int[training.counts.length][];
      for (int task = 0; task < candidates.length; task++) {
        int end = at + training.counts[task] * width;
        candidates[task] = Arrays.copyOfRange(flat, at, end);
        at = end;
      }
      int[] lists = known(Tensors.ints(state.get("neighbours", components, listed)), components);
      neighbours = new int[components][];
      for (int k = 0; k < components; k++) {
        neighbours[k] = Arrays.copyOfRange(lists, k * listed, (k + 1) * listed);
      }
      steps = Tensors.longs(state.get("steps", 1))[0];
    }

    private static int[] known(int[] named, int components) {
      if (IntStream.of(named).anyMatch(k -> k < 0 || k >= components)) {
        throw new InputException("the checkpoint names components that do not exist");
      }
      return named;
    }

    @Override
    public SufficientStatistics expect(
        org.mixel.mfa.MixtureOfFactorAnalyzers model, Progress.Stage stage) {
      if (candidates.length == 0) {
        neighbours = BlockTruncation.neighbours(model, training.local);
        BlockTruncation.settle(
            () ->
                step(model, false).stream()
                    .map(Part::load)
                    .filter(Total.class::isInstance)
                    .map(Total.class::cast)
                    .mapToDouble(Total::meanLogLikelihood)
                    .findFirst()
                    .orElseThrow());
      }
      return SufficientStatistics.gather(
          model,
          statistics ->
              step(model, true).forEach(part -> DistributedEm.add(part, statistics, stage)));
    }

    /** One step, whose candidates and lists are taken over. */
    private List<Part> step(org.mixel.mfa.MixtureOfFactorAnalyzers model, boolean gathers) {
      JavaSparkContext context =
          JavaSparkContext.fromSparkContext(training.rows.blocks().context());
      List<Broadcast<int[]>> known = Stream.of(candidates).map(context::broadcast).toList();
      Broadcast<int[][]> lists = context.broadcast(neighbours);
      try {
        Step step = new Step(known, lists, seed, ++steps, training.local, gathers);
        List<Part> parts = training.rows.pass(model, step::run);
        candidates = new int[training.counts.length][];
        parts.forEach(this::takeOver);
        return parts;
      } finally {
        known.forEach(Broadcast::destroy);
        lists.destroy();
      }
    }

    private void takeOver(Part part) {
      if (part.load() instanceof Component component && component.neighbours() != null) {
        neighbours[part.component()] = component.neighbours();
      } else if (part.load() instanceof Candidates found) {
        candidates[part.task()] = found.values();
      }
    }

    @Override
    public Map<String, Tensor> state() {
      Map<String, Tensor> state = new LinkedHashMap<>();
      if (steps > 0) {
        state.put("candidates", flat(candidates));
        state.put("neighbours", flat(neighbours).view(neighbours.length, neighbours[0].length));
        state.put("steps", Tensors.of(new long[] {steps}, 1));
      }
      return state;
    }

    private static Tensor flat(int[][] numbers) {
      long all = Stream.of(numbers).mapToLong(each -> each.length).sum();
      require(
          all <= Integer.MAX_VALUE,
          "a checkpoint holds at most %,d candidates, not %,d; use fewer for each row, or no checkpoint"
              .formatted(Integer.MAX_VALUE, all));
      return Tensors.indices(Stream.of(numbers).flatMapToInt(IntStream::of).toArray());
    }
  }
}
