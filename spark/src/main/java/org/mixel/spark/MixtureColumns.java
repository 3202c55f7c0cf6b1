package org.mixel.spark;

import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;

/**
 * The parameters that the estimator and its model have in common: the columns.
 *
 * @param <T> the class itself
 */
public interface MixtureColumns<T extends MixtureColumns<T>> extends Params {
  /** The parameters themselves; made once. */
  Columns columns();

  /** Column of rows: vectors, arrays of floats or doubles, or bytes. */
  default Param<String> featuresCol() {
    return columns().features;
  }

  /** Column that receives the most probable component, an integer; empty for none. */
  default Param<String> predictionCol() {
    return columns().prediction;
  }

  /** Column that receives the log-likelihood in nats, a double; empty for none. */
  default Param<String> logLikelihoodCol() {
    return columns().logLikelihood;
  }

  /**
   * Column that receives the factors, the posterior mean of {@code z} under the most probable
   * component, an array of floats; empty for none.
   */
  default Param<String> factorsCol() {
    return columns().factors;
  }

  /**
   * Column that receives the row by its most probable component, an array of floats; empty for
   * none.
   */
  default Param<String> reconstructionCol() {
    return columns().reconstruction;
  }

  /**
   * Column that receives the row with missing values filled in, an array of floats; empty for none.
   */
  default Param<String> completionCol() {
    return columns().completion;
  }

  /** Channels, height and width of images, such as {@code 3x64x64}; empty for vectors. */
  default Param<String> imageShape() {
    return columns().shape;
  }

  /** Names the column of rows. */
  default T setFeaturesCol(String value) {
    return with(featuresCol(), value);
  }

  /** Names the column of the most probable component. */
  default T setPredictionCol(String value) {
    return with(predictionCol(), value);
  }

  /** Names the column of the log-likelihood. */
  default T setLogLikelihoodCol(String value) {
    return with(logLikelihoodCol(), value);
  }

  /** Names the column of factors. */
  default T setFactorsCol(String value) {
    return with(factorsCol(), value);
  }

  /** Names the column of reconstructions. */
  default T setReconstructionCol(String value) {
    return with(reconstructionCol(), value);
  }

  /** Names the column of completed rows. */
  default T setCompletionCol(String value) {
    return with(completionCol(), value);
  }

  /** Says that rows are images of this shape. */
  default T setImageShape(String value) {
    return with(imageShape(), value);
  }

  /** This with a value of a parameter. */
  @SuppressWarnings("unchecked")
  default <V> T with(Param<V> param, V value) {
    set(param, value);
    return (T) this;
  }

  /** The parameters of columns of one object. */
  final class Columns implements java.io.Serializable {
    private static final long serialVersionUID = 1;

    private final Param<String> features;
    private final Param<String> prediction;
    private final Param<String> logLikelihood;
    private final Param<String> factors;
    private final Param<String> reconstruction;
    private final Param<String> completion;
    private final Param<String> shape;

    /**
     * @param parent whose parameters they are; its identifier must be known
     */
    Columns(MixtureColumns<?> parent) {
      features = text(parent, "featuresCol", "column of rows", "features");
      prediction =
          text(parent, "predictionCol", "column of the most probable component", "prediction");
      logLikelihood =
          text(parent, "logLikelihoodCol", "column of log-likelihoods in nats", "logLikelihood");
      factors = text(parent, "factorsCol", "column of the most probable component's factors", "");
      reconstruction = text(parent, "reconstructionCol", "column of reconstructions", "");
      completion = text(parent, "completionCol", "column of rows without missing values", "");
      shape = text(parent, "imageShape", "channels x height x width of images", "");
    }

    private static Param<String> text(Params parent, String name, String doc, String usual) {
      Param<String> param = new Param<>(parent, name, doc);
      parent.setDefault(param, usual);
      return param;
    }
  }

  /** The text of {@link #imageShape} for samples; empty for vectors. */
  static String shapeOf(Samples samples) {
    return samples.shape().map(MixtureColumns::text).orElse("");
  }

  /** The text of {@link #imageShape}. */
  static String text(ImageShape shape) {
    return "%dx%dx%d".formatted(shape.channels(), shape.height(), shape.width());
  }

  /**
   * The shape that a text of {@link #imageShape} tells, or null for vectors.
   *
   * @throws InputException if it tells none
   */
  static @Nullable ImageShape shape(String text) {
    if (text.isEmpty()) {
      return null;
    }
    if (!text.matches("[1-9][0-9]{0,5}x[1-9][0-9]{0,5}x[1-9][0-9]{0,5}")) {
      throw new InputException(
          "`imageShape` must be channels x height x width, such as 3x64x64, got '" + text + "'");
    }
    String[] parts = text.split("x");
    return new ImageShape(
        Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }
}
