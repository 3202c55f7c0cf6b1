package org.mixel.neural;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mixel.Progress;
import org.mixel.data.RowSampler;
import org.mixel.data.Samples;
import org.mixel.metric.ClassifierScore;
import org.mixel.metric.FeatureNetwork;
import org.mixel.metric.Metric;
import org.mixel.ndb.Ndb;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.ReferenceMode;
import org.mixel.ndb.VoronoiBins;
import org.mixel.tensor.ComputeDevice;

/**
 * Compares samples with the data during training (the paper's figure 3): NDB/K, and for images
 * their sharpness and, if there is a classifier, its score.
 *
 * <p>Bins are placed at the first evaluation and stay. Owns its classifier until {@link #close()};
 * not safe for use by several threads.
 */
public final class Evaluation implements AutoCloseable {
  private final Samples reference;
  private final Options options;
  private final ComputeDevice device;
  private final @Nullable Scorer scorer;
  private final List<VoronoiBins> bins = new ArrayList<>();
  private @Nullable Samples counted;

  /**
   * The size of an evaluation.
   *
   * @param bins numbers of bins
   * @param rows that are drawn
   * @param mode which rows of the reference are counted
   * @param whiten whether bins are placed on whitened rows
   * @param quantize whether samples are clipped and rounded to 8 bits first
   */
  public record Options(
      List<Integer> bins, int rows, ReferenceMode mode, boolean whiten, boolean quantize) {
    /** Keeps its own copy of the list, and checks as {@link Ndb.Options} does. */
    public Options {
      bins = Ndb.Options.defaults().withBins(bins).bins();
      NetworkOptions.requireAtLeast("evaluateRows", rows, 2);
    }

    /** 100 bins, 10,000 rows, held-out reference. */
    public static Options defaults() {
      return new Options(List.of(100), 10_000, ReferenceMode.HELD_OUT, false, false);
    }

    /** The same with other numbers of bins. */
    public Options withBins(List<Integer> numbers) {
      return new Options(numbers, rows, mode, whiten, quantize);
    }

    /** The same with another number of rows. */
    public Options withRows(int count) {
      return new Options(bins, count, mode, whiten, quantize);
    }

    /** The same as a test of images counts: in such bins, of samples of 8 bits. */
    public Options asImages(boolean whitened) {
      return new Options(bins, rows, mode, whitened, true);
    }
  }

  /** Scores samples by a classifier. */
  @FunctionalInterface
  public interface Scorer extends AutoCloseable {
    /** The score of a set of images. */
    ClassifierScore score(Samples samples, Progress progress);

    /** Closes the classifier. */
    @Override
    default void close() {}

    /** Scores by a network that gives logits; the network is closed with the scorer. */
    static Scorer of(FeatureNetwork network, ClassifierScore.Options options) {
      return new Scorer() {
        @Override
        public ClassifierScore score(Samples samples, Progress progress) {
          return ClassifierScore.of(samples, network, options, progress);
        }

        @Override
        public void close() {
          network.close();
        }
      };
    }
  }

  /**
   * @param reference the data
   * @param scorer closed with this, or null for no classifier score
   */
  public Evaluation(
      Samples reference, Options options, ComputeDevice device, @Nullable Scorer scorer) {
    this.reference = reference;
    this.options = options;
    this.device = device;
    this.scorer = scorer;
  }

  /** Counts rows that training does not see, in bins that the data place. */
  public Evaluation counting(Samples unseen) {
    counted = unseen;
    return this;
  }

  /**
   * Places the bins, which the first evaluation would do otherwise.
   *
   * @throws org.mixel.InputException if the data are too few for them
   */
  public Evaluation prepared(Progress progress) {
    bins(progress);
    return this;
  }

  /** The figure by which states of a model can be chosen, if rows are counted for that. */
  public Optional<String> judge() {
    return counted == null ? Optional.empty() : Optional.of("js_" + options.bins().get(0));
  }

  /** The names of its figures. */
  List<String> columns() {
    List<String> names = new ArrayList<>();
    for (int k : options.bins()) {
      names.add("ndb_over_k_" + k);
      names.add("js_" + k);
    }
    metrics().forEach(metric -> names.add(metric.name()));
    if (scores()) {
      names.add("classifier_score");
    }
    return names;
  }

  /**
   * Draws rows and evaluates them.
   *
   * @return figures by name
   * @throws org.mixel.InputException if the rows cannot be compared with the data, for instance
   *     because they are not finite
   */
  public Map<String, Double> of(RowSampler sampler, Progress progress) {
    Samples taken = sampler.take("samples", options.rows(), progress);
    Samples drawn = options.quantize() ? taken.quantized() : taken;
    Map<String, Double> figures = new LinkedHashMap<>();
    for (VoronoiBins each : bins(progress)) {
      NdbResult result = Ndb.compare(each, drawn, 0.05, device, progress);
      figures.put("ndb_over_k_" + each.bins(), result.ndbOverK());
      figures.put("js_" + each.bins(), result.js());
    }
    for (Metric metric : metrics()) {
      figures.put(metric.name(), metric.measure().of(drawn, device, progress));
    }
    if (scorer != null && scores()) {
      figures.put("classifier_score", scorer.score(drawn, progress).score());
    }
    return figures;
  }

  private List<Metric> metrics() {
    return Metric.ALL.stream().filter(metric -> metric.appliesTo().test(reference)).toList();
  }

  private boolean scores() {
    return scorer != null && reference.shape().isPresent();
  }

  private List<VoronoiBins> bins(Progress progress) {
    if (bins.isEmpty()) {
      for (int k : options.bins()) {
        VoronoiBins.Options placed =
            VoronoiBins.Options.defaults()
                .withBins(k)
                .withMode(options.mode())
                .withWhiten(options.whiten());
        bins.add(
            counted == null
                ? VoronoiBins.fit(reference, placed, device, progress)
                : VoronoiBins.fit(reference, counted, placed, device, progress));
      }
    }
    return bins;
  }

  @Override
  public void close() {
    if (scorer != null) {
      scorer.close();
    }
  }
}
