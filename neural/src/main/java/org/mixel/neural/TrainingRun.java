package org.mixel.neural;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.mixel.DivergedException;
import org.mixel.InputException;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.data.RowSampler;
import org.mixel.neural.NetworkTrainer.Painter;
import org.mixel.neural.network.Custody;
import org.mixel.tensor.Checkpoint;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Threads;

/** A training in progress: the one loop of steps. Owns the model until it is handed over. */
final class TrainingRun implements AutoCloseable {
  /** Beginnings of the names of a checkpoint's tensors. */
  static final String MODEL = "model.";

  static final String LEARNER = "learner.";

  /**
   * In the metadata, how many batches the statistics are of; models of the first version lack it.
   */
  static final String STATISTICS = "batch_statistics";

  private static final String MEANS = "means.";

  /**
   * The plan of a training.
   *
   * @param run the options and data that its checkpoint names
   * @param model the file that the log and the checkpoint are beside, or null for neither
   * @param painter is shown samples, or null
   * @param evaluation judges samples, or null
   * @param judge the figure of the evaluation by which the best model is kept, or null
   */
  record Plan(
      Recipe recipe,
      NetworkOptions options,
      Schedule schedule,
      Map<String, String> run,
      @Nullable Path model,
      @Nullable Painter painter,
      @Nullable Evaluation evaluation,
      @Nullable String judge) {}

  /**
   * Where a training begins. Randomness needs no more than the seed and these numbers.
   *
   * @param step how many steps are done
   * @param batches how many batches the steps took
   * @param seconds that they took
   * @param stored what a checkpoint holds, owned by the scope that was open; null without one
   */
  record Start(long step, long batches, double seconds, @Nullable SafeTensors stored) {
    static final Start ANEW = new Start(0, 0, 0, null);

    /**
     * Resumes from a checkpoint.
     *
     * @param run the options and data that it must agree with
     * @throws InputException if the file is damaged, or of another training
     */
    static Start at(Path file, Map<String, String> run) {
      Checkpoint read = Checkpoint.load(file);
      Start start =
          new Start(
              Math.round(number(file, read.position().get("step"))),
              Math.round(number(file, read.position().get("batches"))),
              number(file, read.position().get("seconds")),
              new SafeTensors(read.tensors(), read.run()));
      Checkpoint.requireSameRun(file, read.run(), run);
      return start;
    }

    private static double number(Path file, @Nullable String text) {
      // Nothing else is ever written.
      if (text == null || !text.matches("[0-9]{1,15}(\\.[0-9]+)?(E-?[0-9]{1,2})?")) {
        throw new InputException(file + ": no checkpoint of a network's training; begin anew");
      }
      return Double.parseDouble(text);
    }
  }

  private final Plan plan;
  private final NetworkModel model;
  private final Learner learner;
  private final Learner.State state;
  private final @Nullable AveragedWeights average;
  private final SamplingWeights sampling;
  private final DataLoader loader;
  private final double secondsBefore;
  private final MetricsLog.Means means = new MetricsLog.Means();
  private @Nullable MetricsLog log;
  private Map<String, Double> last = Map.of();
  private double best = Double.POSITIVE_INFINITY;
  private long step;
  private long nanos;
  private boolean saved;
  private boolean begun;
  private boolean handedOver;

  /**
   * @param state of the learner; owns the average
   * @param average of the generator's weights, or null
   * @throws InputException if the line of the log that a checkpoint has begun is unusable
   */
  TrainingRun(
      Plan plan,
      NetworkModel model,
      Learner learner,
      Learner.State state,
      @Nullable AveragedWeights average,
      DataLoader loader,
      Start start) {
    this.plan = plan;
    this.model = model;
    this.learner = learner;
    this.state = state;
    this.average = average;
    this.loader = loader;
    sampling =
        new SamplingWeights(
            model.generator(), average, plan.options().batch(), plan.options().seed());
    step = start.step();
    saved = step > 0;
    secondsBefore = start.seconds();
    if (start.stored() != null) {
      means.restore(start.stored().below(MEANS));
    }
  }

  /** Trains until all steps are done or the program is to end. */
  void goOn(Interruption interruption, Progress progress) {
    int steps = plan.options().steps();
    try (Progress.Stage stage = progress.begin("training " + plan.recipe().kind(), steps)) {
      stage.advance(step);
      while (step < steps && !interruption.requested()) {
        Map<String, Double> figures = step();
        if (!begun) {
          begin(figures);
        }
        stage.advance(1);
        report(stage, progress);
      }
      // The figures of the last step are of the parameters before it.
      requireFiniteParameters();
      if (plan.model() != null && step < steps) {
        save(plan.model());
      }
      if (step >= steps) {
        sampling.settle(SamplingWeights.BATCHES);
      }
    }
  }

  private Map<String, Double> step() {
    long began = System.nanoTime();
    Map<String, Double> figures;
    try (NativeScope scope = new NativeScope();
        RandomStream all = RandomStream.of(plan.options().seed());
        RandomStream random = all.split(step)) {
      Learner.Step next = new Learner.Step(step, plan.options().rate(step));
      figures = Threads.withSmallProducts(() -> learner.step(next, loader, random));
      if (average != null) {
        average.add(step + 1);
      }
    }
    step++;
    long took = System.nanoTime() - began;
    nanos += took;
    figures.forEach(this::requireFinite);
    means.add(figures, took);
    return figures;
  }

