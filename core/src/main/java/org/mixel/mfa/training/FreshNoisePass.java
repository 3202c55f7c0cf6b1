package org.mixel.mfa.training;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.SafeTensors;

/**
 * Passes over rows that differ from pass to pass ({@link Samples#inPass}). Each begins with what
 * the one before remembered, as a resumed training does.
 */
final class FreshNoisePass implements Pass {
  private final Algorithm algorithm;
  private final Setting setting;
  private Pass present;
  private int number;
  private boolean used;

  private FreshNoisePass(Algorithm algorithm, Setting setting, int first) {
    this.algorithm = algorithm;
    this.setting = setting;
    number = first;
    present = begin(setting.model(), setting.state());
  }

  /**
   * The passes of an algorithm, over rows of their own if the rows of the setting change.
   *
   * @param done passes before the first
   */
  static Pass of(Algorithm algorithm, Setting setting, int done) {
    return setting.rows().inPass(done + 1) == setting.rows()
        ? algorithm.begin(setting)
        : new FreshNoisePass(algorithm, setting, done + 1);
  }

  private Pass begin(MixtureOfFactorAnalyzers model, SafeTensors state) {
    return algorithm.begin(
        new Setting(
            setting.rows().inPass(number),
            setting.device(),
            setting.missing(),
            setting.options(),
            model,
            state));
  }

  /** Goes on to rows that no pass has read yet. */
  private Pass advance(MixtureOfFactorAnalyzers model) {
    if (used) {
      try (NativeScope scope = new NativeScope();
          Pass last = present) {
        number++;
        present = begin(model, new SafeTensors(last.state(), Map.of()));
      }
    }
    used = true;
    return present;
  }

  @Override
  public SufficientStatistics expect(MixtureOfFactorAnalyzers model, Progress.Stage stage) {
    return advance(model).expect(model, stage);
  }

  @Override
  public Outcome improve(
      MixtureOfFactorAnalyzers model, Maximization maximization, Progress.Stage stage) {
    return advance(model).improve(model, maximization, stage);
  }

  @Override
  public Map<String, Tensor> state() {
    return present.state();
  }

  @Override
  public void close() {
    present.close();
  }
}
