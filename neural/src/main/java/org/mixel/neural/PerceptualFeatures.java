package org.mixel.neural;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.metric.FeatureNetwork;
import org.mixel.neural.network.Custody;
import org.mixel.neural.network.FeatureLayers;
import org.mixel.neural.network.Losses;
import org.mixel.neural.network.ParameterSource;
import org.mixel.neural.network.Parameters;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.SafeTensors;

/**
 * The features by which a deep feature consistent auto-encoder compares images, and their scales on
 * the data. They never change once they are there.
 */
final class PerceptualFeatures implements AutoCloseable {
  /** Rows by which scales are measured. */
  private static final int MEASURED = 256;

  /** Classes of a network that is never asked for any. */
  private static final int NO_CLASSES = 1;

  private static final long STREAM = -3;

  private final Function<Tensor, List<Tensor>> features;
  private final Map<String, Tensor> state;
  private final Runnable release;
  private final List<Double> scales;

  private PerceptualFeatures(
      Function<Tensor, List<Tensor>> features,
      Map<String, Tensor> state,
      Runnable release,
      List<Double> scales) {
    this.features = features;
    this.state = state;
    this.release = release;
    this.scales = scales;
  }

  /**
   * @param choice which features; those of an interrupted training are taken from its state
   * @throws InputException if the features cannot be had, or are not of such images
   */
  static PerceptualFeatures of(VaeDfc.Features choice, Learner.Setup setup) {
    SafeTensors state = setup.state().below("features.");
    try (Custody custody = new Custody()) {
      if (choice instanceof VaeDfc.Features.Network network) {
        FeatureNetwork loaded = custody.add(FeatureNetwork.load(network.file(), setup.device()));
        ImageShape shape = setup.rows().shape().orElseThrow();
        return custody.handOver(
            measured(rows -> List.of(loaded.forward(rows, shape)), Map.of(), loaded::close, setup));
      }
      if (choice instanceof VaeDfc.Features.Labels labels && state.tensors().isEmpty()) {
        LabelClassifier trained =
            custody.add(
                LabelClassifier.train(
                    setup.rows(),
                    labels.labels(),
                    setup.options().seed(),
                    setup.device(),
                    setup.progress()));
        return custody.handOver(
            measured(trained.layers()::features, trained.named(), trained::close, setup));
      }
    }
    return layers(choice, state, setup);
  }

  /** Layers as they were stored, or with the weights that they begin with. */
  private static PerceptualFeatures layers(
      VaeDfc.Features choice, SafeTensors state, Learner.Setup setup) {
    try (NativeScope scope = new NativeScope();
        RandomStream all = RandomStream.of(setup.options().seed());
        RandomStream random = all.split(STREAM);
        Custody custody = new Custody()) {
      int classes =
          choice instanceof VaeDfc.Features.Labels
              ? Math.toIntExact(state.get("head.1.bias", -1).size(0))
              : NO_CLASSES;
      Parameters parameters =
          custody.add(
              Parameters.from(
                  state.tensors().isEmpty()
                      ? ParameterSource.fresh(random, setup.device(), ScalarType.Float)
                      : ParameterSource.stored(state, setup.device())));
      ImageShape shape = setup.rows().shape().orElseThrow();
      FeatureLayers layers = new FeatureLayers(parameters, shape, LabelClassifier.WIDTH, classes);
      return custody.handOver(
          measured(layers::features, parameters.named(), parameters::close, setup));
    }
  }

  private static PerceptualFeatures measured(
      Function<Tensor, List<Tensor>> features,
      Map<String, Tensor> state,
      Runnable release,
      Learner.Setup setup) {
    Samples images = setup.rows();
    List<Double> scales = new ArrayList<>();
    try (NativeScope scope = new NativeScope();
        NoGradGuard constant = new NoGradGuard();
        RowReader reader = RowReader.of(images, setup.device())) {
      Tensor rows = reader.rows(0, Math.min(MEASURED, images.rows()));
      for (Tensor layer : features.apply(rows)) {
        double scale = Math.sqrt(layer.square().mean().item().toDouble());
        if (!(scale > 0) || !Double.isFinite(scale)) {
          throw new InputException(
              images.name()
                  + ": a layer of features is zero or not finite on its images; use other"
                  + " `features`");
        }
        scales.add(scale);
      }
    }
    return new PerceptualFeatures(features, state, release, scales);
  }

  Losses.Features loss() {
    return new Losses.Features(features, scales, Losses.Features.WEIGHT);
  }

  /** The tensors that a checkpoint stores; they stay this object's. */
  Map<String, Tensor> state() {
    return state;
  }

  @Override
  public void close() {
    release.run();
  }
}
