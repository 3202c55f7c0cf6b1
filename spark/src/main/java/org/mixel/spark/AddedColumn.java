package org.mixel.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.mixel.data.Samples;

/**
 * A column that a mixture adds.
 *
 * @param of gives the column's values of some rows
 */
record AddedColumn(String name, DataType type, Values of) implements Serializable {
  /** Values of rows under a model. */
  interface Values extends Serializable {
    List<Object> apply(org.mixel.mfa.MixtureOfFactorAnalyzers model, Samples rows);
  }

  /** Those that have names. */
  static List<AddedColumn> of(MixtureColumns<?> params) {
    List<AddedColumn> all = new ArrayList<>();
    DataType floats = DataTypes.createArrayType(DataTypes.FloatType, false);
    add(all, params, params.logLikelihoodCol(), DataTypes.DoubleType, Scores::logLikelihoods);
    add(all, params, params.predictionCol(), DataTypes.IntegerType, Scores::components);
    add(all, params, params.factorsCol(), floats, Scores::factors);
    add(all, params, params.reconstructionCol(), floats, Scores::reconstructions);
    add(all, params, params.completionCol(), floats, Scores::completions);
    return all;
  }

  private static void add(
      List<AddedColumn> all,
      MixtureColumns<?> params,
      Param<String> name,
      DataType type,
      Values of) {
    String text = params.getOrDefault(name);
    if (!text.isEmpty()) {
      all.add(new AddedColumn(text, type, of));
    }
  }
}
