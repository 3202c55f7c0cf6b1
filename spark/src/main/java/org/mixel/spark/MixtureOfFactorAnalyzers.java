package org.mixel.spark;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.mfa.training.Maximization;
import org.mixel.mfa.training.NoiseModel;
import org.mixel.mfa.training.Refit;
import org.mixel.mfa.training.Standardization;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;

/**
 * Fits a mixture of factor analyzers to the rows of a column: {@link org.mixel.mfa} on data that no
 * machine holds. Each component is {@code x = A_k z + mu_k + eps}, with {@code K (d (l + 2) + 1)}
 * numbers in all, so that rows may have tens of thousands of values.
 *
 * <p>Rows are MLlib's vectors, arrays of floats or doubles, or {@code binary} (pixels, divided by
 * 255). Floats with an {@link #imageShape} are pixels in [0, 1]; without one they are vectors,
 * whose columns are standardised inside. A missing value is NaN. The first model is made on the
 * driver, of {@link #initRows} random rows, or read from {@link #initModel}. Then each iteration is
 * a pass of exact EM over all rows.
 *
 * <pre>{@code
 * MixtureModel model =
 *     new MixtureOfFactorAnalyzers().setK(256).setFactors(4).setImageShape("1x28x28").fit(images);
 * model.transform(images).select("logLikelihood", "prediction");
 * model.saveMfa("digits.mfa");
 * }</pre>
 */
