package org.mixel.mfa.training;

import static org.mixel.InputException.require;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.Familiarity;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;

/**
 * Hierarchical training (the paper's appendix A.2): a model of few root components, each then split
 * into a number of components that grows with the rows it owns, trained on these rows alone. The
 * weights of a split are multiplied by its root's, which makes one flat model.
 *
 * <p>Every stage is a {@link Trainer} with a checkpoint of its own, kept until all are done: a
 * resumed training finds the finished stages finished.
 */
public final class HierarchicalTrainer {
  private final TrainingOptions options;
  private final int roots;
  private final ComputeDevice device;
  private @Nullable Integer rowsPerComponent;
  private @Nullable Samples validation;
  private @Nullable CheckpointFolder checkpoints;

  private HierarchicalTrainer(TrainingOptions options, int roots, ComputeDevice device) {
    this.options = options;
    this.roots = roots;
    this.device = device;
  }

  /**
   * Splits the roots into about as many components as the options say.
   *
   * @param options how to train every stage
   * @param roots components of the first stage
   * @param device where to compute
   * @throws org.mixel.InputException if there is no root
   */
  public static HierarchicalTrainer of(TrainingOptions options, int roots, ComputeDevice device) {
    require(roots >= 1, "roots must be at least 1, got " + roots);
    return new HierarchicalTrainer(options, roots, device);
  }

  /**
   * Splits a root of {@code n} rows into {@code n / rows} components, rounded, at least one,
   * whatever number the options say.
   *
   * @throws org.mixel.InputException if the number is below 1
   */
  public HierarchicalTrainer splitBy(int rows) {
    require(rows >= 1, "rows per component must be at least 1, got " + rows);
    rowsPerComponent = rows;
    return this;
  }

  /** Every stage is stopped by those of these rows that it owns. */
  public HierarchicalTrainer validatedBy(Samples rows) {
    validation = rows;
    return this;
  }

  /** Saves every iteration of every stage in files of a folder. */
  public HierarchicalTrainer checkpointedIn(Path folder, boolean resume) {
    checkpoints = new CheckpointFolder(folder, resume);
    return this;
  }

  /**
   * Trains a model.
   *
   * @return the flat model; the training log-likelihoods are those of the roots and, last, the flat
   *     model's
   * @throws org.mixel.InputException as {@link Trainer#fit(Samples, Progress)}, or if rows have
   *     weights
   */
  public TrainingResult fit(Samples samples, Progress progress) {
    require(
        samples.weights().isEmpty(),
        samples.name() + ": rows with weights cannot be split by roots");
    long start = System.nanoTime();
    Phases phases = new Phases(progress);
    if (checkpoints != null) {
      checkpoints.requireOnly("roots|split-[0-9]+");
    }
    Standardization units = Standardization.of(samples);
    TrainingResult first = stage("roots", roots, units, samples, validation, phases);
    MixtureOfFactorAnalyzers flat;
    try (MixtureOfFactorAnalyzers rootModel = first.model()) {
      try (MixtureOfFactorAnalyzers joined = split(rootModel, units, samples, phases)) {
        flat = Familiarity.learn(joined, samples, phases);
      }
    }
    try {
      Samples scored = Trainer.scored(samples, options.withComponents(flat.components()));
      double exact = Scoring.meanLogLikelihood(flat, scored, phases);
      List<Double> train = new ArrayList<>(first.trainLogLikelihood());
      train.add(exact);
      List<Double> validated = new ArrayList<>(first.validationLogLikelihood());
      if (validation != null) {
        validated.add(Scoring.meanLogLikelihood(flat, validation, phases));
      }
      return new TrainingResult(
          flat,
          train,
          validated,
          first.iterationSeconds(),
          exact,
          validated.isEmpty() ? null : validated.get(validated.size() - 1),
          first.refit(),
          first.converged(),
          phases.seconds(),
          (System.nanoTime() - start) / 1e9);
    } catch (RuntimeException | Error e) {
      flat.close();
      throw e;
    }
  }

  private TrainingResult stage(
      String name,
      int components,
      Standardization units,
      Samples samples,
      @Nullable Samples held,
      Progress progress) {
    Trainer trainer = Trainer.of(options.withComponents(components), device).standardizedBy(units);
    if (held != null) {
      trainer.validatedBy(held);
    }
    if (checkpoints != null) {
      trainer.checkpointedIn(checkpoints.file(name), checkpoints.resume());
    }
    return trainer.fit(samples, progress);
  }

