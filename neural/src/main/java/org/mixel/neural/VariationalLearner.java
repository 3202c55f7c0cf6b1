package org.mixel.neural;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.mixel.neural.network.Custody;
import org.mixel.neural.network.Losses;
import org.mixel.neural.network.Network;
import org.mixel.neural.network.Parameters;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;

/** A variational auto-encoder: encoder and decoder move together. */
final class VariationalLearner implements Learner {
  /** Nothing overflows within this distance of 0, and no posterior is that wide or narrow. */
  private static final double MOST_LOG_VARIANCE = 30;

  private final LatentGenerator generator;
  private final Network encoder;
  private final Parameters encoderParameters;
  private final Descent descent;
  private final Losses.Reconstruction loss;
  private final @Nullable PerceptualFeatures features;

  private VariationalLearner(
      LatentGenerator generator,
      Network encoder,
      Parameters encoderParameters,
      Descent descent,
      Losses.Reconstruction loss,
      @Nullable PerceptualFeatures features) {
    this.generator = generator;
    this.encoder = encoder;
    this.encoderParameters = encoderParameters;
    this.descent = descent;
    this.loss = loss;
    this.features = features;
  }

  /**
   * A learner that compares pixels.
   *
   * @throws org.mixel.InputException if the stored state does not fit
   */
  static VariationalLearner of(Setup setup, Losses.Reconstruction loss) {
    return of(setup, loss, null);
  }

  /**
   * A learner that compares features.
   *
   * @param features closed with the learner
   * @throws org.mixel.InputException if the stored state does not fit
   */
  static VariationalLearner of(Setup setup, PerceptualFeatures features) {
    return of(setup, features.loss(), features);
  }

  private static VariationalLearner of(
      Setup setup, Losses.Reconstruction loss, @Nullable PerceptualFeatures features) {
    Architecture architecture = setup.architecture();
    LatentGenerator generator = (LatentGenerator) setup.generator();
    try (Custody custody = new Custody()) {
      Parameters parameters = custody.add(Parameters.from(setup.networks().below("encoder.")));
      Network encoder =
          Vae.encoder(
              parameters,
              requireNonNull(architecture.image()),
              architecture.latent(),
              architecture.width());
      Descent descent =
          custody.add(
              Descent.of(
                  List.of(generator.parameters(), parameters),
                  Descent.Rule.adam(),
                  setup.options().learningRate(),
                  setup.state().below("optimizer.")));
      return custody.handOver(
          new VariationalLearner(generator, encoder, parameters, descent, loss, features));
    }
  }

  @Override
  public Map<String, Double> step(DataLoader loader, RandomStream random) {
    try (NativeScope scope = new NativeScope()) {
      Tensor rows = loader.next();
      int latent = generator.latent();
      Tensor posterior = encoder.forward(rows, true);
      Tensor mean = posterior.narrow(1, 0, latent);
      Tensor logVariance =
          posterior
              .narrow(1, latent, latent)
              .clamp(
                  new ScalarOptional(new Scalar(-MOST_LOG_VARIANCE)),
                  new ScalarOptional(new Scalar(MOST_LOG_VARIANCE)));
      Tensor noise = random.normal(rows.device(), rows.size(0), latent);
      Tensor drawn = Losses.draw(mean, logVariance, noise);
      Tensor reconstruction = loss.of(generator.network().forward(drawn, true), rows);
      Tensor divergence = Losses.divergence(mean, logVariance);
      Tensor sum = reconstruction.add(divergence);
      descent.step(sum);
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("loss", sum.item().toDouble());
      figures.put("reconstruction", reconstruction.item().toDouble());
      figures.put("divergence", divergence.item().toDouble());
      return figures;
    }
  }

  @Override
  public Generator generator() {
    return generator;
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    Learner.put(state, "encoder.", encoderParameters.named());
    Learner.put(state, "optimizer.", descent.state());
    if (features != null) {
      Learner.put(state, "features.", features.state());
    }
    return state;
  }

  @Override
  public void close() {
    descent.close();
    encoderParameters.close();
    if (features != null) {
      features.close();
    }
  }
}