public final class MixtureOfFactorAnalyzers extends Estimator<MixtureModel>
    implements MixtureColumns, DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  /** Validation rows that come to the driver. */
  private static final int MOST_VALIDATION = 20_000;

  private final String uid;
  private final Columns columns;
  private final Param<String> weightCol;
  private final IntParam k;
  private final IntParam factors;
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

  /** An estimator with the default parameters. */
  public MixtureOfFactorAnalyzers() {
    this(Identifiable$.MODULE$.randomUID("mfa"));
  }

  /** The same with an identifier. */
  public MixtureOfFactorAnalyzers(String uid) {
    this.uid = uid;
    columns = new Columns(this);
    weightCol = new Param<>(this, "weightCol", "column of weights, empty for none");
    k = new IntParam(this, "k", "number of components, at least 1", ParamValidators.gtEq(1));
    factors = new IntParam(this, "factors", "factors per component", ParamValidators.gtEq(1));
    maxIter = new IntParam(this, "maxIter", "most passes; 0 for 30, or 100 of vectors", atLeast0());
    tol =
        new DoubleParam(
            this, "tol", "least gain of an iteration in nats per row; below 0 for the default");
    seed = new LongParam(this, "seed", "fixes every random choice");
    noise = new Param<>(this, "noise", "diagonal or isotropic");
    noiseFloor =
        new DoubleParam(
            this,
            "noiseFloor",
            "least noise variance: of pixels, or relative to a column's variance; 0 for the default",
            atLeast0());
    noisePrior =
        new DoubleParam(
            this,
            "noisePrior",
            "rows of a prior on the noise of each component; below 0 for the default");
    refit =
        new BooleanParam(
            this, "refit", "whether loadings and noise of images are refitted when training ends");
    initModel = new Param<>(this, "initModel", "an .mfa file to start from, empty for none");
    initRows =
        new IntParam(this, "initRows", "random rows for the first model", ParamValidators.gtEq(1));
    validationFraction =
        new DoubleParam(
            this,
            "validationFraction",
            "share of the rows that only tells when to stop, from 0 to below 1",
            ParamValidators.inRange(0, 1, true, false));
    checkpoint =
        new Param<>(
            this,
            "checkpoint",
            "file for every iteration, from which a later fit goes on; empty for none");
    persistRows =
        new BooleanParam(
            this, "persistRows", "whether decoded rows stay in memory, or on disk, between passes");
    tasks = new IntParam(this, "tasks", "tasks of a pass; 0 for one per core", atLeast0());
    MixtureModel.setDefaults(this);
    setDefault(weightCol, "");
    setDefault(k, 16);
    setDefault(factors, 4);
    setDefault(maxIter, 0);
    setDefault(tol, -1.0);
    setDefault(seed, 0L);
    setDefault(noise, "diagonal");
    setDefault(noiseFloor, 0.0);
    setDefault(noisePrior, -1.0);
    setDefault(refit, true);
    setDefault(initModel, "");
    setDefault(initRows, 20_000);
    setDefault(validationFraction, 0.0);
    setDefault(checkpoint, "");
    setDefault(persistRows, true);
    setDefault(tasks, 0);
  }

  @SuppressWarnings("unchecked")
  private static <T> scala.Function1<T, Object> atLeast0() {
    return (scala.Function1<T, Object>) ParamValidators.gtEq(0);
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public Columns columns() {
    return columns;
  }

  /** Names the column of rows. */
  public MixtureOfFactorAnalyzers setFeaturesCol(String value) {
    set(featuresCol(), value);
    return this;
  }

  /** Names the column of the most probable component. */
  public MixtureOfFactorAnalyzers setPredictionCol(String value) {
    set(predictionCol(), value);
    return this;
  }

  /** Names the column of the log-likelihood. */
  public MixtureOfFactorAnalyzers setLogLikelihoodCol(String value) {
    set(logLikelihoodCol(), value);
    return this;
  }

  /** Names the column of reconstructions. */
  public MixtureOfFactorAnalyzers setReconstructionCol(String value) {
    set(reconstructionCol(), value);
    return this;
  }

  /** Names the column of completed rows. */
  public MixtureOfFactorAnalyzers setCompletionCol(String value) {
    set(completionCol(), value);
    return this;
  }

  /** Says that rows are images of this shape. */
  public MixtureOfFactorAnalyzers setImageShape(String value) {
    set(imageShape(), value);
    return this;
  }

  /** Names the column of weights. */
  public MixtureOfFactorAnalyzers setWeightCol(String value) {
    set(weightCol(), value);
    return this;
  }

  /** Sets the number of components. */
  public MixtureOfFactorAnalyzers setK(int value) {
    set(k(), value);
    return this;
  }

  /** Sets the factors per component. */
  public MixtureOfFactorAnalyzers setFactors(int value) {
    set(factors(), value);
    return this;
  }

  /** Limits the passes. */
  public MixtureOfFactorAnalyzers setMaxIter(int value) {
    set(maxIter(), value);
    return this;
  }

  /** Sets the least gain of an iteration in nats per row. */
  public MixtureOfFactorAnalyzers setTol(double value) {
    set(tol(), value);
    return this;
  }

  /** Fixes every random choice. */
  public MixtureOfFactorAnalyzers setSeed(long value) {
    set(seed(), value);
    return this;
  }

  /** Sets the noise, diagonal or isotropic. */
  public MixtureOfFactorAnalyzers setNoise(String value) {
    set(noise(), value);
    return this;
  }

  /** Sets the least noise variance. */
  public MixtureOfFactorAnalyzers setNoiseFloor(double value) {
    set(noiseFloor(), value);
    return this;
  }

  /** Sets the rows of the prior on the noise. */
  public MixtureOfFactorAnalyzers setNoisePrior(double value) {
    set(noisePrior(), value);
    return this;
  }

  /** Says whether loadings and noise of images are refitted. */
  public MixtureOfFactorAnalyzers setRefit(boolean value) {
    set(refit(), value);
    return this;
  }

  /** Names an {@code .mfa} file to start from. */
  public MixtureOfFactorAnalyzers setInitModel(String value) {
    set(initModel(), value);
    return this;
  }

  /** Sets how many random rows make the first model. */
  public MixtureOfFactorAnalyzers setInitRows(int value) {
    set(initRows(), value);
    return this;
  }

  /** Sets the share of the rows that only tells when to stop. */
  public MixtureOfFactorAnalyzers setValidationFraction(double value) {
    set(validationFraction(), value);
    return this;
  }

  /** Names a file for every iteration. */
  public MixtureOfFactorAnalyzers setCheckpoint(String value) {
    set(checkpoint(), value);
    return this;
  }

  /** Says whether decoded rows stay in memory, or on disk. */
  public MixtureOfFactorAnalyzers setPersistRows(boolean value) {
    set(persistRows(), value);
    return this;
  }

  /** Sets the tasks of a pass. */
  public MixtureOfFactorAnalyzers setTasks(int value) {
    set(tasks(), value);
    return this;
  }

  /** The parameter of {@link #setWeightCol}. */
  public Param<String> weightCol() {
    return weightCol;
  }

  /** The parameter of {@link #setK}. */
  public IntParam k() {
    return k;
  }

  /** The parameter of {@link #setFactors}. */
  public IntParam factors() {
    return factors;
  }

  /** The parameter of {@link #setMaxIter}. */
  public IntParam maxIter() {
    return maxIter;
  }

  /** The parameter of {@link #setTol}. */
  public DoubleParam tol() {
    return tol;
  }

  /** The parameter of {@link #setSeed}. */
  public LongParam seed() {
    return seed;
  }

  /** The parameter of {@link #setNoise}. */
  public Param<String> noise() {
    return noise;
  }

  /** The parameter of {@link #setNoiseFloor}. */
  public DoubleParam noiseFloor() {
    return noiseFloor;
  }

  /** The parameter of {@link #setNoisePrior}. */
  public DoubleParam noisePrior() {
    return noisePrior;
  }

  /** The parameter of {@link #setRefit}. */
  public BooleanParam refit() {
    return refit;
  }

  /** The parameter of {@link #setInitModel}. */
  public Param<String> initModel() {
    return initModel;
  }

  /** The parameter of {@link #setInitRows}. */
  public IntParam initRows() {
    return initRows;
  }

  /** The parameter of {@link #setValidationFraction}. */
  public DoubleParam validationFraction() {
    return validationFraction;
  }

  /** The parameter of {@link #setCheckpoint}. */
  public Param<String> checkpoint() {
    return checkpoint;
  }

  /** The parameter of {@link #setPersistRows}. */
  public BooleanParam persistRows() {
    return persistRows;
  }

  /** The parameter of {@link #setTasks}. */
  public IntParam tasks() {
    return tasks;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return MixtureModel.schema(this, schema);
  }

  @Override
  public MixtureOfFactorAnalyzers copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads an estimator that {@code save} wrote. */
  public static MixtureOfFactorAnalyzers load(String path) {
    return read().load(path);
  }

  /** A reader of saved estimators. */
  public static MLReader<MixtureOfFactorAnalyzers> read() {
    return new DefaultParamsReader<>();
  }

  /**
   * Fits a mixture.
   *
   * @throws InputException if a column is missing or of another type, a row is null, of another
   *     size or not finite, or a parameter does not suit the rows
   */
  @Override
  public MixtureModel fit(Dataset<?> data) {
    transformSchema(data.schema());
    String weights = text(weightCol);
    JavaRDD<RowBlock> decoded =
        RowBlocks.of(data, text(featuresCol()), weights.isEmpty() ? null : weights);
    boolean persists =
        (boolean) getOrDefault(persistRows) && data.storageLevel().equals(StorageLevel.NONE());
    JavaRDD<RowBlock> kept = persists ? decoded.persist(StorageLevel.MEMORY_AND_DISK()) : decoded;
    try {
      return fit(kept);
    } catch (Exception e) {
      throw Refusals.plain(e);
    } finally {
      if (persists) {
        kept.unpersist(false);
      }
    }
  }

  private MixtureModel fit(JavaRDD<RowBlock> all) {
    @Nullable ImageShape shape = MixtureColumns.shape(text(imageShape()));
    long own = (long) getOrDefault(seed);
    double held = (double) getOrDefault(validationFraction);
    JavaRDD<RowBlock> rows = held > 0 ? Holdout.of(all, held, own, false) : all;
    Samples sample = SampledRows.of(rows, (int) getOrDefault(initRows), own).samples(shape);
    Standardization units = Standardization.of(sample);
    double values = (double) (int) getOrDefault(k) * ((int) getOrDefault(factors) + 2);
    Natives.tellMemory(
        rows.context().getConf(),
        values * sample.dims() * (sample.areVectors() ? Double.BYTES : Float.BYTES));
    int wanted = (int) getOrDefault(tasks);
    int most = wanted > 0 ? wanted : rows.context().defaultParallelism();
    try (RemoteCheckpoint saved = RemoteCheckpoint.of(text(checkpoint));
        org.mixel.mfa.MixtureOfFactorAnalyzers start = start()) {
      DistributedEm em = new DistributedEm(rows.coalesce(most), shape, units, saved::copy);
      Trainer trainer =
          saved.keptBy(Trainer.of(options(sample).withAlgorithm(em)).standardizedBy(units));
      if (start != null) {
        trainer = trainer.startingFrom(start);
      }
      if (held > 0) {
        JavaRDD<RowBlock> others = Holdout.of(all, held, own, true);
        trainer = trainer.validatedBy(SampledRows.of(others, MOST_VALIDATION, own).samples(shape));
      }
      try (TrainingResult result = trainer.fit(sample, Progress.SILENT)) {
        saved.delete();
        MixtureModel model =
            new MixtureModel(
                uid,
                SharedModel.bytes(result.model()),
                result.trainLogLikelihood(),
                result.validationLogLikelihood(),
                result.iterationSeconds());
        return copyValues(model.setParent(this), new ParamMap());
      }
    }
  }

  private org.mixel.mfa.@Nullable MixtureOfFactorAnalyzers start() {
    String file = text(initModel);
    return file.isEmpty() ? null : SharedModel.read(RemoteFiles.read(file));
  }

  private TrainingOptions options(Samples sample) {
    TrainingOptions options =
        TrainingOptions.forRows(sample, (int) getOrDefault(k), (int) getOrDefault(factors))
            .withSeed((long) getOrDefault(seed));
    double floor = (double) getOrDefault(noiseFloor);
    double prior = (double) getOrDefault(noisePrior);
    Maximization usual = options.maximization();
    options =
        options.withMaximization(
            new Maximization(
                NoiseModel.of(text(noise)),
                floor > 0 ? floor : usual.noiseFloor(),
                prior >= 0 ? prior : usual.priorRows()));
    Refit refitted = (boolean) getOrDefault(refit) ? options.refit() : Refit.NONE;
    if (refitted.takesPlace()) {
      refitted = floor > 0 ? refitted.withFloor(floor) : refitted;
      refitted = prior >= 0 ? refitted.withPrior(prior) : refitted;
    }
    options = options.withRefit(refitted);
    int iterations = (int) getOrDefault(maxIter);
    double tolerance = (double) getOrDefault(tol);
    options = iterations > 0 ? options.withIterations(iterations) : options;
    return tolerance >= 0 ? options.withTolerance(tolerance) : options;
  }

  private String text(Param<String> param) {
    return getOrDefault(param);
  }
}
