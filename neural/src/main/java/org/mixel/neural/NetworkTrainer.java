package org.mixel.neural;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.data.DataHash;
import org.mixel.data.RowSampler;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.neural.network.Custody;
import org.mixel.neural.network.Parameters;
import org.mixel.tensor.Checkpoint;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/**
 * Trains networks by any recipe, with a log, pictures, evaluations and checkpoints if wanted:
 *
 * <pre>{@code
 * try (TrainedNetwork gan = NetworkTrainer.of(new Dcgan()).train(images);
 *     RowSampler sampler = gan.sampler(0)) {
 *   gan.save(Path.of("gan.net"));
 *   Samples drawn = sampler.take("samples", 1000, Progress.SILENT);
 * }
 * }</pre>
 *
 * <p>Not safe for use by several threads.
 */
public final class NetworkTrainer {
  private static final long GENERATOR_STREAM = -1;
  private static final long LEARNER_STREAM = -2;
  private static final String AVERAGE = "average.";
  private static final SafeTensors NOTHING = new SafeTensors(Map.of(), Map.of());

  private final Recipe recipe;
  private final NetworkOptions options;
  private final ComputeDevice device;
  private Schedule schedule;
  private @Nullable Integer width;
  private @Nullable Integer latent;
  private @Nullable MixtureOfFactorAnalyzers mixture;
  private @Nullable Path model;
  private boolean resume;
  private @Nullable Painter painter;
  private @Nullable Evaluation evaluation;
  private @Nullable String judge;

  /** Receives samples from the same noise during training. */
  @FunctionalInterface
  public interface Painter {
    /**
     * Called when training begins, or resumes, after so many steps: pictures of later steps belong
     * to another training, or will be painted again.
     */
    default void begin(long done) {}

    /**
     * Paints rows.
     *
     * @param step how many steps are done
     * @param sampler open until the call ends
     */
    void paint(long step, RowSampler sampler);
  }

  private NetworkTrainer(Recipe recipe, NetworkOptions options, ComputeDevice device) {
    this.recipe = recipe.trainedBy(options.batch());
    this.options = options;
    this.device = device;
    schedule = Schedule.defaults(options.steps());
  }

  /**
   * @param recipe the kind of model to train
   * @param options how long and by which steps
   * @param device where to compute
   */
  public static NetworkTrainer of(Recipe recipe, NetworkOptions options, ComputeDevice device) {
    return new NetworkTrainer(recipe, options, device);
  }

  /** Trains on the processor. */
  public static NetworkTrainer of(Recipe recipe, NetworkOptions options) {
    return of(recipe, options, ComputeDevice.CPU);
  }

  /** Trains on the processor, with the settings of the recipe's authors. */
  public static NetworkTrainer of(Recipe recipe) {
    return of(recipe, NetworkOptions.defaults(recipe));
  }

  /**
   * Takes another size than the recipe's own.
   *
   * @param width channels of the first level, or values of a hidden layer; null for the recipe's
   *     own
   * @param latent values of a latent row; null for the recipe's own
   */
  public NetworkTrainer sized(@Nullable Integer width, @Nullable Integer latent) {
    this.width = width;
    this.latent = latent;
    return this;
  }

  /** The mixture that an adversarial mixture or a translation begins with; stays open. */
  public NetworkTrainer from(MixtureOfFactorAnalyzers mixture) {
    this.mixture = mixture;
    return this;
  }

  /**
   * Keeps a log and a checkpoint beside a model's file.
   *
   * @param model where the model will be saved; this does not save it
   * @param resume whether to resume from the checkpoint if it is there
   */
  public NetworkTrainer beside(Path model, boolean resume) {
    this.model = model;
    this.resume = resume;
    return this;
  }

  /** Sets how often to log, paint, evaluate and save. */
  public NetworkTrainer on(Schedule schedule) {
    this.schedule = schedule;
    return this;
  }

  /** Shows samples during training. */
  public NetworkTrainer paintedBy(Painter painter) {
    this.painter = painter;
    return this;
  }

  /** Evaluates samples during training; the evaluation stays its owner's. */
  public NetworkTrainer evaluatedBy(Evaluation evaluation) {
    this.evaluation = evaluation;
    return this;
  }

  /**
   * Keeps the model whose samples were best in an evaluation, in a file beside the model's: {@link
   * #best}.
   *
   * @param figure of the evaluation that says so: the lower, the better
   */
  public NetworkTrainer keepingBest(String figure) {
    judge = figure;
    return this;
  }

  /** The file of the best model of a training with {@link #keepingBest}. */
  public static Path best(Path model) {
    return model.resolveSibling(model.getFileName() + ".best");
  }

  /**
   * Trains until all steps are done, or the program is interrupted, as {@code
   * progressed().finished()} tells; then a checkpoint is saved, if there is a place for it.
   *
   * @param rows the data
   * @param interruption says when to end early
   * @param progress hears of every step
   * @return to be closed by the caller
   * @throws InputException if the data or the mixture do not fit the recipe or the options,
   *     training fails (a figure is not finite), or the checkpoint is of another training
   */
  public TrainedNetwork train(Samples rows, Interruption interruption, Progress progress) {
    Architecture architecture = architecture(rows);
    Map<String, String> run = describe(rows, architecture);
    try (TrainingRun training = begin(rows, architecture, run, progress)) {
      training.goOn(interruption, progress);
      return training.result();
    }
  }