  /** The flat model of one model for each root, over the rows that it owns. */
  private MixtureOfFactorAnalyzers split(
      MixtureOfFactorAnalyzers rootModel,
      Standardization units,
      Samples samples,
      Progress progress) {
    int[] owners;
    int[] heldOwners;
    try (MixtureOfFactorAnalyzers posterior = rootModel.forPosteriors()) {
      owners = Scoring.mostProbable(posterior, samples, progress);
      heldOwners =
          validation == null ? new int[0] : Scoring.mostProbable(posterior, validation, progress);
    }
    int share =
        rowsPerComponent == null
            ? Math.max(1, samples.rows() / options.components())
            : rowsPerComponent;
    List<MixtureOfFactorAnalyzers> splits = new ArrayList<>();
    try {
      for (int root = 0; root < rootModel.components(); root++) {
        int[] rows = ownedBy(root, owners);
        int[] held = ownedBy(root, heldOwners);
        int components = (int) Math.round((double) rows.length / share);
        if (components <= 1 || rows.length <= options.factors()) {
          splits.add(only(rootModel, root));
          continue;
        }
        Samples own = samples.select(rows);
        Samples heldOwn = validation == null || held.length == 0 ? null : validation.select(held);
        splits.add(stage("split-" + root, components, units, own, heldOwn, progress).model());
      }
      return flatten(rootModel, splits, share);
    } finally {
      splits.forEach(MixtureOfFactorAnalyzers::close);
    }
  }

  private static int[] ownedBy(int root, int[] owners) {
    return IntStream.range(0, owners.length).filter(i -> owners[i] == root).toArray();
  }

  private static MixtureOfFactorAnalyzers only(MixtureOfFactorAnalyzers model, int component) {
    try (NativeScope scope = new NativeScope()) {
      return MixtureOfFactorAnalyzers.of(
          torch.zeros(new long[] {1}, model.logWeights().options()),
          model.means().narrow(0, component, 1),
          model.loadings().narrow(0, component, 1),
          model.noiseVariance().narrow(0, component, 1),
          model.shape().orElse(null),
          Map.of(
              MixtureOfFactorAnalyzers.POSTERIOR_NOISE, Double.toString(model.posteriorNoise())));
    }
  }

  /** The mean of the splits' noises for posteriors, by the weights of the roots. */
  private static double posteriorNoise(
      MixtureOfFactorAnalyzers rootModel, List<MixtureOfFactorAnalyzers> splits) {
    double[] weights = rootModel.weights();
    double sum = 0;
    for (int root = 0; root < weights.length; root++) {
      sum += weights[root] * splits.get(root).posteriorNoise();
    }
    return sum;
  }

  private MixtureOfFactorAnalyzers flatten(
      MixtureOfFactorAnalyzers rootModel, List<MixtureOfFactorAnalyzers> splits, int share) {
    try (NativeScope scope = new NativeScope()) {
      Tensor[] weights = new Tensor[splits.size()];
      for (int root = 0; root < weights.length; root++) {
        double weight = rootModel.logWeights().select(0, root).item().toDouble();
        weights[root] = splits.get(root).logWeights().add(new Scalar(weight));
      }
      Map<String, String> run = new TreeMap<>(rootModel.metadata());
      FinishedTraining.removeFrom(run);
      run.remove(Trainer.SHRINKAGE);
      run.remove(MixtureOfFactorAnalyzers.POSTERIOR_NOISE);
      run.remove(Familiarity.NAME);
      double noise = posteriorNoise(rootModel, splits);
      if (noise > 0) {
        run.put(MixtureOfFactorAnalyzers.POSTERIOR_NOISE, Double.toString(noise));
      }
      run.put("hierarchical", Integer.toString(roots));
      run.put("rows_per_component", Integer.toString(share));
      run.put(
          "components",
          Integer.toString(splits.stream().mapToInt(MixtureOfFactorAnalyzers::components).sum()));
      return MixtureOfFactorAnalyzers.of(
          torch.cat(new TensorVector(weights)),
          cat(splits.stream().map(MixtureOfFactorAnalyzers::means)),
          cat(splits.stream().map(MixtureOfFactorAnalyzers::loadings)),
          cat(splits.stream().map(MixtureOfFactorAnalyzers::noiseVariance)),
          rootModel.shape().orElse(null),
          run);
    }
  }

  private static Tensor cat(Stream<Tensor> parts) {
    return torch.cat(new TensorVector(parts.toArray(Tensor[]::new)));
  }
}
