package org.mixel.neural;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.mixel.DivergedException;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.data.RowSampler;
import org.mixel.neural.NetworkTrainer.Painter;
import org.mixel.tensor.Checkpoint;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Threads;

/** A training in progress: the one loop of steps. Owns the model until it is handed over. */
final class TrainingRun implements AutoCloseable {
  /**
   * The plan of a training.
   *
   * @param model the file that the log and the checkpoint are beside, or null for neither
   * @param painter is shown samples, or null
   * @param evaluation judges samples, or null
   */
  record Plan(
      Recipe recipe,
      NetworkOptions options,
      Schedule schedule,
      @Nullable Path model,
      @Nullable Painter painter,
      @Nullable Evaluation evaluation) {}

  private final Plan plan;
  private final NetworkModel model;
  private final Learner learner;
  private final DataLoader loader;
  private final Map<String, String> described;
  private final double secondsBefore;
  private final MeanFigures means = new MeanFigures();
  private Map<String, Double> last = Map.of();
  private long step;
  private long nanos;
  private boolean saved;
  private boolean begun;
  private boolean handedOver;

  TrainingRun(
      Plan plan, NetworkModel model, Learner learner, DataLoader loader, NetworkCheckpoint from) {
    this.plan = plan;
    this.model = model;
    this.learner = learner;
    this.loader = loader;
    described = from.run();
    step = from.step();
    saved = step > 0;
    secondsBefore = from.seconds();
  }

  /** Resumes in the middle of a line of the log. */
  void restore(SafeTensors unfinished) {
    means.restore(unfinished);
  }

  /** Trains until all steps are done or the program is to end. */
  void goOn(Interruption interruption, Progress progress) {
    Path file = plan.model();
    Painter painter = plan.painter();
    Evaluation evaluation = plan.evaluation();
    try (Progress.Stage stage =
        progress.begin("training " + plan.recipe().kind(), plan.options().steps())) {
      stage.advance(step);
      MetricsLog log = null;
      try {
        while (step < plan.options().steps() && !interruption.requested()) {
          Map<String, Double> figures = step();
          if (log == null && file != null) {
            log = MetricsLog.open(file, columns(figures), step - 1);
          }
          if (painter != null && !begun) {
            painter.begin(step - 1);
            begun = true;
          }
          stage.advance(1);
          Map<String, Double> line = new LinkedHashMap<>();
          if (Schedule.due(plan.schedule().log(), step) || step == plan.options().steps()) {
            line.putAll(means.take());
            stage.note(brief(line));
          }
          if (painter != null && Schedule.due(plan.schedule().picture(), step)) {
            paint(painter);
          }
          if (evaluation != null && Schedule.due(plan.schedule().evaluation(), step)) {
            line.putAll(evaluate(evaluation, progress));
          }
          if (log != null && !line.isEmpty()) {
            log.write(step, line);
          }
          last = line.isEmpty() ? last : line;
          if (file != null && Schedule.due(plan.schedule().checkpoint(), step)) {
            save(file);
          }
        }
      } finally {
        if (log != null) {
          log.close();
        }
      }
      // The figures of the last step are of the parameters before it.
      requireFiniteParameters();
      if (file != null && step < plan.options().steps()) {
        save(file);
      }
    }
  }

  private Map<String, Double> step() {
    long began = System.nanoTime();
    Map<String, Double> figures;
    try (NativeScope scope = new NativeScope();
        RandomStream all = RandomStream.of(plan.options().seed());
        RandomStream random = all.split(step)) {
      figures = Threads.withSmallProducts(() -> learner.step(loader, random));
    }
    step++;
    long took = System.nanoTime() - began;
    nanos += took;
    figures.forEach(this::requireFinite);
    means.add(figures, took);
    return figures;
  }

  private void requireFinite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw diverged(name + " is " + value);
    }
  }

  private DivergedException diverged(String what) {
    String kept = saved ? "; the last good checkpoint is kept: add `resume` to go on from it" : "";
    return new DivergedException(
        "%s diverged at step %d: %s; lower `learningRate`, which is %s%s"
            .formatted(plan.recipe().kind(), step, what, plan.options().learningRate(), kept));
  }

  private List<String> columns(Map<String, Double> figures) {
    List<String> columns = new ArrayList<>(figures.keySet());
    columns.add(MeanFigures.STEPS_PER_SECOND);
    if (plan.evaluation() != null) {
      columns.addAll(plan.evaluation().columns());
    }
    return columns;
  }

  private void paint(Painter painter) {
    try (RowSampler sampler = model.sampler(plan.options().seed())) {
      painter.paint(step, sampler);
    }
  }

  private Map<String, Double> evaluate(Evaluation evaluation, Progress progress) {
    try (RowSampler sampler = model.sampler(plan.options().seed())) {
      return evaluation.of(sampler, progress);
    }
  }

  private void save(Path file) {
    try (NativeScope scope = new NativeScope()) {
      requireFiniteParameters();
      new NetworkCheckpoint(described, step, loader.position(), seconds())
          .save(Checkpoint.beside(file), learner, model.scaling(), means);
      saved = true;
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

  private double seconds() {
    return secondsBefore + nanos / 1e9;
  }

  TrainedNetwork result() {
    handedOver = true;
    Map<String, String> metadata = new TreeMap<>(described);
    metadata.putAll(plan.options().toMetadata());
    metadata.put("steps", Long.toString(step));
    return new TrainedNetwork(
        model,
        metadata,
        new TrainedNetwork.Progressed(step, step >= plan.options().steps(), seconds(), last));
  }

  @Override
  public void close() {
    loader.close();
    learner.close();
    if (!handedOver) {
      model.close();
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
