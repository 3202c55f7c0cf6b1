package org.mixel.neural.objective;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.mixel.InputException;
import org.mixel.neural.network.Network;
import org.mixel.tensor.RandomStream;

/**
 * The critic is an auto-encoder that learns to reproduce real rows and not to reproduce made ones;
 * a balance {@code k} keeps the ratio of the two errors at {@code gamma} (Berthelot, Schumm and
 * Metz 2017, section 3.3):
 *
 * <pre>
 *   k  &lt;-  clamp(k + gain (gamma L(x) - L(G(z))), 0, 1)
 *   convergence = L(x) + |gamma L(x) - L(G(z))|
 * </pre>
 *
 * <p>Remembers the balance from step to step; not safe for use by several threads.
 */
public final class EquilibriumLoss implements AdversarialLoss {
  /** The paper's {@code lambda_k}. */
  private static final double GAIN = 0.001;

  private final double gamma;
  private double balance;
  private double realError = Double.NaN;

  /**
   * The balance begins at 0.
   *
   * @param gamma the diversity ratio: lower is sharper and less varied
   * @throws InputException if it is not in (0, 1]
   */
  public EquilibriumLoss(double gamma) {
    if (!(gamma > 0 && gamma <= 1)) {
      throw new InputException("gamma must be above 0 and at most 1, got " + gamma);
    }
    this.gamma = gamma;
  }

  @Override
  public Tensor ofCritic(Network critic, Tensor real, Tensor made, RandomStream random) {
    Tensor ofReal = error(critic, real);
    realError = ofReal.item().toDouble();
    return ofReal.sub(error(critic, made), new Scalar(balance));
  }

  @Override
  public Tensor ofGenerator(Network critic, Tensor made) {
    return error(critic, made);
  }

  /** The mean absolute error of the auto-encoder. */
  static Tensor error(Network critic, Tensor rows) {
    return critic.forward(rows, true).sub(rows).abs().mean();
  }

  @Override
  public Map<String, Double> endStep(double generatorLoss) {
    double surplus = gamma * realError - generatorLoss;
    balance = Math.min(1, Math.max(0, balance + GAIN * surplus));
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("balance", balance);
    figures.put("convergence", realError + Math.abs(surplus));
    return figures;
  }

  @Override
  public double[] state() {
    return new double[] {balance};
  }

  @Override
  public void restore(double[] state) {
    if (state.length != 1 || !(state[0] >= 0 && state[0] <= 1)) {
      throw new InputException("the balance of the equilibrium must lie in [0, 1]");
    }
    balance = state[0];
  }
}
