package org.mixel.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.Reconstruction;
import org.mixel.mfa.training.Algorithm;
import org.mixel.mfa.training.Refit;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;

/** The mixture on Spark is the mixture of the local trainer, however the rows are dealt out. */
class MixtureOfFactorAnalyzersTest {
  private static final int SIDE = 8;
  private static final float[][] PICTURES = Sessions.pictures(600, SIDE, 1);

  @TempDir private Path folder;

  private static Dataset<Row> pictures(int partitions) {
    return Sessions.of(
        Sessions.FLOATS, Arrays.stream(PICTURES).map(Sessions::boxed).toList(), partitions);
  }

  private static MixtureOfFactorAnalyzers estimator() {
    return new MixtureOfFactorAnalyzers()
        .setK(4)
        .setFactors(2)
        .setImageShape("1x8x8")
        .setMaxIter(6);
  }

  private static TrainingResult local(Samples samples, int iterations) {
    return Trainer.of(options(samples, iterations)).fit(samples);
  }

  private static TrainingOptions options(Samples samples, int iterations) {
    return TrainingOptions.forRows(samples, 4, 2)
        .withAlgorithm(new Algorithm.ExactEm())
        .withIterations(iterations);
  }

  /**
   * Rounding of float32 sums, which depends on how rows are dealt out, is all that differs. With a
   * refit, whose noise is low, the local trainer itself differs by up to 2.8e-5 nats a row when its
   * rows come in another order.
   */
  @ParameterizedTest
  @CsvSource({
    "1, false, 0", "3, false, 1e-5", "16, false, 1e-5", "64, false, 1e-5",
    "1, true, 0", "3, true, 5e-5", "16, true, 5e-5", "64, true, 5e-5"
  })
  void emIsThatOfTheLocalTrainer(int partitions, boolean refit, double exact) {
    TrainingOptions options = options(samples(), 6);
    options = refit ? options : options.withRefit(Refit.NONE);
    MixtureModel model = estimator().setRefit(refit).setTasks(partitions).fit(pictures(partitions));
    try (TrainingResult expected = Trainer.of(options).fit(samples());
        org.mixel.mfa.MixtureOfFactorAnalyzers mixture = model.toMixture()) {
      assertThat(model.trainLogLikelihood()).hasSameSizeAs(expected.trainLogLikelihood());
      for (int i = 0; i < model.trainLogLikelihood().size(); i++) {
        assertThat(model.trainLogLikelihood().get(i))
            .isCloseTo(expected.trainLogLikelihood().get(i), within(exact));
      }
      assertThat(mean(mixture.logLikelihood(samples())))
          .isCloseTo(mean(expected.model().logLikelihood(samples())), within(exact));
    }
  }

