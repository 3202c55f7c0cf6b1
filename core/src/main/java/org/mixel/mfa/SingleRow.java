package org.mixel.mfa;

import static org.mixel.InputException.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.Tensors;

/**
 * Questions about one row at a time, each under a mask of its own, answered in arrays: what {@link
 * Conditional} says of that row, without preparing anything for the mask. For many rows under one
 * mask {@link Conditional} is faster.
 *
 * <p>Owns native memory until {@link #close()}; safe to use from several threads.
 */
public final class SingleRow implements AutoCloseable {
  /** Squares of what is larger are too large for a double. */
  private static final double LARGEST_DOUBLE = 1e150;

  private final MixtureOfFactorAnalyzers model;
  private final MixtureOfFactorAnalyzers posterior;
  private @Nullable WholeRows ofModel;
  private @Nullable WholeRows ofPosterior;

  private SingleRow(MixtureOfFactorAnalyzers model) {
    this.model = model;
    posterior = model.forPosteriors();
  }

  /**
   * @param model must stay open as long as this
   */
  public static SingleRow of(MixtureOfFactorAnalyzers model) {
    return new SingleRow(model);
  }

  /** Does now what the first question would otherwise do first. */
  public void prepare() {
    ofModel();
    ofPosterior();
  }

  private synchronized WholeRows ofModel() {
    if (ofModel == null) {
      ofModel = WholeRows.of(model);
    }
    return ofModel;
  }

  private synchronized WholeRows ofPosterior() {
    if (ofPosterior == null) {
      ofPosterior = WholeRows.of(posterior);
    }
    return ofPosterior;
  }

  /**
   * A row whose hidden values are completed; observed values are kept as they are, unless all are
   * observed: then the row is reconstructed.
   *
   * @param component the most probable component given the observed values
   * @param mostProbable {@code [d]}, the paper's completion: that component alone ({@link
   *     Conditional#mostProbable})
   * @param mean {@code [d]}, the mean under the whole mixture ({@link Conditional#mean})
   * @param deviation {@code [d]}, the standard deviation of the values under the whole mixture,
   *     noise included; 0 where observed ({@link Conditional#variance})
   * @param draws each {@code [d]}, drawn from the posterior without noise ({@link
   *     Conditional#sample})
   */
  public record Completion(
      int component,
      double[] mostProbable,
      double[] mean,
      double[] deviation,
      List<double[]> draws) {
    /** Keeps its own copy of the list. */
    public Completion {
      draws = List.copyOf(draws);
    }
  }

  /**
   * Completes a row.
   *
   * @param row {@code d} values; hidden ones are not read
   * @param observed which of them are known, unless they are NaN; none need be
   * @param draws how many draws, at least 1
   * @param seed fixes the draws: those of {@link Inpainting} on this row alone
   * @throws InputException if the row or the mask has another number of values than the model, or
   *     an observed value is infinite or too large: beyond float32 for a model in float32, beyond
   *     1e150 for one in float64
   */
  public Completion complete(double[] row, boolean[] observed, int draws, long seed) {
    require(draws >= 1, "draws must be at least 1, got " + draws);
    require(
        observed.length == model.dims(),
        "the mask covers %d values, but the model has %d".formatted(observed.length, model.dims()));
    boolean[] known = known(row, observed);
    try (NativeScope scope = new NativeScope()) {
      RowPosterior given = RowPosterior.of(ofPosterior(), row, known);
      Tensor weights = torch.softmax(given.logJoint(), 0);
      Tensor matter = weights.gt(negligible()).nonzero().select(1, 0);
      Tensor mean = mean(given, weights, matter);
      int component = (int) given.logJoint().argmax().item().toLong();
      Tensor most = index(component);
      double[] mostProbable = decode(most, given.mean().index_select(0, most));
      double[] deviation = Tensors.doubles(variance(given, weights, matter, mean).sqrt_());
      double[] expected = Tensors.doubles(mean);
      List<double[]> drawn = draw(given, weights, draws, seed);
      if (!all(known)) {
        keep(row, known, expected);
        keep(row, known, mostProbable);
        drawn.forEach(each -> keep(row, known, each));
      }
      for (int j = 0; j < known.length; j++) {
        deviation[j] = known[j] ? 0 : deviation[j];
      }
      return new Completion(component, mostProbable, expected, deviation, drawn);
    }
  }

