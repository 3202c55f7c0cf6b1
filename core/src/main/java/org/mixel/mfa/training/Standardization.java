package org.mixel.mfa.training;

import java.io.Serializable;
import java.util.DoubleSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.data.ColumnMoments;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/**
 * The units in which a mixture is trained. Vectors ({@link Samples#areVectors}) have columns of any
 * offset and scale: they are trained in float64 as {@code (x - shift) / scale} with the columns'
 * means and standard deviations, so that noise floor, prior and step sizes are relative to each
 * column's variance. Pixels have one unit and are trained in float32 as they are.
 *
 * <p>A mixture of standardised rows is a mixture of the rows themselves, with {@code mu scale +
 * shift}, {@code A scale} and {@code psi scale^2}; the log-density of a row is smaller by the sum
 * of {@code log scale} over its columns.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class Standardization implements Serializable {
  private static final long serialVersionUID = 1;

  /** Columns whose widths differ by less are alike. */
  private static final double ALIKE = 2;

  /** The most by which the widest column is wider than any other in {@link #undone}. */
  private static final double NARROWEST = 1_000;

  private static final Standardization OF_PIXELS = new Standardization(null);

  private final @Nullable Columns columns;

  /** The offset and the unit of each column. */
  private record Columns(double[] shift, double[] scale) implements Serializable {}

  private Standardization(@Nullable Columns columns) {
    this.columns = columns;
  }

  /**
   * Reads vectors twice; pixels are not looked at. A column that is constant, or has no value at
   * all, keeps its scale.
   *
   * @throws org.mixel.InputException if a value of a vector is infinite, or too large for its
   *     square
   */
  public static Standardization of(Samples samples) {
    if (!samples.areVectors()) {
      return OF_PIXELS;
    }
    ColumnMoments moments = ColumnMoments.of(samples);
    double[] scale = moments.deviations().clone();
    for (int j = 0; j < scale.length; j++) {
      scale[j] = scale[j] > 0 ? scale[j] : 1;
    }
    return new Standardization(new Columns(moments.means(), scale));
  }

  /** Whether these are the units of vectors' columns. */
  boolean ofVectors() {
    return columns != null;
  }

  /**
   * Leads from the units of the training back to those of the user, up to the offset and one factor
   * for all columns, in which the widest column has a deviation of 1, and no column less than a
   * thousandth of that.
   *
   * @return nothing of pixels, and where all columns are about as wide, so that nothing changes
   */
  Optional<Standardization> undone() {
    if (columns == null) {
      return Optional.empty();
    }
    DoubleSummaryStatistics widths = DoubleStream.of(columns.scale()).summaryStatistics();
    if (widths.getMax() < ALIKE * widths.getMin()) {
      return Optional.empty();
    }
    double[] scale =
        DoubleStream.of(columns.scale())
            .map(width -> Math.min(widths.getMax() / width, NARROWEST))
            .toArray();
    return Optional.of(new Standardization(new Columns(new double[scale.length], scale)));
  }

  /** The type to train in, by rows in the units of the training. */
  static ScalarType type(Samples samples) {
    return samples.areVectors() ? ScalarType.Double : ScalarType.Float;
  }

  /** The type to train in: float64 for vectors, float32 for pixels. */
  ScalarType type() {
    return columns == null ? ScalarType.Float : ScalarType.Double;
  }

  /** Rows in the units of the training: a view of vectors, pixels themselves. */
  public Samples apply(Samples samples) {
    return columns == null ? samples : samples.standardized(columns.shift(), columns.scale());
  }

  /** A mixture of the user's rows as one of standardised rows; the caller closes it. */
  MixtureOfFactorAnalyzers apply(MixtureOfFactorAnalyzers model) {
    try (NativeScope scope = new NativeScope()) {
      if (columns == null) {
        try (MixtureOfFactorAnalyzers typed = model.to(type())) {
          return typed.withMetadata(Map.of());
        }
      }
      Tensor scale = tensor(columns.scale(), model);
      Tensor shift = tensor(columns.shift(), model);
      return MixtureOfFactorAnalyzers.of(
          model.logWeights().to(type()),
          model.means().to(type()).sub(shift).div_(scale),
          model.loadings().to(type()).div(scale),
          model.noiseVariance().to(type()).div(scale).div_(scale),
          null,
          Map.of());
    }
  }

  /**
   * A mixture of standardised rows as one of the user's rows; the caller closes it.
   *
   * @param metadata of the new mixture
   */
  MixtureOfFactorAnalyzers restore(MixtureOfFactorAnalyzers model, Map<String, String> metadata) {
    try (NativeScope scope = new NativeScope()) {
      if (columns == null) {
        return model.withMetadata(metadata);
      }
      Tensor scale = tensor(columns.scale(), model);
      return MixtureOfFactorAnalyzers.of(
          model.logWeights().clone(),
          model.means().mul(scale).add_(tensor(columns.shift(), model)),
          model.loadings().mul(scale),
          model.noiseVariance().mul(scale).mul_(scale),
          null,
          metadata);
    }
  }

  private static Tensor tensor(double[] values, MixtureOfFactorAnalyzers model) {
    return Tensors.of(values, values.length).to(model.device(), ScalarType.Double);
  }

  /**
   * The mean log-density of the rows less that of the standardised rows, in nats: minus the mean
   * over rows of the summed logarithms of the scales of observed columns.
   *
   * @param samples the rows in the user's units
   */
  double logDensityOffset(Samples samples) {
    if (columns == null) {
      return 0;
    }
    double[] observed = ColumnMoments.counts(samples);
    double rows = RowWeights.of(samples).total();
    double sum = 0;
    for (int j = 0; j < observed.length; j++) {
      sum -= Math.log(columns.scale()[j]) * observed[j] / rows;
    }
    return sum;
  }
}
