package org.mixel.mfa.training;

import static org.mixel.InputException.require;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.mixel.InputException;

/** A way to train, with the options that are its own. */
public interface Algorithm {
  /** Every way to train, with default options. */
  static List<Algorithm> all() {
    return List.of(
        new ExactEm(),
        TruncatedEm.defaults(),
        StepwiseEm.defaults(),
        StochasticGradient.defaults());
  }

  /** The name on the command line, in metadata and messages. */
  String trainer();

  /** The same, with the options that suit vectors where these are others than those of pixels. */
  default Algorithm forVectors() {
    return this;
  }

  /** Its options by name, as they are stored with a model. */
  Map<String, String> toMetadata();

  /** Begins the passes of a training, or resumes them. */
  Pass begin(Pass.Setting setting);

  /** Whether it learns from rows in which values are missing. */
  default boolean allowsMissing() {
    return false;
  }

  /** Whether rows may have weights. */
  default boolean allowsWeights() {
    return false;
  }

  /**
   * Most validation rows that judge every iteration, all of which are evaluated under all
   * components: as many as take little of the time of an iteration.
   *
   * @param rows training rows
   */
  default int mostJudges(int rows, int components) {
    return Integer.MAX_VALUE;
  }

  /** Whether its passes remember more than the model. */
  default boolean remembers() {
    return true;
  }

  /** Whether it climbs the density itself, which leaves nothing to {@linkplain Refit refit}. */
  default boolean climbsDensity() {
    return false;
  }

  /** Whether it may go astray, so that a training ends below its start. */
  default boolean canDiverge() {
    return false;
  }

  /**
   * The algorithm of a name with its default options.
   *
   * @throws InputException if there is none
   */
  static Algorithm of(String trainer) {
    List<Algorithm> all = all();
    List<String> names = all.stream().map(Algorithm::trainer).toList();
    int index = names.indexOf(trainer);
    if (index < 0) {
      int last = names.size() - 1;
      throw new InputException(
          "trainer must be %s or %s, got %s"
              .formatted(String.join(", ", names.subList(0, last)), names.get(last), trainer));
    }
    return all.get(index);
  }

  /** Exact EM for few components, truncated EM where it is the faster one on the CPU. */
  static Algorithm bestFor(int components) {
    return bestFor(components, false);
  }

  /**
   * The same.
   *
   * @param accelerated whether the training computes on a GPU, on which a few large products take
   *     less time than the many small operations of truncated EM
   */
  static Algorithm bestFor(int components, boolean accelerated) {
    return accelerated || components < 200 ? new ExactEm() : TruncatedEm.defaults();
  }

  /** Expectation-maximization with every component's responsibility for every row. */
  record ExactEm() implements Algorithm {
    @Override
    public String trainer() {
      return "em";
    }

    @Override
    public Pass begin(Pass.Setting setting) {
      return new EmPass(setting.rows(), setting.device(), setting.missing());
    }

    @Override
    public boolean allowsMissing() {
      return true;
    }

    @Override
    public boolean allowsWeights() {
      return true;
    }

    @Override
    public boolean remembers() {
      return false;
    }

    @Override
    public Map<String, String> toMetadata() {
      return Map.of();
    }
  }

  /**
   * Expectation-maximization that looks at a few components per row, so that an iteration hardly
   * grows with the number of components.
   *
   * @param candidates components that share a row, at least 1
   * @param neighbours components remembered as near to each component, itself included, at least 2
   */
  record TruncatedEm(int candidates, int neighbours) implements Algorithm, Serializable {
    /**
     * @throws InputException if a number is out of its range
     */
    public TruncatedEm {
      require(candidates >= 1, "candidates must be at least 1, got " + candidates);
      require(neighbours >= 2, "neighbours must be at least 2, got " + neighbours);
    }

    /** 3 candidates, 15 neighbours. */
    public static TruncatedEm defaults() {
      return new TruncatedEm(3, 15);
    }

