package org.mixel.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.Reconstruction;
import org.mixel.spark.row.RowBlock;
import org.mixel.spark.row.RowBlocks;

/** The columns that a mixture adds to rows. */
final class Scores {
  private Scores() {}

  static List<Object> logLikelihoods(org.mixel.mfa.MixtureOfFactorAnalyzers model, Samples rows) {
    return Arrays.stream(model.logLikelihood(rows)).<Object>mapToObj(Double::valueOf).toList();
  }

  static List<Object> components(org.mixel.mfa.MixtureOfFactorAnalyzers model, Samples rows) {
    return Arrays.stream(model.mostProbable(rows)).<Object>mapToObj(Integer::valueOf).toList();
  }

  /** Those of the component that {@link #components} names. */
  static List<Object> factors(org.mixel.mfa.MixtureOfFactorAnalyzers model, Samples rows) {
    float[] flat = Reconstruction.factors(model, rows, model.mostProbable(rows), Progress.SILENT);
    int factors = model.factors();
    return IntStream.range(0, rows.rows())
        .<Object>mapToObj(i -> boxed(Arrays.copyOfRange(flat, i * factors, (i + 1) * factors)))
        .toList();
  }

  static List<Object> reconstructions(org.mixel.mfa.MixtureOfFactorAnalyzers model, Samples rows) {
    return floats(model.reconstruct(rows));
  }

  static List<Object> completions(org.mixel.mfa.MixtureOfFactorAnalyzers model, Samples rows) {
    return floats(model.inpaint(rows));
  }

  private static List<Object> floats(Samples rows) {
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < rows.rows(); i++) {
      all.add(boxed(rows.row(i)));
    }
    return all;
  }

  /** The numbers as Spark takes them in rows. */
  static Float[] boxed(float[] values) {
    Float[] boxed = new Float[values.length];
    Arrays.setAll(boxed, i -> values[i]);
    return boxed;
  }

  /**
   * The rows of a column as one block.
   *
   * @param place of the column
   * @param dims values of the model's rows
   * @throws InputException if a row is null, or of another size
   */
  static RowBlock block(List<Row> rows, int place, RowBlocks.Kind kind, int dims) {
    Object values = kind.array(rows.size() * dims);
    for (int i = 0; i < rows.size(); i++) {
      Object own = values(rows.get(i), place, kind);
      int size = java.lang.reflect.Array.getLength(own);
      if (size != dims) {
        throw new InputException(
            "column %s: a row has %d values, the model %d"
                .formatted(rows.get(i).schema().fieldNames()[place], size, dims));
      }
      System.arraycopy(own, 0, values, i * dims, dims);
    }
    return new RowBlock(rows.size(), dims, values, null);
  }

  private static Object values(Row row, int place, RowBlocks.Kind kind) {
    if (row.isNullAt(place)) {
      throw new InputException(
          "column %s: a row is null".formatted(row.schema().fieldNames()[place]));
    }
    return switch (kind) {
      case BYTES -> row.<byte[]>getAs(place);
      case VECTORS -> row.<Vector>getAs(place).toArray();
      case DOUBLES ->
          Scores.<Double>whole(row, place).stream().mapToDouble(Double::doubleValue).toArray();
      case FLOATS -> {
        List<Float> list = whole(row, place);
        float[] floats = new float[list.size()];
        for (int i = 0; i < floats.length; i++) {
          floats[i] = list.get(i);
        }
        yield floats;
      }
    };
  }

  private static <T> List<T> whole(Row row, int place) {
    List<T> values = row.getList(place);
    int missing = values.indexOf(null);
    if (missing >= 0) {
      throw new InputException(
          "column %s: a row has a null at %d; a missing value is NaN"
              .formatted(row.schema().fieldNames()[place], missing));
    }
    return values;
  }
}
