package org.mixel.neural;

import java.util.Map;
import org.mixel.InputException;
import org.mixel.data.RowSize;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.neural.network.Losses;
import org.mixel.neural.network.Parameters;

/**
 * A mixture of factor analyzers trained as the generator of {@link WganGp} (Richardson and Weiss
 * 2018, section 5.2). The result is a mixture again.
 *
 * <p>The weights of the components are learned, too: with those of the fitted mixture, each
 * component would keep its share of the rows, and the objective could not show which modes it gives
 * up. They learn by a score function. A straight-through estimate is biased and needs the rows of
 * all components at every step; the score function is unbiased, and takes one more look of the
 * critic at the rows that are drawn anyway.
 *
 * @param learnsWeights whether training moves the weights of the components
 */
public record AdversarialMfa(boolean learnsWeights) implements Recipe {
  private static final String WEIGHTS = "component_weights";
  private static final String LEARNED = "learned";

  /** Learns the weights. */
  public AdversarialMfa() {
    this(true);
  }

  @Override
  public String kind() {
    return "adversarial-mfa";
  }

  @Override
  public Defaults defaults() {
    return new Defaults(64, 1e-4, 64, 0, 5);
  }

  @Override
  public int smallestSide() {
    return Dcgan.SMALLEST_SIDE;
  }

  @Override
  public boolean needsMixture() {
    return true;
  }

  @Override
  public void requireFit(MixtureOfFactorAnalyzers mixture, Samples rows) {
    if (mixture.dims() != rows.dims()) {
      RowSize its = RowSize.of(rows);
      RowSize wanted = new RowSize(mixture.dims(), mixture.shape());
      throw new InputException(
          "%s has rows of %s, but those of the mixture have %s%s"
              .formatted(rows.name(), its, wanted, its.remedy(wanted)));
    }
  }

  @Override
  public Map<String, String> settings() {
    return learnsWeights ? Map.of(WEIGHTS, LEARNED) : Map.of();
  }

  /** Those of the first version say nothing, and kept the weights. */
  @Override
  public AdversarialMfa withSettings(Map<String, String> texts) {
    return new AdversarialMfa(LEARNED.equals(texts.get(WEIGHTS)));
  }

  @Override
  public Parameters.Source begin(Parameters.Source fresh, Parameters.Source mixture) {
    return mixture;
  }

  @Override
  public Generator generator(Architecture architecture, Parameters.Source source) {
    return MixtureGenerator.of(source, architecture.dims(), learnsWeights);
  }

  /**
   * {@inheritDoc}
   *
   * <p>A component moves only in the steps in which it is drawn, one of {@code K / batch}, and must
   * keep up with the critic all the same: its rate is larger by this factor.
   */
  @Override
  public Learner learner(Learner.Setup setup) {
    MixtureGenerator mixture = (MixtureGenerator) setup.generator();
    double components = mixture.components();
    return new AdversarialLearner(
        setup,
        parameters -> Dcgan.critic(parameters, setup.architecture(), false),
        Losses.GradientPenalty.defaults(),
        Descent.Rule.adam(0, 0.9),
        Math.max(1, components / setup.options().batch()),
        false);
  }
}
