package org.mixel.mfa.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.Density;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;
import org.mixel.tensor.Threads;

/**
 * The truncated E-step (after Salwig et al., <i>Sublinear variational optimization of Gaussian
 * mixture models with millions to billions of parameters</i>, 2026): each row keeps its few best
 * components, its candidates, and all others have no responsibility for it.
 *
 * <p>Rows are grouped by the component that is best for them, components of few rows together with
 * near ones. A group's rows are evaluated, in two matrix products, under the members of the group,
 * their {@link Neighbourhoods}, further candidates of the rows and some components to explore; the
 * best become the new candidates, and the same numbers tell which components are near: component
 * {@code c}'s neighbours are those with the smallest mean of {@code log p(x, c) - log p(x, k)} over
 * the rows that {@code c} won. The number of components evaluated per row does not depend on how
 * many there are.
 *
 * <p>The summed log-likelihood over candidates is a lower bound of the exact one, and no step
 * lowers the part of it that the best candidates make.
 */
final class TruncatedExpectation implements AutoCloseable {
  /** Rows that make a group's products large. */
  private static final int LEAST_ROWS = 256;

  private static final int MOST_ROWS = 1024;

  private final RowReader reader;
  private final RowWeights rowWeights;
  private final long seed;

  /** The candidates of every row, the best first. */
  private final int[] candidates;

  private final int width;
  private final Neighbourhoods neighbourhoods;
  private long steps;

  private TruncatedExpectation(
      RowReader reader, long seed, int[] candidates, Neighbourhoods neighbourhoods, long steps) {
    this.reader = reader;
    rowWeights = RowWeights.of(reader.samples());
    this.seed = seed;
    this.candidates = candidates;
    this.neighbourhoods = neighbourhoods;
    this.steps = steps;
    width = candidates.length / reader.samples().rows();
  }

  /**
   * Starts from the best of all components for every row: the only look at all of them, which costs
   * about as much as an exact E-step.
   */
  static TruncatedExpectation start(
      Samples samples,
      ComputeDevice device,
      Density density,
      Algorithm.TruncatedEm options,
      long seed) {
    int[] candidates = best(samples, device, density, options);
    Neighbourhoods neighbourhoods =
        Neighbourhoods.ofMeans(density.model().means(), options.neighbours());
    return new TruncatedExpectation(
        RowReader.of(samples, device), seed, candidates, neighbourhoods, 0);
  }

  /** The best of all components for every row. */
  static int[] best(
      Samples samples, ComputeDevice device, Density density, Algorithm.TruncatedEm options) {
    MixtureOfFactorAnalyzers model = density.model();
    int width = Math.min(options.candidates(), model.components());
    int[] candidates = new int[Math.multiplyExact(samples.rows(), width)];
    try (RowReader rows = RowReader.of(samples, device, model.type())) {
      rows.forEach(
          density.batchRows(),
          batch -> {
            Tensor joint = density.logJoint(batch.rows());
            int[] best = Tensors.ints(joint.topk(width, 1, true, true).get1());
            System.arraycopy(best, 0, candidates, batch.from() * width, best.length);
          });
    }
    return candidates;
  }

  /**
   * Rows with known candidates, for {@link #step(Density, SufficientStatistics, Progress.Stage,
   * SplittableRandom)} alone.
   *
   * @param candidates of these rows, the best first; changed by steps
   * @param neighbourhoods changed by steps
   */
  static TruncatedExpectation of(Samples samples, int[] candidates, Neighbourhoods neighbourhoods) {
    RowReader reader = RowReader.of(samples, ComputeDevice.CPU);
    return new TruncatedExpectation(reader, 0, candidates, neighbourhoods, 0);
  }

  /**
   * The random numbers that choose the components to explore in a step.
   *
   * @param step its number, from 1 on
   */
  static SplittableRandom random(long seed, long step) {
    return new SplittableRandom(new SplittableRandom(seed + 31 * step).nextLong());
  }