  /**
   * Natural logs of {@code pi_k p(x_o | k)}, in float64, where {@code x_o} are the values that are
   * not NaN. Their {@code logsumexp} is the row's log-likelihood.
   *
   * @param row {@code d} values
   * @return a new array of {@code K} numbers, in nats
   * @throws InputException if the row has another number of values than the model, or a value is
   *     infinite or too large, as for {@link #complete}
   */
  public double[] logJoint(double[] row) {
    boolean[] all = new boolean[model.dims()];
    Arrays.fill(all, true);
    boolean[] known = known(row, all);
    try (NativeScope scope = new NativeScope()) {
      return Tensors.doubles(RowPosterior.of(ofModel(), row, known, true).logJoint());
    }
  }

  private boolean[] known(double[] row, boolean[] observed) {
    require(
        row.length == model.dims(),
        "the row has %d values, but the model has %d".formatted(row.length, model.dims()));
    double largest = model.type() == ScalarType.Double ? LARGEST_DOUBLE : Float.MAX_VALUE;
    boolean[] known = new boolean[row.length];
    for (int j = 0; j < row.length; j++) {
      known[j] = observed[j] && !Double.isNaN(row[j]);
      require(
          !known[j] || Math.abs(row[j]) <= largest,
          "value %d of the row is infinite or too large".formatted(j));
    }
    return known;
  }

  private static boolean all(boolean[] known) {
    for (boolean each : known) {
      if (!each) {
        return false;
      }
    }
    return true;
  }

  private static void keep(double[] row, boolean[] known, double[] completed) {
    for (int j = 0; j < row.length; j++) {
      completed[j] = known[j] ? row[j] : completed[j];
    }
  }

  private Scalar negligible() {
    return new Scalar(model.type() == ScalarType.Double ? 1e-14 : 1e-6);
  }

  private Tensor index(int... components) {
    return Tensors.indices(components).to(model.device(), ScalarType.Long);
  }

  /** {@code A_k z + mu_k} of one component. */
  private double[] decode(Tensor component, Tensor z) {
    return Tensors.doubles(new Decoder(model).rows(component, z.to(model.type())));
  }

  private Tensor mean(RowPosterior given, Tensor weights, Tensor matter) {
    return new Decoder(model)
        .sums(
            matter,
            given.mean().index_select(0, matter).to(model.type()),
            weights.index_select(0, matter).to(model.type()),
            index(0))
        .view(model.dims());
  }

  /** Within the components and between their means (law of total variance). */
  private Tensor variance(RowPosterior given, Tensor weights, Tensor matter, Tensor mean) {
    Tensor sum = torch.zeros_like(mean);
    NativeScope.inParts(
        matter.size(0),
        WholeRows.group(model),
        (from, count) -> {
          Tensor some = matter.narrow(0, from, count);
          Tensor z = given.mean().index_select(0, some).to(model.type());
          Tensor root = given.root().index_select(0, some).to(model.type());
          Tensor within = root.bmm(model.loadings().index_select(0, some)).square_().sum(1);
          Tensor spread =
              new Decoder(model)
                  .rows(some, z)
                  .sub_(mean)
                  .square_()
                  .add_(within)
                  .add_(model.noiseVariance().index_select(0, some));
          sum.add_(torch.mv(spread.t(), weights.index_select(0, some).to(model.type())));
        });
    return sum;
  }

  private List<double[]> draw(RowPosterior given, Tensor weights, int draws, long seed) {
    try (RandomStream random = RandomStream.of(seed)) {
      Tensor uniform = random.uniform(model.device(), draws, 1).to(ScalarType.Double);
      Tensor components =
          weights
              .unsqueeze(0)
              .cumsum(1)
              .lt(uniform)
              .sum(1)
              .clamp_max(new Scalar(model.components() - 1));
      Tensor noise = random.normal(model.device(), draws, model.factors()).to(ScalarType.Double);
      Tensor offset = noise.unsqueeze(1).bmm(given.root().index_select(0, components)).squeeze(1);
      Tensor z = given.mean().index_select(0, components).add_(offset);
      double[] rows = decode(components, z);
      List<double[]> drawn = new ArrayList<>();
      for (int i = 0; i < draws; i++) {
        drawn.add(Arrays.copyOfRange(rows, i * model.dims(), (i + 1) * model.dims()));
      }
      return drawn;
    }
  }

  @Override
  public synchronized void close() {
    if (ofModel != null) {
      ofModel.close();
    }
    if (ofPosterior != null) {
      ofPosterior.close();
    }
    posterior.close();
  }
}
