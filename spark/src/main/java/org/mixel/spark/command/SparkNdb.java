package org.mixel.spark.command;

import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.ReferenceMode;
import org.mixel.ndb.VoronoiBins;
import org.mixel.spark.MixtureColumns;
import org.mixel.spark.Ndb;
import org.mixel.spark.SampleRows;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** NDB of two sets. */
@Command(
    name = "ndb",
    description = "Count the bins in which a candidate differs from a reference.",
    mixinStandardHelpOptions = true)
final class SparkNdb implements Callable<Integer> {
  @Mixin private Cluster cluster = new Cluster();

  @Parameters(index = "0", paramLabel = "REFERENCE")
  private String reference = "";

  @Parameters(index = "1", paramLabel = "CANDIDATE")
  private String candidate = "";

  @Option(
      names = "--bins",
      paramLabel = "K",
      defaultValue = "100",
      description = "(${DEFAULT-VALUE})")
  private int bins;

  @Option(
      names = "--reference",
      paramLabel = "held-out|paper",
      defaultValue = "held-out",
      description = "(${DEFAULT-VALUE})")
  private String mode = "held-out";

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "0",
      description = "Fixes all choices.")
  private long seed;

  @Override
  public Integer call() throws Exception {
    Samples known = DataSource.open(reference);
    Samples other = DataSource.open(candidate);
    if (!known.shape().equals(other.shape())) {
      throw new InputException(candidate + ": its rows are not of the form of " + reference);
    }
    try (SparkSession session = cluster.session()) {
      int partitions = 4 * session.sparkContext().defaultParallelism();
      Ndb.Options options =
          Ndb.Options.defaults()
              .withImageShape(MixtureColumns.shapeOf(known))
              .withBinning(
                  VoronoiBins.Options.defaults()
                      .withBins(bins)
                      .withMode(ReferenceMode.of(mode))
                      .withSeed(seed));
      NdbResult result =
          Ndb.run(
              SampleRows.of(session, known, "features", partitions),
              SampleRows.of(session, other, "features", partitions),
              "features",
              options);
      System.out.println(result);
    }
    return 0;
  }
}
