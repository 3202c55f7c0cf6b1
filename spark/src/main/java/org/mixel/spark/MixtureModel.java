package org.mixel.spark;

import java.util.List;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.spark.row.RowBlocks;

/**
 * A fitted mixture. {@link #transform} adds columns of log-likelihood, component, factors,
 * reconstruction and completion; {@link #saveMfa} writes the file that every other part of Mixel
 * reads.
 */
public final class MixtureModel extends Model<MixtureModel>
    implements MixtureColumns<MixtureModel>, MLWritable {
  private static final long serialVersionUID = 1;

  private final String uid;
  private final byte[] file;
  private final List<Double> trainLogLikelihood;
  private final List<Double> validationLogLikelihood;
  private final List<Double> iterationSeconds;
  private final Columns columns;

  /** For Spark Connect, which lists models by their constructors: {@link #load} reads one. */
  public MixtureModel() {
    this(Identifiable$.MODULE$.randomUID("mfa"), new byte[0], List.of(), List.of(), List.of());
  }

  MixtureModel(
      String uid,
      byte[] file,
      List<Double> trainLogLikelihood,
      List<Double> validationLogLikelihood,
      List<Double> iterationSeconds) {
    this.uid = uid;
    this.file = file;
    this.trainLogLikelihood = List.copyOf(trainLogLikelihood);
    this.validationLogLikelihood = List.copyOf(validationLogLikelihood);
    this.iterationSeconds = List.copyOf(iterationSeconds);
    columns = new Columns(this);
  }

  /**
   * The model of an {@code .mfa} file.
   *
   * @param name of the file, as Hadoop names files
   * @throws InputException if there is none, or it is damaged
   */
  public static MixtureModel ofMfa(String name) {
    byte[] bytes = RemoteFiles.read(name);
    try (org.mixel.mfa.MixtureOfFactorAnalyzers model = SharedModel.read(bytes)) {
      MixtureModel read =
          new MixtureModel(
              Identifiable$.MODULE$.randomUID("mfa"), bytes, List.of(), List.of(), List.of());
      model.shape().ifPresent(shape -> read.set(read.imageShape(), MixtureColumns.text(shape)));
      return read;
    }
  }

  /** Writes the {@code .mfa} file. */
  public void saveMfa(String name) {
    RemoteFiles.write(name, file);
  }

  /** The model itself; the caller closes it. */
  public org.mixel.mfa.MixtureOfFactorAnalyzers toMixture() {
    return SharedModel.read(file);
  }

  /** Mean log-likelihood of the training rows before each iteration's update, in nats per row. */
  public List<Double> trainLogLikelihood() {
    return trainLogLikelihood;
  }

  /** The same of the validation rows, after each update; empty without such rows. */
  public List<Double> validationLogLikelihood() {
    return validationLogLikelihood;
  }

  /** Seconds of each pass and its M-step. */
  public List<Double> iterationSeconds() {
    return iterationSeconds;
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
  public StructType transformSchema(StructType schema) {
    return schema(this, schema);
  }

  /** The schema of transformed rows. */
  static StructType schema(MixtureColumns<?> params, StructType schema) {
    StructType all = schema;
    for (AddedColumn each : AddedColumn.of(params)) {
      if (List.of(all.fieldNames()).contains(each.name())) {
        throw new InputException(
            "there is a column " + each.name() + " already; choose another name");
      }
      all = all.add(each.name(), each.type());
    }
    return all;
  }

  /** Adds the columns that have names. */
  @Override
  public Dataset<Row> transform(Dataset<?> data) {
    String features = getOrDefault(featuresCol());
    StructType schema = transformSchema(data.schema());
    RowBlocks.requireColumn(data, features);
    RowBlocks.Kind kind = RowBlocks.Kind.of(features, data.schema().apply(features).dataType());
    int place = data.schema().fieldIndex(features);
    Broadcast<byte[]> sent =
        JavaSparkContext.fromSparkContext(data.sparkSession().sparkContext()).broadcast(file);
    String id = UUID.randomUUID().toString();
    @Nullable ImageShape shape = MixtureColumns.shape(getOrDefault(imageShape()));
    List<AddedColumn> added = AddedColumn.of(this);
    MapPartitionsFunction<Row, Row> add =
        rows -> new Transformed(rows, place, kind, shape, added, SharedModel.of(id, sent.value()));
    return data.toDF().mapPartitions(add, Encoders.row(schema));
  }

  /**
   * Draws rows, without the noise, as the paper does.
   *
   * @param rows how many
   * @param seed fixes them, whatever the number of partitions
   * @return arrays of floats, in a column of the name of {@link #featuresCol}
   */
  public Dataset<Row> sample(long rows, long seed) {
    SparkSession session = SparkSession.active();
    StructType schema =
        new StructType()
            .add(
                getOrDefault(featuresCol()),
                DataTypes.createArrayType(DataTypes.FloatType, false),
                false);
    Broadcast<byte[]> sent =
        JavaSparkContext.fromSparkContext(session.sparkContext()).broadcast(file);
    String id = UUID.randomUUID().toString();
    long batches = (rows + DRAWN - 1) / DRAWN;
    MapPartitionsFunction<Long, Row> draw =
        numbers -> new Drawn(numbers, rows, seed, SharedModel.of(id, sent.value()));
    return session.range(batches).mapPartitions(draw, Encoders.row(schema));
  }

  /** Rows that one seed draws. */
  static final int DRAWN = 256;

  @Override
  public MixtureModel copy(ParamMap extra) {
    MixtureModel copied =
        new MixtureModel(uid, file, trainLogLikelihood, validationLogLikelihood, iterationSeconds);
    return copyValues(copied, extra).setParent(parent());
  }

  @Override
  public MLWriter write() {
    return new Writer(this);
  }

  /** Reads a model that {@code save} wrote. */
  public static MixtureModel load(String path) {
    return read().load(path);
  }

  /** A reader of saved models. */
  public static MLReader<MixtureModel> read() {
    return new Reader();
  }

  private static String mfa(String path) {
    return path + "/model.mfa";
  }

  /** Parameters as MLlib keeps them, and the {@code .mfa} file. */
  private static final class Writer extends MLWriter {
    private final MixtureModel model;

    Writer(MixtureModel model) {
      this.model = model;
    }

    @Override
    public void saveImpl(String path) {
      DefaultParamsWriter.saveMetadata(model, path, sparkSession());
      RemoteFiles.write(mfa(path), model.file);
    }
  }

  private static final class Reader extends MLReader<MixtureModel> {
    @Override
    public MixtureModel load(String path) {
      DefaultParamsReader.Metadata metadata =
          DefaultParamsReader.loadMetadata(path, sparkSession(), MixtureModel.class.getName());
      byte[] file = RemoteFiles.read(mfa(path));
      SharedModel.read(file).close();
      MixtureModel model = new MixtureModel(metadata.uid(), file, List.of(), List.of(), List.of());
      metadata.getAndSetParams(model, metadata.getAndSetParams$default$2());
      return model;
    }
  }
}
