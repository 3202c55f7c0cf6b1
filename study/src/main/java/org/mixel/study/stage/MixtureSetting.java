package org.mixel.study.stage;

import org.mixel.mfa.training.TrainingOptions;

/**
 * A mixture of a study, trained by maximum likelihood.
 *
 * @param name of the model in tables
 * @param options but for the seed
 * @param repetition 0 for the first; others have seeds of their own
 * @param roots of a hierarchical training; 0 trains all components together
 */
public record MixtureSetting(String name, TrainingOptions options, int repetition, int roots) {
  /** The study's own mixture. */
  public static MixtureSetting of(TrainingOptions options) {
    return new MixtureSetting(TrainingStage.MIXTURE, options, 0, 0);
  }

  /** The same, trained from another seed. */
  public MixtureSetting repeated(int number) {
    return new MixtureSetting(NetworkSetting.numbered(name, number), options, number, roots);
  }

  /** The same, trained in stages: few roots, and then the components of each. */
  public MixtureSetting hierarchical(int ofRoots) {
    return new MixtureSetting(name + "-hierarchical", options, repetition, ofRoots);
  }

  /** One of other options, among them the number of components that its name tells. */
  public static MixtureSetting ofComponents(TrainingOptions options) {
    return new MixtureSetting(TrainingStage.MIXTURE + "-k" + options.components(), options, 0, 0);
  }

  MixtureSetting withSeed(long seed) {
    return new MixtureSetting(name, options.withSeed(seed), repetition, roots);
  }

  /** How it is trained, in one line. */
  public String trained() {
    return options + (roots == 0 ? "" : " from " + roots + " roots");
  }
}
