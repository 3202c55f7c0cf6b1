package org.mixel.neural.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.mixel.neural.model.Architecture;
import org.mixel.neural.model.LatentGenerator;
import org.mixel.neural.network.Network;
import org.mixel.neural.network.ParameterSource;
import org.mixel.neural.network.Parameters;
import org.mixel.neural.network.VariationalNetworks;
import org.mixel.neural.objective.BernoulliLoss;
import org.mixel.neural.objective.ReconstructionLoss;
import org.mixel.neural.objective.VariationalLoss;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.SafeTensors;

/** A variational auto-encoder: encoder and decoder move together. */
final class VariationalLearner implements Learner {
  /** Nothing overflows within this distance of 0, and no posterior is that wide or narrow. */
  private static final double MOST_LOG_VARIANCE = 30;

  private final LatentGenerator generator;
  private final Network encoder;
  private final Parameters encoderParameters;
  private final Descent descent;
  private final @Nullable PerceptualFeatures features;
  private final ReconstructionLoss loss;

  private VariationalLearner(
      LatentGenerator generator,
      Network encoder,
      Parameters encoderParameters,
      Descent descent,
      @Nullable PerceptualFeatures features) {
    this.generator = generator;
    this.encoder = encoder;
    this.encoderParameters = encoderParameters;
    this.descent = descent;
    this.features = features;
    loss = features == null ? new BernoulliLoss() : features.loss();
  }

  /**
   * @param encoders where the encoder's parameters come from
   * @param features what is compared instead of pixels, or null; closed with the learner
   * @param state of an interrupted training, empty at the start
   */
  static VariationalLearner of(
      Architecture architecture,
      LatentGenerator generator,
      ParameterSource encoders,
      @Nullable PerceptualFeatures features,
      NetworkOptions options,
      SafeTensors state) {
    Parameters parameters = Parameters.from(encoders);
    Network encoder =
        VariationalNetworks.encoder(
            parameters,
            Objects.requireNonNull(architecture.image()),
            architecture.latent(),
            architecture.width());
    Descent descent =
        Descent.of(
            List.of(generator.parameters(), parameters),
            architecture.kind(),
            options.learningRate(),
            state.below("optimizer."));
    return new VariationalLearner(generator, encoder, parameters, descent, features);
  }

  @Override
  public Map<String, Double> step(RowFeed feed, RandomStream random) {
    try (NativeScope scope = new NativeScope()) {
      Tensor rows = feed.next();
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
      Tensor drawn = VariationalLoss.draw(mean, logVariance, noise);
      Tensor reconstruction = loss.of(generator.network().forward(drawn, true), rows);
      Tensor divergence = VariationalLoss.divergence(mean, logVariance);
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
  public LatentGenerator generator() {
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
    generator.close();
  }
}
