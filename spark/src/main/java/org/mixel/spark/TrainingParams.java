package org.mixel.spark;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import scala.Function1;

/** The parameters of a training. */
public interface TrainingParams extends MixtureColumns<MixtureOfFactorAnalyzers> {
  /** The parameters themselves; made once. */
  Training training();

  /** The parameter of {@link #setWeightCol}. */
  default Param<String> weightCol() {
    return training().weightCol;
  }

  /** Names the column of weights; empty for none. */
  default MixtureOfFactorAnalyzers setWeightCol(String value) {
    return with(weightCol(), value);
  }

  /** The parameter of {@link #setK}. */
  default IntParam k() {
    return training().k;
  }

  /** Sets the number of components. */
  default MixtureOfFactorAnalyzers setK(int value) {
    return with(k(), value);
  }

  /** The parameter of {@link #setFactors}. */
  default IntParam factors() {
    return training().factors;
  }

  /** Sets the factors per component. */
  default MixtureOfFactorAnalyzers setFactors(int value) {
    return with(factors(), value);
  }

  /** The parameter of {@link #setTrainer}. */
  default Param<String> trainer() {
    return training().trainer;
  }

  /** Sets the way to train, {@code em} or {@code truncated-em}. */
  default MixtureOfFactorAnalyzers setTrainer(String value) {
    return with(trainer(), value);
  }

  /** The parameter of {@link #setMaxIter}. */
  default IntParam maxIter() {
    return training().maxIter;
  }

  /** Limits the passes. */
  default MixtureOfFactorAnalyzers setMaxIter(int value) {
    return with(maxIter(), value);
  }

  /** The parameter of {@link #setTol}. */
  default DoubleParam tol() {
    return training().tol;
  }

  /** Sets the least gain of an iteration in nats per row. */
  default MixtureOfFactorAnalyzers setTol(double value) {
    return with(tol(), value);
  }

  /** The parameter of {@link #setSeed}. */
  default LongParam seed() {
    return training().seed;
  }

  /** Fixes every random choice. */
  default MixtureOfFactorAnalyzers setSeed(long value) {
    return with(seed(), value);
  }

  /** The parameter of {@link #setNoise}. */
  default Param<String> noise() {
    return training().noise;
  }

  /** Sets the noise, diagonal or isotropic. */
  default MixtureOfFactorAnalyzers setNoise(String value) {
    return with(noise(), value);
  }

  /** The parameter of {@link #setNoiseFloor}. */
  default DoubleParam noiseFloor() {
    return training().noiseFloor;
  }

  /** Sets the least noise variance. */
  default MixtureOfFactorAnalyzers setNoiseFloor(double value) {
    return with(noiseFloor(), value);
  }

  /** The parameter of {@link #setNoisePrior}. */
  default DoubleParam noisePrior() {
    return training().noisePrior;
  }

  /** Sets the rows of the prior on the noise. */
  default MixtureOfFactorAnalyzers setNoisePrior(double value) {
    return with(noisePrior(), value);
  }

  /** The parameter of {@link #setRefit}. */
  default BooleanParam refit() {
    return training().refit;
  }

  /** Says whether loadings and noise of images are refitted. */
  default MixtureOfFactorAnalyzers setRefit(boolean value) {
    return with(refit(), value);
  }

  /** The parameter of {@link #setInitModel}. */
  default Param<String> initModel() {
    return training().initModel;
  }

  /** Names an {@code .mfa} file to start from. */
  default MixtureOfFactorAnalyzers setInitModel(String value) {
    return with(initModel(), value);
  }

  /** The parameter of {@link #setInitRows}. */
  default IntParam initRows() {
    return training().initRows;
  }

  /** Sets how many random rows make the first model. */
  default MixtureOfFactorAnalyzers setInitRows(int value) {
    return with(initRows(), value);
  }

  /** The parameter of {@link #setValidationFraction}. */
  default DoubleParam validationFraction() {
    return training().validationFraction;
  }

  /** Sets the share of the rows that only tells when to stop. */
  default MixtureOfFactorAnalyzers setValidationFraction(double value) {
    return with(validationFraction(), value);
  }

  /** The parameter of {@link #setCheckpoint}. */
  default Param<String> checkpoint() {
    return training().checkpoint;
  }

