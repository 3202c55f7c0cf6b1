package org.mixel.spark;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
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
import org.mixel.mfa.training.Algorithm;
import org.mixel.mfa.training.Maximization;
import org.mixel.mfa.training.NoiseModel;
import org.mixel.mfa.training.Refit;
import org.mixel.mfa.training.Standardization;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;
import org.mixel.spark.row.ConsecutivePartitions;
import org.mixel.spark.row.CountedRows;
import org.mixel.spark.row.Holdout;
import org.mixel.spark.row.RowBlock;
import org.mixel.spark.row.RowBlocks;

/**
 * Fits a mixture of factor analyzers to the rows of a column: {@link org.mixel.mfa} on data that no
 * machine holds. Each component is {@code x = A_k z + mu_k + eps}, with {@code K (d (l + 2) + 1)}
 * numbers in all, so that rows may have tens of thousands of values.
 *
 * <p>Rows are MLlib's vectors, arrays of floats or doubles, or {@code binary} (pixels, divided by
 * 255). Floats with an {@link #imageShape} are pixels in [0, 1]; without one they are vectors,
 * whose columns are standardised inside. A missing value is NaN. The first model is made on the
 * driver, of {@link #initRows} random rows, or read from {@link #initModel}. Then each iteration is
 * a pass of EM over all rows, exact or, with the trainer {@code truncated-em}, of the components
 * that are best for each row.
 *
 * <pre>{@code
 * MixtureModel model =
 *     new MixtureOfFactorAnalyzers().setK(256).setFactors(4).setImageShape("1x28x28").fit(images);
 * model.transform(images).select("logLikelihood", "prediction");
 * model.saveMfa("digits.mfa");
 * }</pre>
 */
public final class MixtureOfFactorAnalyzers extends Estimator<MixtureModel>
    // PySpark's gateway sees methods of the interfaces that stand here, not of theirs.
    implements TrainingParams, MixtureColumns<MixtureOfFactorAnalyzers>, DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  /** Validation rows that come to the driver. */
  private static final int MOST_VALIDATION = 20_000;

  private final String uid;
  private final Columns columns;
  private final Training training;

  /** An estimator with the default parameters. */
  public MixtureOfFactorAnalyzers() {
    this(Identifiable$.MODULE$.randomUID("mfa"));
  }

  /** The same with an identifier. */
  public MixtureOfFactorAnalyzers(String uid) {
    this.uid = uid;
    columns = new Columns(this);
    training = new Training(this);
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public Columns columns() {
    return columns;
  }

  @Override
  public Training training() {
    return training;
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
    String weights = text(weightCol());
    JavaRDD<RowBlock> decoded =
        RowBlocks.of(data, text(featuresCol()), weights.isEmpty() ? null : weights);
    boolean persists =
        (boolean) getOrDefault(persistRows()) && data.storageLevel().equals(StorageLevel.NONE());
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
    long own = (long) getOrDefault(seed());
    double held = number(validationFraction());
    int wanted = number(tasks());
    int most = wanted > 0 ? wanted : all.context().defaultParallelism();
    JavaRDD<RowBlock> rows =
        ConsecutivePartitions.of(held > 0 ? Holdout.of(all, held, own, false) : all, most);
    CountedRows counted = CountedRows.of(rows);
    Samples sample = counted.sample(number(initRows()), own).samples(shape);
    Standardization units = Standardization.of(sample);
    double values = (double) number(k()) * (number(factors()) + 2);
    Natives.tellMemory(
        rows.context().getConf(),
        values * sample.dims() * (sample.areVectors() ? Double.BYTES : Float.BYTES));
    try (RemoteCheckpoint saved = RemoteCheckpoint.of(text(checkpoint()));
        org.mixel.mfa.MixtureOfFactorAnalyzers start = start()) {
      DistributedRows where = new DistributedRows(rows, shape, units, saved::copy);
      Trainer trainer =
          saved.keptBy(
              Trainer.of(options(sample, algorithm(where, counted, sample)))
                  .standardizedBy(units)
                  .seeing(counted.weight()));
      if (start != null) {
        trainer = trainer.startingFrom(start);
      }
      if (held > 0) {
        JavaRDD<RowBlock> others = Holdout.of(all, held, own, true);
        Samples judges = CountedRows.of(others).sample(MOST_VALIDATION, own).samples(shape);
        trainer = trainer.validatedBy(judges);
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
    String file = text(initModel());
    return file.isEmpty() ? null : SharedModel.read(RemoteFiles.read(file));
  }

  private Algorithm algorithm(DistributedRows rows, CountedRows counted, Samples sample) {
    Algorithm named = Algorithm.of(text(trainer()));
    Algorithm local = sample.areVectors() ? named.forVectors() : named;
    if (local instanceof Algorithm.TruncatedEm truncated) {
      return new DistributedTruncatedEm(rows, counted.ofPartitions(), truncated);
    }
    if (local instanceof Algorithm.ExactEm) {
      return new DistributedEm(rows);
    }
    throw new InputException(
        "`trainer` " + local.trainer() + " needs all rows on one machine; use em or truncated-em");
  }

  private TrainingOptions options(Samples sample, Algorithm algorithm) {
    TrainingOptions options =
        TrainingOptions.forRows(sample, number(k()), number(factors()))
            .withAlgorithm(algorithm)
            .withSeed((long) getOrDefault(seed()));
    double floor = number(noiseFloor());
    double prior = number(noisePrior());
    Maximization usual = options.maximization();
    options =
        options.withMaximization(
            new Maximization(
                NoiseModel.of(text(noise())),
                floor > 0 ? floor : usual.noiseFloor(),
                prior >= 0 ? prior : usual.priorRows()));
    Refit refitted = (boolean) getOrDefault(refit()) ? options.refit() : Refit.NONE;
    if (refitted.takesPlace()) {
      refitted = floor > 0 ? refitted.withFloor(floor) : refitted;
      refitted = prior >= 0 ? refitted.withPrior(prior) : refitted;
    }
    options = options.withRefit(refitted);
    int iterations = number(maxIter());
    double tolerance = number(tol());
    options = iterations > 0 ? options.withIterations(iterations) : options;
    return tolerance >= 0 ? options.withTolerance(tolerance) : options;
  }

  private String text(Param<String> param) {
    return getOrDefault(param);
  }

  private int number(IntParam param) {
    return (int) getOrDefault(param);
  }

  private double number(DoubleParam param) {
    return (double) getOrDefault(param);
  }
}