  /**
   * Goes on from a {@link #state}.
   *
   * @throws org.mixel.InputException if it is of another training, or damaged
   */
  static TruncatedExpectation resume(
      Samples samples,
      ComputeDevice device,
      Algorithm.TruncatedEm algorithm,
      TrainingOptions options,
      SafeTensors state) {
    int components = options.components();
    int width = Math.min(algorithm.candidates(), components);
    int neighbours = Math.min(algorithm.neighbours(), components);
    Tensor candidates = state.get("candidates", (long) samples.rows() * width);
    Tensor lists = state.get("neighbours", components, neighbours);
    requireBelow(components, candidates);
    requireBelow(components, lists);
    long steps = Tensors.longs(state.get("steps", 1))[0];
    return new TruncatedExpectation(
        RowReader.of(samples, device),
        options.seed(),
        Tensors.ints(candidates),
        Neighbourhoods.of(lists),
        steps);
  }

  private static void requireBelow(int components, Tensor index) {
    long[] values = Tensors.longs(index);
    if (Arrays.stream(values).anyMatch(k -> k < 0 || k >= components)) {
      throw new InputException("the checkpoint names components that do not exist");
    }
  }

  /** The state that the next step depends on, in the current scope. */
  Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put("candidates", Tensors.indices(candidates));
    state.put("neighbours", neighbourhoods.toTensor());
    state.put("steps", Tensors.of(new long[] {steps}, 1));
    return state;
  }

  /**
   * One step over all rows.
   *
   * @param statistics receives the rows' statistics; null only to settle the candidates
   * @return the mean over rows of the log-likelihood summed over candidates, in nats
   */
  double step(Density density, @Nullable SufficientStatistics statistics, Progress.Stage stage) {
    return step(density, statistics, stage, random(seed, ++steps)) / rowWeights.total();
  }

  /** The same, and the sum over rows instead of the mean. */
  double step(
      Density density,
      @Nullable SufficientStatistics statistics,
      Progress.Stage stage,
      SplittableRandom random) {
    double[] sum = {0};
    reader.forEach(
        reader.blockRows(), stage, block -> sum[0] += step(block, density, statistics, random));
    if (statistics != null) {
      statistics.count(rowWeights.total(), sum[0]);
    }
    return sum[0];
  }

  private double step(
      RowReader.Batch block,
      Density density,
      @Nullable SufficientStatistics statistics,
      SplittableRandom random) {
    int components = density.model().components();
    int from = block.from();
    int count = block.count();
    int[] won = new int[components];
    for (int row = from; row < from + count; row++) {
      won[candidates[row * width]]++;
    }
    int[] end = won.clone();
    Arrays.parallelPrefix(end, Integer::sum);
    int[] ordered = new int[count];
    int[] next = new int[components];
    for (int row = from; row < from + count; row++) {
      int k = candidates[row * width];
      ordered[end[k] - won[k] + next[k]++] = row;
    }
    List<Task> tasks = new ArrayList<>();
    for (int[] members : neighbourhoods.groups(won, LEAST_ROWS)) {
      int[] rows =
          Arrays.stream(members)
              .flatMap(k -> Arrays.stream(ordered, end[k] - won[k], end[k]))
              .toArray();
      for (int at = 0; at < rows.length; at += MOST_ROWS) {
        int[] part = Arrays.copyOfRange(rows, at, Math.min(rows.length, at + MOST_ROWS));
        int most = Math.max(3 * (neighbourhoods.size() + 1), width + 1);
        tasks.add(
            new Task(
                members,
                part,
                neighbourhoods.around(members, others(part, components), most, random),
                at == 0));
      }
    }
    return evaluate(block, density, tasks, statistics);
  }

  /**
   * Rows to evaluate together.
   *
   * @param members the components that won them
   * @param rows which
   * @param around the components to evaluate, members first
   * @param teaches whether the members' neighbours are learned from these rows: of the parts of a
   *     large group only the first, for the parts are evaluated at the same time
   */
  private record Task(int[] members, int[] rows, int[] around, boolean teaches) {}

  /**
   * Divides the tasks between threads; their statistics are added in order, so that they replay.
   */
  private double evaluate(
      RowReader.Batch block,
      Density density,
      List<Task> tasks,
      @Nullable SufficientStatistics statistics) {
    double[] bounds = new double[tasks.size()];
    Threads.Turns turns = new Threads.Turns();
    Threads.divide(
        density.model().device(),
        tasks.size(),
        (number, workers) -> {
          try {
            for (int i = number; i < bounds.length; i += workers) {
              int turn = i;
              bounds[i] =
                  evaluate(block, density, tasks.get(i), statistics, sum -> turns.take(turn, sum));
            }
          } catch (RuntimeException | Error e) {
            turns.fail();
            throw e;
          }
        });
    return Arrays.stream(bounds).sum();
  }

  /** Evaluates one task's rows. */
  private double evaluate(
      RowReader.Batch block,
      Density density,
      Task task,
      @Nullable SufficientStatistics statistics,
      Consumer<Runnable> inTurn) {
    int[] rows = task.rows();
    int[] around = task.around();
    try (NativeScope scope = new NativeScope()) {
      Tensor components = Tensors.indices(around).to(density.model().device(), ScalarType.Long);
      Tensor index = Tensors.indices(rows).sub_(new Scalar(block.from()));
      Density.Evaluated evaluated = density.expect(block, index, components);
      Tensor joint = evaluated.logJoint();
      T_TensorTensor_T best = joint.topk(Math.min(width, around.length), 1, true, true);
      Tensor total = torch.logsumexp(best.get0(), 1);
      remember(rows, around, best.get1());
      if (task.teaches()) {
        learnNeighbours(task, joint, best.get1());
      }
      if (statistics != null) {
        Tensor weights = torch.zeros_like(joint);
        weights.scatter_(1, best.get1(), best.get0().sub(total.unsqueeze(1)).exp_());
        weights.masked_fill_(
            weights.le(new Scalar(SufficientStatistics.NEGLIGIBLE)), new Scalar(0));
        rowWeights.multiply(weights, rows);
        Tensor active = weights.sum(0).nonzero().squeeze(1);
        if (active.size(0) == 0) {
          // Rows of weights that float32 takes for 0.
          inTurn.accept(() -> {});
          return rowWeights.sum(total, rows);
        }
        Tensor present = components.index_select(0, active);
        Tensor origin = density.model().means().index_select(0, present.narrow(0, 0, 1)).squeeze(0);
        statistics.add(
            present,
            density.precision(),
            block.less(origin.neg_(), index),
            weights.index_select(1, active),
            evaluated.whitened().index_select(2, active),
            inTurn);
      }
      return rowWeights.sum(total, rows);
    }
  }

  /** The rows' candidates that are not the best, the most frequent first. */
  private int[] others(int[] rows, int components) {
    int[] counts = new int[components];
    int[] different = new int[components];
    int size = 0;
    for (int row : rows) {
      for (int c = 1; c < width; c++) {
        int candidate = candidates[row * width + c];
        if (counts[candidate]++ == 0) {
          different[size++] = candidate;
        }
      }
    }
    return Arrays.stream(different, 0, size)
        .boxed()
        .sorted(Comparator.comparingInt(k -> -counts[k]))
        .mapToInt(k -> k)
        .toArray();
  }

  private void remember(int[] rows, int[] around, Tensor best) {
    long[] index = Tensors.longs(best);
    int kept = (int) best.size(1);
    for (int i = 0; i < rows.length; i++) {
      for (int c = 0; c < kept; c++) {
        candidates[rows[i] * width + c] = around[(int) index[i * kept + c]];
      }
    }
  }

  /** Re-estimates the lists of members that won some of the rows. */
  private void learnNeighbours(Task task, Tensor joint, Tensor best) {
    int[] members = task.members();
    // Members come first in around.
    Tensor winners = torch.zeros_like(joint);
    winners.scatter_(1, best.narrow(1, 0, 1), new Scalar(1));
    rowWeights.multiply(winners, task.rows());
    Tensor won = winners.narrow(1, 0, members.length);
    double[] counts = Tensors.doubles(won.sum(0));
    Tensor closeness = won.t().mm(joint);
    closeness.diagonal().fill_(new Scalar(Double.POSITIVE_INFINITY));
    int size = neighbourhoods.size();
    long[] nearest = Tensors.longs(closeness.topk(size, 1, true, true).get1());
    for (int m = 0; m < members.length; m++) {
      if (counts[m] > 0) {
        int first = m * size;
        neighbourhoods.replace(
            members[m],
            IntStream.range(first, first + size)
                .map(i -> task.around()[(int) nearest[i]])
                .toArray(),
            counts[m]);
      }
    }
  }

  @Override
  public void close() {
    reader.close();
  }
}