  private static Samples samples() {
    return StoredSamples.ofFloats(
        "pictures", SIDE * SIDE, new ImageShape(1, SIDE, SIDE), Sessions.joined(PICTURES));
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  @Test
  void vectorsOfEveryKindOfColumnGiveOneModel() {
    double[][] rows = vectors();
    double[] flat = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    List<Dataset<Row>> columns =
        List.of(
            Sessions.of(Sessions.VECTORS, Arrays.stream(rows).map(Vectors::dense).toList(), 5),
            Sessions.of(
                Sessions.VECTORS,
                Arrays.stream(rows).map(row -> Vectors.dense(row).toSparse()).toList(),
                2),
            Sessions.of(
                Sessions.DOUBLES,
                Arrays.stream(rows)
                    .map(row -> Arrays.stream(row).boxed().toArray(Double[]::new))
                    .toList(),
                3));
    try (TrainingResult expected = local(StoredSamples.ofDoubles("vectors", 3, flat), 5)) {
      for (Dataset<Row> each : columns) {
        MixtureModel model =
            new MixtureOfFactorAnalyzers().setK(4).setFactors(2).setMaxIter(5).fit(each);
        assertThat(model.trainLogLikelihood()).hasSameSizeAs(expected.trainLogLikelihood());
        for (int i = 0; i < model.trainLogLikelihood().size(); i++) {
          assertThat(model.trainLogLikelihood().get(i))
              .isCloseTo(expected.trainLogLikelihood().get(i), within(1e-9));
        }
      }
    }
  }

  /** Columns of very different scales. */
  private static double[][] vectors() {
    java.util.SplittableRandom random = new java.util.SplittableRandom(4);
    double[][] rows = new double[400][3];
    for (double[] row : rows) {
      double far = random.nextInt(3) * 4;
      row[0] = 1e6 + 1e3 * (far + random.nextGaussian());
      row[1] = 1e-3 * (far + random.nextGaussian());
      row[2] = random.nextInt(4) == 0 ? 0 : random.nextGaussian();
    }
    return rows;
  }

  @Test
  void weightsCountAndMissingValuesAreAllowed() {
    float[][] holes = Sessions.pictures(300, 4, 2);
    double[] weights = new double[holes.length];
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < holes.length; i++) {
      holes[i][i % 16] = i % 3 == 0 ? Float.NaN : holes[i][i % 16];
      weights[i] = i % 4;
      rows.add(RowFactory.create(Sessions.boxed(holes[i]), weights[i]));
    }
    Dataset<Row> data =
        Sessions.local()
            .createDataFrame(
                rows, new StructType().add("x", Sessions.FLOATS).add("w", DataTypes.DoubleType))
            .repartition(1);
    MixtureModel model =
        estimator().setImageShape("1x4x4").setFeaturesCol("x").setWeightCol("w").fit(data);
    Samples samples =
        StoredSamples.ofFloats("rows", 16, new ImageShape(1, 4, 4), Sessions.joined(holes))
            .weightedBy(weights);
    try (TrainingResult expected = local(samples, 6)) {
      assertThat(model.trainLogLikelihood()).hasSize(expected.trainLogLikelihood().size());
      for (int i = 0; i < model.trainLogLikelihood().size(); i++) {
        assertThat(model.trainLogLikelihood().get(i))
            .isCloseTo(expected.trainLogLikelihood().get(i), within(1e-3));
      }
    }
  }

  @Test
  void transformedRowsHaveWhatTheModelSaysOfThem() {
    MixtureModel model =
        estimator()
            .fit(pictures(3))
            .setFactorsCol("z")
            .setReconstructionCol("seen")
            .setCompletionCol("whole");
    List<Row> rows = model.transform(pictures(7)).collectAsList();
    try (org.mixel.mfa.MixtureOfFactorAnalyzers mixture = model.toMixture()) {
      double[] scores = mixture.logLikelihood(samples());
      int[] components = mixture.mostProbable(samples());
      Samples reconstructed = mixture.reconstruct(samples());
      float[] factors = Reconstruction.factors(mixture, samples(), components, Progress.SILENT);
      for (int i = 0; i < rows.size(); i++) {
        Row row = rows.get(i);
        assertThat(row.<Double>getAs("logLikelihood")).isCloseTo(scores[i], within(1e-2));
        assertThat(row.<Integer>getAs("prediction")).isEqualTo(components[i]);
        List<Float> z = row.getList(row.fieldIndex("z"));
        assertThat(z).hasSize(2);
        assertThat(z.get(1)).isCloseTo(factors[2 * i + 1], within(1e-3f));
        assertThat(row.<Float>getList(row.fieldIndex("seen")).get(9))
            .isCloseTo(reconstructed.row(i)[9], within(1e-4f));
        assertThat(row.<Float>getList(row.fieldIndex("whole")))
            .isEqualTo(row.getList(row.fieldIndex("features")));
      }
    }
  }

