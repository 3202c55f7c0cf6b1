package org.mixel.mfa;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * How near images lie to what a mixture has learned: a score that tells images of other kinds from
 * those of the training set better than the log-likelihood does, which finds smooth images likely
 * whatever they show.
 *
 * <p>A row's distance is {@code D = m_1 / s_1 + m_2 / s_2}: the squared Mahalanobis distances from
 * its most probable component, under the noise of the density, which finds wrong pixels, and under
 * that of {@linkplain MixtureOfFactorAnalyzers#forPosteriors() posteriors}, which finds wrong
 * shapes, each by its robust deviation over training rows. Rough images lie farther away than
 * smooth ones of the same kind, so distances are compared among images of one roughness: {@code t =
 * ln(0.001 + mean |x_i - x_j|)} over neighbouring pixels, and the familiarity is {@code (b_0 + b_1
 * t + b_2 t^2 - D) / s}, with {@code b} fitted to training rows by least squares and {@code s} the
 * robust deviation of what that leaves; {@code t} beyond what 99 % of training rows have counts as
 * the nearest that they have. It is about 0 for a typical training row, and -3 for one that is as
 * far off as three standard deviations.
 *
 * <p>The numbers are learned from training rows once and kept in the model's metadata. Immutable
 * and safe for use by several threads.
 */
public final class Familiarity {
  /** The name of the numbers in the metadata of a model. */
  public static final String NAME = "familiarity";

  private static final int MOST_ROWS = 2_000;
  private static final int LEAST_ROWS = 100;
  private static final double SMOOTH = 1e-3;
  private static final int COUNT = 7;

  /** A deviation of normal values as a multiple of their median absolute deviation. */
  private static final double NORMAL = 1.4826;

  private final MixtureOfFactorAnalyzers model;

  /**
   * Factors of {@code m_1} and {@code m_2}, both negative, then of 1, {@code t}, {@code t^2}, then
   * the least and the largest {@code t}.
   */
  private final double[] numbers;

  private Familiarity(MixtureOfFactorAnalyzers model, double[] numbers) {
    this.model = model;
    this.numbers = numbers;
  }

  /**
   * The numbers that a model has learned.
   *
   * @return nothing if the model has none: it is of vectors, of few rows, or was not refitted
   * @throws InputException if the numbers are damaged
   */
  public static Optional<Familiarity> of(MixtureOfFactorAnalyzers model) {
    String text = model.metadata().get(NAME);
    if (text == null || model.shape().isEmpty()) {
      return Optional.empty();
    }
    try {
      double[] numbers =
          Arrays.stream(text.split(",", -1)).mapToDouble(Double::parseDouble).toArray();
      if (numbers.length == COUNT && Arrays.stream(numbers).allMatch(Double::isFinite)) {
        return Optional.of(new Familiarity(model, numbers));
      }
    } catch (NumberFormatException e) {
      throw new InputException("%s must be %d numbers, got %s".formatted(NAME, COUNT, text), e);
    }
    throw new InputException("%s must be %d numbers, got %s".formatted(NAME, COUNT, text));
  }

  /**
   * The same model with the familiarity learned from training rows, where it can be.
   *
   * @param samples some of them are read
   * @return shares the parameters, but is closed by itself
   */
  public static MixtureOfFactorAnalyzers learn(
      MixtureOfFactorAnalyzers model, Samples samples, Progress progress) {
    double[] numbers = numbers(model, samples, progress);
    if (numbers == null) {
      return model.withMetadata(model.metadata());
    }
    Map<String, String> texts = new TreeMap<>(model.metadata());
    texts.put(
        NAME, Arrays.stream(numbers).mapToObj(Double::toString).collect(Collectors.joining(",")));
    return model.withMetadata(texts);
  }

  private static double @Nullable [] numbers(
      MixtureOfFactorAnalyzers model, Samples samples, Progress progress) {
    boolean images = model.shape().isPresent() && model.posteriorNoise() > 0;
    if (!images || samples.rows() < LEAST_ROWS || neighbours(model.shape().get()) == 0) {
      return null;
    }
    double[][] rows = Measured.of(model, samples.spread(MOST_ROWS), progress).figures();
    double first = deviation(rows[0]);
    double second = deviation(rows[1]);
    double[] distance = new double[rows[0].length];
    for (int i = 0; i < distance.length; i++) {
      distance[i] = rows[0][i] / first + rows[1][i] / second;
    }
    double[] fit = quadratic(rows[2], distance);
    double[] left = new double[distance.length];
    for (int i = 0; i < left.length; i++) {
      double t = rows[2][i];
      left[i] = fit[0] + t * (fit[1] + t * fit[2]) - distance[i];
    }
    double scale = deviation(left);
    double[] sorted = rows[2].clone();
    Arrays.sort(sorted);
    int beyond = sorted.length / 200;
    double[] numbers = {
      -1 / first / scale,
      -1 / second / scale,
      fit[0] / scale,
      fit[1] / scale,
      fit[2] / scale,
      sorted[beyond],
      sorted[sorted.length - 1 - beyond]
    };
    return Arrays.stream(numbers).allMatch(Double::isFinite) ? numbers : null;
  }

  private static double deviation(double[] values) {
    double middle = median(values);
    return NORMAL * median(Arrays.stream(values).map(each -> Math.abs(each - middle)).toArray());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** {@code b} of the least squares of {@code y - b_0 - b_1 t - b_2 t^2}. */
  private static double[] quadratic(double[] t, double[] y) {
    try (NativeScope scope = new NativeScope()) {
      Tensor column = Tensors.of(t, t.length, 1);
      Tensor powers = column.pow(Tensors.of(new double[] {0, 1, 2}, 1, 3));
      Tensor ridge = torch.eye(3).to(ScalarType.Double).mul_(new Scalar(1e-9 * t.length));
      Tensor normal = powers.t().mm(powers).add_(ridge);
      Tensor right = powers.t().mm(Tensors.of(y, y.length, 1));
      return Tensors.doubles(torch.linalg_inv(normal).mm(right));
    }
  }

  private static long neighbours(ImageShape shape) {
    return shape.channels()
        * ((long) shape.height() * (shape.width() - 1)
            + (long) shape.width() * (shape.height() - 1));
  }

  /**
   * The familiarity of every row, without a unit: about 0 for typical rows of the kind that the
   * model was trained on, the lower the stranger.
   *
   * @param samples rows without missing values
   * @return a new array, one value per row; NaN where values are missing
   * @throws InputException if the rows have another number of values than the model
   */
  public double[] scores(Samples samples, Progress progress) {
    double[][] rows = Measured.of(model, samples, progress).figures();
    double[] scores = new double[samples.rows()];
    for (int i = 0; i < scores.length; i++) {
      double t = Math.min(Math.max(rows[2][i], numbers[5]), numbers[6]);
      scores[i] =
          numbers[0] * rows[0][i]
              + numbers[1] * rows[1][i]
              + numbers[2]
              + t * (numbers[3] + t * numbers[4]);
    }
    return scores;
  }

  /**
   * The figures of rows.
   *
   * @param figures {@code m_1}, {@code m_2} and {@code t} of each
   */
  private record Measured(double[][] figures) {
    static Measured of(MixtureOfFactorAnalyzers model, Samples samples, Progress progress) {
      Scoring.requireSameDims(model, samples);
      ImageShape shape = model.shape().orElseThrow();
      double[][] figures = new double[3][samples.rows()];
      try (NativeScope scope = new NativeScope();
          MixtureOfFactorAnalyzers posterior = model.forPosteriors();
          Density density = Density.of(model);
          Density wide = Density.of(posterior);
          RowReader rows = RowReader.of(samples, model.device(), model.type());
          Progress.Stage stage = progress.begin("familiarity", samples.rows())) {
        rows.forEach(
            Density.blockRows(model),
            stage,
            batch -> {
              Tensor x = batch.rows();
              put(distances(density, x), figures[0], batch.from());
              put(distances(wide, x), figures[1], batch.from());
              put(roughness(x, shape), figures[2], batch.from());
            });
      }
      return new Measured(figures);
    }

    private static void put(Tensor values, double[] target, int from) {
      double[] block = Tensors.doubles(values);
      System.arraycopy(block, 0, target, from, block.length);
    }

    /**
     * Squared distances from the most probable component: those of the log-density without the
     * rest.
     */
    private static Tensor distances(Density density, Tensor rows) {
      MixtureOfFactorAnalyzers model = density.model();
      Tensor joint = density.refinedLogJoint(rows);
      Tensor best = joint.argmax(new LongOptional(1), false);
      Tensor rest =
          model
              .logWeights()
              .to(ScalarType.Double)
              .sub(density.precision().logDeterminant(), new Scalar(0.5))
              .sub_(new Scalar(0.5 * model.logNormalizer()));
      return rest.index_select(0, best)
          .sub_(joint.gather(1, best.unsqueeze(1)).squeeze(1).to(ScalarType.Double))
          .mul_(new Scalar(2));
    }

    private static Tensor roughness(Tensor rows, ImageShape shape) {
      long height = shape.height();
      long width = shape.width();
      Tensor images = rows.view(rows.size(0), shape.channels(), height, width);
      Tensor sum =
          total(images.narrow(3, 1, width - 1).sub(images.narrow(3, 0, width - 1)))
              .add_(total(images.narrow(2, 1, height - 1).sub(images.narrow(2, 0, height - 1))));
      return sum.div_(new Scalar(neighbours(shape))).add_(new Scalar(SMOOTH)).log_();
    }

    private static Tensor total(Tensor differences) {
      return differences
          .abs_()
          .sum(new long[] {1, 2, 3}, false, new ScalarTypeOptional(ScalarType.Double));
    }
  }
}