    /** Half as many evaluations as an iteration has, but at least 1,000 rows, enough to judge. */
    @Override
    public int mostJudges(int rows, int components) {
      long evaluations = 3L * (neighbours + 1) * rows;
      return (int) Math.min(Integer.MAX_VALUE, Math.max(1_000, evaluations / 2 / components));
    }

    /** 10 candidates, for components overlap. */
    @Override
    public TruncatedEm forVectors() {
      return new TruncatedEm(10, neighbours);
    }

    @Override
    public String trainer() {
      return "truncated-em";
    }

    @Override
    public Pass begin(Pass.Setting setting) {
      return TruncatedEmPass.of(
          setting.rows(), setting.device(), this, setting.options(), setting.state());
    }

    @Override
    public boolean allowsWeights() {
      return true;
    }

    @Override
    public Map<String, String> toMetadata() {
      return Map.of(
          "candidates", Integer.toString(candidates), "neighbours", Integer.toString(neighbours));
    }
  }

  /**
   * Stepwise (online) expectation-maximization: the model changes after every batch, by statistics
   * that forget old batches (Cappe and Moulines 2009).
   *
   * @param batch rows between two changes, at least 1
   * @param decay the statistics of batch {@code t} count {@code (t + 2)^-decay}; above 0.5, at most
   *     1
   */
  record StepwiseEm(int batch, double decay) implements Algorithm {
    /**
     * @throws InputException if a number is out of its range
     */
    public StepwiseEm {
      require(batch >= 1, "batch must be at least 1 row, got " + batch);
      require(decay > 0.5 && decay <= 1, "decay must be above 0.5 and at most 1, got " + decay);
    }

    /** Batches of 4,096 rows, decay 0.6. */
    public static StepwiseEm defaults() {
      return new StepwiseEm(4096, 0.6);
    }

    @Override
    public String trainer() {
      return "stepwise-em";
    }

    @Override
    public Pass begin(Pass.Setting setting) {
      return StepwiseEmPass.of(
          setting.rows(),
          setting.device(),
          setting.model(),
          this,
          setting.options(),
          setting.state());
    }

    @Override
    public Map<String, String> toMetadata() {
      return Map.of("batch", Integer.toString(batch), "decay", Double.toString(decay));
    }
  }

  /**
   * Adam on the exact log-likelihood of mini-batches (the paper's appendix A.2).
   *
   * @param batch rows of a step, at least 1
   * @param learningRate step size of Adam, positive
   */
  record StochasticGradient(int batch, double learningRate) implements Algorithm {
    /**
     * @throws InputException if a number is out of its range
     */
    public StochasticGradient {
      require(batch >= 1, "batch must be at least 1 row, got " + batch);
      require(
          learningRate > 0 && learningRate < Double.POSITIVE_INFINITY,
          "learning rate must be positive, got " + learningRate);
    }

    /** Batches of 256 rows, learning rate 1e-4: the paper's. */
    public static StochasticGradient defaults() {
      return new StochasticGradient(256, 1e-4);
    }

    /** Learning rate 1e-3, for standardised columns vary more than pixels do. */
    @Override
    public StochasticGradient forVectors() {
      return new StochasticGradient(batch, 1e-3);
    }

    @Override
    public String trainer() {
      return "sgd";
    }

    @Override
    public Pass begin(Pass.Setting setting) {
      return setting.state().tensors().isEmpty()
          ? GradientPass.start(setting.rows(), setting.device(), this, setting.options())
          : GradientPass.resume(
              setting.rows(),
              setting.device(),
              setting.model(),
              this,
              setting.options(),
              setting.state());
    }

    @Override
    public boolean canDiverge() {
      return true;
    }

    @Override
    public boolean climbsDensity() {
      return true;
    }

    @Override
    public Map<String, String> toMetadata() {
      return Map.of(
          "batch", Integer.toString(batch), "learning_rate", Double.toString(learningRate));
    }
  }
}