  @Test
  void aModelIsTheSameAfterItWasSaved() throws Exception {
    MixtureModel model = estimator().setLogLikelihoodCol("score").fit(pictures(2));
    String place = folder.resolve("model").toString();
    model.save(place);
    MixtureModel loaded = MixtureModel.load(place);
    assertThat(loaded.uid()).isEqualTo(model.uid());
    assertThat(loaded.transform(pictures(2)).select("score", "prediction").collectAsList())
        .isEqualTo(model.transform(pictures(2)).select("score", "prediction").collectAsList());
    model.saveMfa(folder.resolve("m.mfa").toString());
    MixtureModel ofFile = MixtureModel.ofMfa(folder.resolve("m.mfa").toString());
    assertThat(ofFile.getOrDefault(ofFile.imageShape())).isEqualTo("1x8x8");
    try (org.mixel.mfa.MixtureOfFactorAnalyzers local =
            org.mixel.mfa.MixtureOfFactorAnalyzers.load(folder.resolve("m.mfa"));
        org.mixel.mfa.MixtureOfFactorAnalyzers own = ofFile.toMixture()) {
      assertThat(local.logLikelihood(samples())).isEqualTo(own.logLikelihood(samples()));
    }
  }

  @Test
  void anEstimatorGoesThroughAPipelineAndItsFile() throws Exception {
    MixtureOfFactorAnalyzers estimator = estimator();
    String place = folder.resolve("estimator").toString();
    estimator.save(place);
    MixtureOfFactorAnalyzers loaded = MixtureOfFactorAnalyzers.load(place);
    assertThat(loaded.explainParams()).isEqualTo(estimator.explainParams());
    PipelineModel fitted = new Pipeline().setStages(new PipelineStage[] {loaded}).fit(pictures(2));
    String pipeline = folder.resolve("pipeline").toString();
    fitted.save(pipeline);
    assertThat(PipelineModel.load(pipeline).transform(pictures(1)).collectAsList())
        .isEqualTo(fitted.transform(pictures(1)).collectAsList());
  }

  @ParameterizedTest
  @CsvSource({"em, 6", "truncated-em, 8"})
  void aTrainingGoesOnFromItsCheckpoint(String trainer, int readings) {
    String checkpoint = folder.resolve("checkpoint").toString();
    MixtureOfFactorAnalyzers estimator = estimator().setTrainer(trainer).setTol(0);
    List<Double> whole = estimator.fit(pictures(2)).trainLogLikelihood();
    // A data set that fails in the fourth pass: what was saved before it stays.
    Dataset<Row> failing = FailingRows.after(pictures(2), folder, readings);
    assertThatThrownBy(() -> estimator.setPersistRows(false).setCheckpoint(checkpoint).fit(failing))
        .hasMessageContaining("the disk is gone");
    assertThat(Path.of(checkpoint)).exists();
    MixtureModel model = estimator.fit(pictures(2));
    assertThat(model.trainLogLikelihood()).isEqualTo(whole);
    assertThat(Path.of(checkpoint)).doesNotExist();
  }

  private static MixtureOfFactorAnalyzers truncated() {
    return estimator().setK(12).setTrainer("truncated-em").setTol(0);
  }

  /** The lists of neighbours and what is explored differ where several tasks look at rows. */
  @Test
  void truncatedEmOfOneTaskIsThatOfTheLocalTrainer() {
    TrainingOptions options =
        TrainingOptions.forRows(samples(), 12, 2)
            .withAlgorithm(Algorithm.TruncatedEm.defaults())
            .withIterations(6)
            .withTolerance(0);
    try (TrainingResult expected = Trainer.of(options).fit(samples())) {
      MixtureModel model = truncated().setTasks(1).fit(pictures(3));
      assertThat(model.trainLogLikelihood()).isEqualTo(expected.trainLogLikelihood());
      try (org.mixel.mfa.MixtureOfFactorAnalyzers mixture = model.toMixture()) {
        assertThat(mixture.logLikelihood(samples()))
            .isEqualTo(expected.model().logLikelihood(samples()));
        assertThat(mixture.metadata()).containsEntry("trainer", "truncated-em");
        assertThat(mixture.metadata()).containsEntry("learned_rows", "600.0");
      }
      MixtureModel divided = truncated().setTasks(3).fit(pictures(3));
      assertThat(divided.trainLogLikelihood())
          .isEqualTo(truncated().setTasks(3).fit(pictures(3)).trainLogLikelihood());
      int last = divided.trainLogLikelihood().size() - 1;
      assertThat(divided.trainLogLikelihood().get(last))
          .isCloseTo(expected.trainLogLikelihood().get(last), within(0.5));
    }
  }

