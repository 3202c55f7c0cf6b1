package org.mixel.neural.training;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.data.DataHash;
import org.mixel.data.RowSampler;
import org.mixel.data.RowSize;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.neural.model.Architecture;
import org.mixel.neural.model.Generator;
import org.mixel.neural.model.LatentGenerator;
import org.mixel.neural.model.MixtureGenerator;
import org.mixel.neural.model.ModelKind;
import org.mixel.neural.model.Scaling;
import org.mixel.neural.model.TranslatedMixture;
import org.mixel.neural.network.ParameterSource;
import org.mixel.tensor.Checkpoint;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.SafeTensors;

/**
 * Trains networks of any kind: the one loop of steps, with its log, pictures, evaluations and
 * checkpoints.
 */
public final class NetworkTrainer {
  private static final long GENERATOR_STREAM = -1;
  private static final long LEARNER_STREAM = -2;
  private static final SafeTensors NOTHING = new SafeTensors(Map.of(), Map.of());

  private final ModelKind kind;
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

  /** Is shown what is drawn from the same noise on the way. */
  @FunctionalInterface
  public interface Painter {
    /**
     * Hears that training begins, or goes on, after so many steps: pictures of later ones are of
     * another training, or will be painted again.
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

  private NetworkTrainer(ModelKind kind, NetworkOptions options, ComputeDevice device) {
    this.kind = kind;
    this.options = options;
    this.device = device;
    schedule = Schedule.defaults(options.steps());
  }

  /**
   * @param kind what is trained
   * @param options how
   * @param device where
   */
  public static NetworkTrainer of(ModelKind kind, NetworkOptions options, ComputeDevice device) {
    return new NetworkTrainer(kind, options, device);
  }

  /**
   * Another size than the kind's own.
   *
   * @param width channels of the first level, or values of a hidden layer; null for the kind's own
   * @param latent values of a latent row; null for the kind's own
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
   * @param resume whether to go on from the checkpoint if it is there
   */
  public NetworkTrainer beside(Path model, boolean resume) {
    this.model = model;
    this.resume = resume;
    return this;
  }

  /** When all this happens. */
  public NetworkTrainer on(Schedule schedule) {
    this.schedule = schedule;
    return this;
  }

  /** Shows what is drawn on the way. */
  public NetworkTrainer paintedBy(Painter painter) {
    this.painter = painter;
    return this;
  }

  /** Evaluates on the way. */
  public NetworkTrainer evaluatedBy(Evaluation evaluation) {
    this.evaluation = evaluation;
    return this;
  }

  /**
   * Trains until all steps are done, or the program is interrupted; then a checkpoint is saved, if
   * there is a place for it.
   *
   * @param rows the data
   * @param interruption says when to end early
   * @param progress hears of every step
   * @throws InputException if the data or the mixture do not fit the kind or the options, training
   *     fails (a figure is not finite), or the checkpoint is of another training
   */
  public TrainedNetwork train(Samples rows, Interruption interruption, Progress progress) {
    Architecture architecture = architecture(rows);
    Map<String, String> run = describe(rows, architecture);
    try (TrainingRun training = begin(rows, architecture, run, progress)) {
      training.goOn(interruption, progress);
      return training.result();
    }
  }

  private Architecture architecture(Samples rows) {
    if (kind.needsMixture() && mixture == null) {
      throw new InputException(kind + " begins with a mixture; give one with --mixture M.mfa");
    }
    if (!kind.needsMixture() && mixture != null) {
      throw new InputException(kind + " does not begin with a mixture; leave out --mixture");
    }
    if (mixture != null && kind == ModelKind.ADVERSARIAL_MFA && mixture.dims() != rows.dims()) {
      RowSize its = RowSize.of(rows);
      RowSize wanted = new RowSize(mixture.dims(), mixture.shape());
      throw new InputException(
          "%s has rows of %s, but those of the mixture have %s%s"
              .formatted(rows.name(), its, wanted, its.remedy(wanted)));
    }
    if (mixture != null && kind == ModelKind.PIX2PIX && mixture.shape().isEmpty()) {
      throw new InputException("the mixture is not one of images, which pix2pix needs");
    }
    return Architecture.of(
        kind,
        rows,
        width,
        latent,
        mixture != null && kind == ModelKind.PIX2PIX ? mixture.shape().orElseThrow() : null);
  }