  /**
   * Trains without progress, until all steps are done or the program is asked to end (by SIGTERM or
   * Ctrl+C): it then returns early, and {@code progressed().finished()} is false.
   *
   * @param rows the data
   * @return to be closed by the caller
   * @throws InputException as {@link #train(Samples, Interruption, Progress)}
   */
  public TrainedNetwork train(Samples rows) {
    try (Interruption interruption = Interruption.watch()) {
      return train(rows, interruption, Progress.SILENT);
    }
  }

  private Architecture architecture(Samples rows) {
    String kind = recipe.kind();
    if (recipe.needsMixture() && mixture == null) {
      throw new InputException(kind + " begins with a mixture; give one with `mixture` M.mfa");
    }
    if (!recipe.needsMixture() && mixture != null) {
      throw new InputException(kind + " does not begin with a mixture; leave out `mixture`");
    }
    if (mixture != null) {
      recipe.requireFit(mixture, rows);
    }
    return Architecture.of(
        recipe,
        rows,
        width,
        latent,
        mixture != null && recipe.translates() ? mixture.shape().orElseThrow() : null);
  }

  /** The options and data that a checkpoint must agree with. The rate may change on resuming. */
  private Map<String, String> describe(Samples rows, Architecture architecture) {
    Map<String, String> run = new TreeMap<>(architecture.toMetadata());
    run.put("training_of", String.valueOf(run.remove(Architecture.KIND)));
    run.putAll(options.toMetadata());
    run.putAll(recipe.settings());
    run.remove("learning_rate");
    run.put("data", rows.name());
    run.put("data_rows", Integer.toString(rows.rows()));
    run.put("data_sha256", DataHash.sha256(rows));
    if (mixture != null) {
      run.put("mixture", hash(mixture));
    }
    return run;
  }

  /** SHA-256 of all parameters, in hexadecimal digits. */
  private static String hash(MixtureOfFactorAnalyzers mixture) {
    MessageDigest digest = DataHash.digest();
    for (Tensor tensor :
        List.of(
            mixture.logWeights(), mixture.means(), mixture.loadings(), mixture.noiseVariance())) {
      float[] values = Tensors.floats(tensor);
      ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
      bytes.asFloatBuffer().put(values);
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private TrainingRun begin(
      Samples rows, Architecture architecture, Map<String, String> run, Progress progress) {
    if (!resume || model == null || !Files.exists(Checkpoint.beside(model))) {
      return begin(rows, architecture, run, TrainingRun.Start.ANEW, progress);
    }
    Path file = Checkpoint.beside(model);
    try (NativeScope scope = new NativeScope()) {
      TrainingRun.Start start = TrainingRun.Start.at(file, run);
      try {
        return begin(rows, architecture, run, start, progress);
      } catch (InputException e) {
        throw new InputException(
            file + ": cannot be resumed: " + e.getMessage() + "; begin anew", e);
      }
    }
  }

  private TrainingRun begin(
      Samples rows,
      Architecture architecture,
      Map<String, String> run,
      TrainingRun.Start start,
      Progress progress) {
    SafeTensors stored = start.stored();
    try (NativeScope scope = new NativeScope();
        RandomStream random = RandomStream.of(options.seed());
        RandomStream generators = random.split(GENERATOR_STREAM);
        RandomStream learners = random.split(LEARNER_STREAM);
        Custody custody = new Custody()) {
      Scaling scaling =
          custody.add(
              stored == null
                  ? Scaling.of(rows, recipe.pixels(), device)
                  : Scaling.of(stored, architecture.dims(), device));
      Generator generator =
          custody.add(
              recipe.generator(
                  architecture,
                  stored == null
                      ? first(generators, scaling)
                      : Parameters.Source.stored(stored.below(TrainingRun.MODEL), device)));
      SafeTensors ofLearner = stored == null ? NOTHING : stored.below(TrainingRun.LEARNER);
      Learner.State state = custody.add(new Learner.State());
      Learner learner =
          recipe.learner(
              new Learner.Setup(
                  architecture,
                  generator,
                  stored == null
                      ? Parameters.Source.fresh(learners, device, ScalarType.Float)
                      : Parameters.Source.stored(ofLearner, device),
                  ofLearner,
                  state,
                  scaling,
                  options,
                  mixture,
                  rows,
                  device,
                  progress));
      AveragedWeights average = average(generator, stored == null ? null : ofLearner, state);
      DataLoader loader =
          custody.add(
              DataLoader.of(rows, device, options.batch(), options.seed(), start.batches()));
      return custody.handOver(
          new TrainingRun(
              new TrainingRun.Plan(
                  recipe, options, schedule, run, model, painter, evaluation, judge),
              new NetworkModel(architecture, scaling, generator),
              learner,
              state,
              average,
              loader,
              start));
    }
  }

  /** The average of the generator's weights, owned by the state; null if none is wanted. */
  private @Nullable AveragedWeights average(
      Generator generator, @Nullable SafeTensors stored, Learner.State state) {
    if (options.average() == 0) {
      return null;
    }
    AveragedWeights average =
        state.own(
            AveragedWeights.of(
                options.average(),
                generator.parameters(),
                stored == null ? null : stored.below(AVERAGE)));
    state.keep(AVERAGE, average::named);
    return average;
  }

  /** The parameters that the generator begins with. */
  private Parameters.Source first(RandomStream random, Scaling scaling) {
    Parameters.Source fresh = Parameters.Source.fresh(random, device, ScalarType.Float);
    return mixture == null
        ? fresh
        : recipe.begin(
            fresh,
            Parameters.Source.stored(MixtureGenerator.parametersOf(mixture, scaling), device));
  }
}