  /** Begins the log and the pictures, once the first step has named its figures. */
  private void begin(Map<String, Double> figures) {
    if (plan.model() != null) {
      List<String> columns = new ArrayList<>(figures.keySet());
      columns.add(MetricsLog.STEPS_PER_SECOND);
      if (plan.evaluation() != null) {
        columns.addAll(plan.evaluation().columns());
      }
      log = MetricsLog.open(plan.model(), columns, step - 1);
      if (plan.judge() != null) {
        best =
            MetricsLog.read(plan.model()).stream()
                .mapToDouble(line -> line.getOrDefault(plan.judge(), Double.POSITIVE_INFINITY))
                .min()
                .orElse(Double.POSITIVE_INFINITY);
      }
    }
    if (plan.painter() != null) {
      plan.painter().begin(step - 1);
    }
    begun = true;
  }

  /** Logs, paints, evaluates and saves what is due after a step. */
  private void report(Progress.Stage stage, Progress progress) {
    Schedule schedule = plan.schedule();
    Map<String, Double> line = new LinkedHashMap<>();
    if (Schedule.due(schedule.log(), step) || step == plan.options().steps()) {
      line.putAll(means.take());
      stage.note(brief(line));
    }
    boolean paints = plan.painter() != null && Schedule.due(schedule.picture(), step);
    boolean evaluates = plan.evaluation() != null && Schedule.due(schedule.evaluation(), step);
    if (paints || evaluates) {
      line.putAll(sample(evaluates, paints, progress));
    }
    if (!line.isEmpty()) {
      last = line;
      if (log != null) {
        log.write(step, line);
      }
    }
    if (plan.model() != null && Schedule.due(schedule.checkpoint(), step)) {
      save(plan.model());
    }
  }

  /** Paints and evaluates samples as the finished model would draw them. */
  private Map<String, Double> sample(boolean evaluates, boolean paints, Progress progress) {
    int batches = evaluates ? SamplingWeights.BATCHES : SamplingWeights.FEW_BATCHES;
    try (SamplingWeights.Training training = sampling.settleForNow(batches)) {
      if (paints && plan.painter() != null) {
        try (RowSampler sampler = model.sampler(plan.options().seed())) {
          plan.painter().paint(step, sampler);
        }
      }
      if (!evaluates || plan.evaluation() == null) {
        return Map.of();
      }
      try (RowSampler sampler = model.sampler(judgingSeed())) {
        Map<String, Double> figures = plan.evaluation().of(sampler, progress);
        keepBest(figures);
        return figures;
      }
    }
  }

  /**
   * The seed of the samples that judge a state. The finished model draws others by the run's seed,
   * so that no sample that chose it is counted in its test.
   */
  private long judgingSeed() {
    return new SplittableRandom(plan.options().seed()).split().nextLong();
  }

  /** Keeps the model, with the weights that samples are drawn with, if no other was as good. */
  private void keepBest(Map<String, Double> figures) {
    if (plan.judge() == null || plan.model() == null) {
      return;
    }
    double value = figures.getOrDefault(plan.judge(), Double.POSITIVE_INFINITY);
    if (value < best) {
      best = value;
      model.save(NetworkTrainer.best(plan.model()), metadata(true));
    }
  }

  private void requireFinite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw diverged(name + " is " + value);
    }
  }

  private void requireFiniteParameters() {
    try (NativeScope scope = new NativeScope()) {
      for (Tensor value : model.generator().parameters().values()) {
        if (!Double.isFinite(value.sum().item().toDouble())) {
          throw diverged("a parameter is not finite");
        }
      }
    }
  }

  private DivergedException diverged(String what) {
    String kept = saved ? "; the last good checkpoint is kept to `resume` from" : "";
    return new DivergedException(
        "%s diverged at step %d: %s; lower `learningRate`, which is %s%s"
            .formatted(plan.recipe().kind(), step, what, plan.options().learningRate(), kept));
  }

  private void save(Path file) {
    try (NativeScope scope = new NativeScope()) {
      requireFiniteParameters();
      Map<String, String> position =
          Map.of(
              "step", Long.toString(step),
              "batches", Long.toString(loader.position()),
              "seconds", Double.toString(seconds()));
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      model.generator().named().forEach((name, tensor) -> tensors.put(MODEL + name, tensor));
      state.named().forEach((name, tensor) -> tensors.put(LEARNER + name, tensor));
      means.state().forEach((name, tensor) -> tensors.put(MEANS + name, tensor));
      tensors.putAll(model.scaling().named());
      new Checkpoint(plan.run(), position, tensors).save(Checkpoint.beside(file));
      saved = true;
    }
  }

  private double seconds() {
    return secondsBefore + nanos / 1e9;
  }

  TrainedNetwork result() {
    handedOver = true;
    boolean finished = step >= plan.options().steps();
    return new TrainedNetwork(
        model, metadata(finished), new TrainedNetwork.Progressed(step, finished, seconds(), last));
  }

  private Map<String, String> metadata(boolean settled) {
    Map<String, String> metadata = new TreeMap<>(plan.run());
    metadata.putAll(plan.options().toMetadata());
    metadata.put("steps", Long.toString(step));
    if (settled && !model.generator().parameters().statistics().isEmpty()) {
      metadata.put(STATISTICS, Integer.toString(SamplingWeights.BATCHES));
    }
    return metadata;
  }

  @Override
  public void close() {
    try (Custody parts = new Custody()) {
      if (!handedOver) {
        parts.add(model);
      }
      parts.add(state);
      parts.add(loader);
      if (log != null) {
        parts.add(log);
      }
    }
  }

  private static String brief(Map<String, Double> figures) {
    return figures.entrySet().stream()
        .map(
            each ->
                String.format(
                    Locale.ROOT, "%s %.4g", each.getKey().replace('_', ' '), each.getValue()))
        .collect(Collectors.joining(", "));
  }
}