  /** Names a file for every iteration. */
  default MixtureOfFactorAnalyzers setCheckpoint(String value) {
    return with(checkpoint(), value);
  }

  /** The parameter of {@link #setPersistRows}. */
  default BooleanParam persistRows() {
    return training().persistRows;
  }

  /** Says whether decoded rows stay in memory, or on disk. */
  default MixtureOfFactorAnalyzers setPersistRows(boolean value) {
    return with(persistRows(), value);
  }

  /** The parameter of {@link #setTasks}. */
  default IntParam tasks() {
    return training().tasks;
  }

  /** Sets the tasks of a pass. */
  default MixtureOfFactorAnalyzers setTasks(int value) {
    return with(tasks(), value);
  }

  /** The parameters of one object. */
  final class Training implements java.io.Serializable {
    private static final long serialVersionUID = 1;

    private final TrainingParams parent;
    private final Param<String> weightCol;
    private final IntParam k;
    private final IntParam factors;
    private final Param<String> trainer;
    private final IntParam maxIter;
    private final DoubleParam tol;
    private final LongParam seed;
    private final Param<String> noise;
    private final DoubleParam noiseFloor;
    private final DoubleParam noisePrior;
    private final BooleanParam refit;
    private final Param<String> initModel;
    private final IntParam initRows;
    private final DoubleParam validationFraction;
    private final Param<String> checkpoint;
    private final BooleanParam persistRows;
    private final IntParam tasks;

    /**
     * @param parent whose parameters they are; its identifier must be known
     */
    Training(TrainingParams parent) {
      this.parent = parent;
      weightCol = text("weightCol", "column of weights, empty for none", "");
      k = whole("k", "number of components, at least 1", 1, 16);
      factors = whole("factors", "factors per component", 1, 4);
      trainer =
          text("trainer", "em, or truncated-em, which looks at few components for each row", "em");
      maxIter = whole("maxIter", "most passes; 0 for 30, or 100 of vectors", 0, 0);
      tol = real("tol", "least gain of a pass in nats per row; below 0 for the default", -1);
      seed = new LongParam(parent, "seed", "fixes every random choice");
      parent.setDefault(seed, 0L);
      noise = text("noise", "diagonal or isotropic", "diagonal");
      noiseFloor =
          new DoubleParam(
              parent,
              "noiseFloor",
              "least noise variance: of pixels, or relative to a column's; 0 for the default",
              atLeast(0));
      parent.setDefault(noiseFloor, 0.0);
      noisePrior = real("noisePrior", "rows of a prior on each noise; below 0 for the default", -1);
      refit = flag("refit", "whether loadings and noise of images are refitted in the end");
      initModel = text("initModel", "an .mfa file to start from, empty for none", "");
      initRows = whole("initRows", "random rows for the first model", 1, 20_000);
      validationFraction =
          new DoubleParam(
              parent,
              "validationFraction",
              "share of the rows that only tells when to stop, from 0 to below 1",
              ParamValidators.inRange(0, 1, true, false));
      parent.setDefault(validationFraction, 0.0);
      checkpoint = text("checkpoint", "file for every pass, from which a later fit goes on", "");
      persistRows = flag("persistRows", "whether decoded rows stay in memory, or on disk");
      tasks = whole("tasks", "tasks of a pass; 0 for one per core", 0, 0);
    }

    private Param<String> text(String name, String doc, String usual) {
      Param<String> param = new Param<>(parent, name, doc);
      parent.setDefault(param, usual);
      return param;
    }

    private IntParam whole(String name, String doc, int least, int usual) {
      IntParam param = new IntParam(parent, name, doc, atLeast(least));
      parent.setDefault(param, usual);
      return param;
    }

    private DoubleParam real(String name, String doc, double usual) {
      DoubleParam param = new DoubleParam(parent, name, doc);
      parent.setDefault(param, usual);
      return param;
    }

    private BooleanParam flag(String name, String doc) {
      BooleanParam param = new BooleanParam(parent, name, doc);
      parent.setDefault(param, true);
      return param;
    }

    @SuppressWarnings("unchecked")
    private static <T> Function1<T, Object> atLeast(int least) {
      return (Function1<T, Object>) ParamValidators.gtEq(least);
    }
  }
}