  @Test
  void rowsWithHolesNeedExactEm() {
    Float[] hole = Sessions.boxed(PICTURES[0]);
    hole[3] = Float.NaN;
    List<Float[]> rows = new ArrayList<>();
    for (float[] picture : PICTURES) {
      rows.add(Sessions.boxed(picture));
    }
    rows.add(hole);
    assertThatThrownBy(
            () -> truncated().setInitRows(100).fit(Sessions.of(Sessions.FLOATS, rows, 3)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("`trainer` truncated-em cannot learn from; use `trainer` em");
    assertThatThrownBy(() -> estimator().setTrainer("sgd").fit(pictures(1)))
        .hasMessage("`trainer` sgd needs all rows on one machine; use em or truncated-em");
  }

  @Test
  void aModelKnowsHowManyRowsItHasSeen() {
    MixtureModel model =
        estimator().setInitRows(100).setMaxIter(1).setRefit(false).fit(pictures(2));
    try (org.mixel.mfa.MixtureOfFactorAnalyzers mixture = model.toMixture()) {
      assertThat(mixture.metadata()).containsEntry("learned_rows", "600.0");
    }
  }

  @Test
  void samplesDoNotDependOnPartitions() {
    MixtureModel model = estimator().fit(pictures(2));
    List<Row> drawn = model.sample(600, 5).collectAsList();
    assertThat(drawn).hasSize(600);
    assertThat(model.sample(600, 5).repartition(3).sort("features").collectAsList())
        .isEqualTo(model.sample(600, 5).sort("features").collectAsList());
    // Not even those of another batch of this seed.
    assertThat(drawn).doesNotContain(model.sample(600, 6).first());
  }

  @Test
  void heldOutRowsJudge() {
    MixtureModel model = estimator().setValidationFraction(0.2).fit(pictures(4));
    assertThat(model.validationLogLikelihood()).hasSameSizeAs(model.trainLogLikelihood());
    assertThat(model.validationLogLikelihood().get(0))
        .isGreaterThan(model.trainLogLikelihood().get(0) - 30);
  }

  @Test
  void unusableRowsGetOnePlainLine() {
    Float[] row = Sessions.boxed(PICTURES[0]);
    Float[] infinite = row.clone();
    infinite[5] = Float.POSITIVE_INFINITY;
    Float[] hole = row.clone();
    hole[3] = null;
    refused(Arrays.asList(row, null), "column features, row 1 of its partition is null");
    refused(
        List.of(row, infinite),
        "column features, row 1 of its partition has the value Infinity at 5");
    refused(
        List.of(row, hole),
        "column features, row 1 of its partition has a null at 3; a missing value is NaN");
    refused(
        List.of(row, new Float[] {1f, 2f}),
        "column features, row 1 of its partition has 2 values, others have 64");
    refused(
        Collections.singletonList(row),
        "rows: 4 components need at least as many rows, got 1; use fewer components");
    refused(List.of(), "the data set has no rows that count");
    assertThatThrownBy(() -> estimator().setFeaturesCol("pixels").fit(pictures(1)))
        .isInstanceOf(InputException.class)
        .hasMessage("there is no column pixels; there are features");
    assertThatThrownBy(() -> estimator().setPredictionCol("features").fit(pictures(1)))
        .hasMessage("there is a column features already; choose another name");
    assertThatThrownBy(() -> estimator().fit(Sessions.of(DataTypes.StringType, List.of("a"), 1)))
        .hasMessage(
            "column features is of type string; it must hold vectors, arrays of floats or doubles, or binary");
  }

  private static void refused(List<?> rows, String message) {
    assertThatThrownBy(() -> estimator().fit(Sessions.of(Sessions.FLOATS, rows, 1)))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }
}