  /** What makes this training another than others. The rate may change when it goes on. */
  private Map<String, String> describe(Samples rows, Architecture architecture) {
    Map<String, String> run = new TreeMap<>(architecture.toMetadata());
    run.put("training_of", String.valueOf(run.remove(Architecture.KIND)));
    run.putAll(options.toMetadata(kind));
    run.remove("learning_rate");
    run.put("data", rows.name());
    run.put("data_rows", Integer.toString(rows.rows()));
    run.put("data_sha256", DataHash.sha256(rows));
    if (mixture != null) {
      run.put("mixture", MixtureHash.of(mixture));
    }
    return run;
  }

  private TrainingRun begin(
      Samples rows, Architecture architecture, Map<String, String> run, Progress progress) {
    if (!resume || model == null || !Files.exists(Checkpoint.beside(model))) {
      return begin(rows, architecture, run, null, progress);
    }
    Path file = Checkpoint.beside(model);
    try (NativeScope scope = new NativeScope()) {
      NetworkCheckpoint.Found found = NetworkCheckpoint.load(file, run);
      try {
        return begin(rows, architecture, run, found, progress);
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
      NetworkCheckpoint.@Nullable Found found,
      Progress progress) {
    try (NativeScope scope = new NativeScope();
        RandomStream generators = RandomStream.of(options.seed()).split(GENERATOR_STREAM);
        RandomStream learners = RandomStream.of(options.seed()).split(LEARNER_STREAM)) {
      Device place = NativeScope.own(device.torch());
      Scaling scaling =
          found == null
              ? Scaling.of(rows, kind, place)
              : Scaling.of(found.all(), architecture.dims(), place);
      ParameterSource ofGenerator =
          found == null
              ? fresh(generators, place, scaling)
              : ParameterSource.stored(found.model(), place);
      SafeTensors state = found == null ? NOTHING : found.learner();
      Learner learner =
          learner(
              architecture,
              Generator.of(architecture, ofGenerator),
              found == null ? ParameterSource.fresh(learners, place, ScalarType.Float) : null,
              state,
              scaling,
              place,
              rows,
              progress);
      NetworkCheckpoint from =
          found == null ? new NetworkCheckpoint(run, 0, 0, 0) : found.checkpoint();
      RowFeed feed = RowFeed.of(rows, place, options.batch(), options.seed(), from.batches());
      TrainingRun training =
          new TrainingRun(
              new TrainingRun.Plan(kind, options, schedule, model, painter, evaluation),
              architecture,
              scaling,
              learner,
              feed,
              from);
      if (found != null) {
        training.restore(found.means());
      }
      return training;
    }
  }

  private ParameterSource fresh(RandomStream random, Device place, Scaling scaling) {
    ParameterSource fresh = ParameterSource.fresh(random, place, ScalarType.Float);
    if (mixture == null) {
      return fresh;
    }
    ParameterSource stored =
        ParameterSource.stored(MixtureGenerator.parametersOf(mixture, scaling), place);
    return kind == ModelKind.PIX2PIX ? fresh.with("mixture.", stored) : stored;
  }

  private Learner learner(
      Architecture architecture,
      Generator generator,
      @Nullable ParameterSource fresh,
      SafeTensors state,
      Scaling scaling,
      Device place,
      Samples rows,
      Progress progress) {
    if (generator instanceof TranslatedMixture translated && mixture != null) {
      return TranslationLearner.of(
          architecture,
          translated,
          mixture,
          fresh != null ? fresh : ParameterSource.stored(state.below("critic."), place),
          scaling,
          options,
          state);
    }
    if (generator instanceof LatentGenerator decoder && kind.isVariational()) {
      return VariationalLearner.of(
          architecture,
          decoder,
          fresh != null ? fresh : ParameterSource.stored(state.below("encoder."), place),
          kind == ModelKind.VAE
              ? null
              : PerceptualFeatures.of(
                  options.features(),
                  rows,
                  options.seed(),
                  state.below("features."),
                  device,
                  progress),
          options,
          state);
    }
    return AdversarialLearner.of(
        architecture,
        generator,
        fresh != null ? fresh : ParameterSource.stored(state.below("critic."), place),
        scaling,
        options,
        state);
  }
}
