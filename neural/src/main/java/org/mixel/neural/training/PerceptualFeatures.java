package org.mixel.neural.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.metric.FeatureNetwork;
import org.mixel.neural.network.FeatureLayers;
import org.mixel.neural.network.ParameterSource;
import org.mixel.neural.network.Parameters;
import org.mixel.neural.objective.FeatureLoss;
import org.mixel.tensor.ComputeDevice;
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
   * @param state of an interrupted training, empty at the start
   * @throws InputException if the features cannot be had, or are not of such images
   */
  static PerceptualFeatures of(
      FeatureChoice choice,
      Samples images,
      long seed,
      SafeTensors state,
      ComputeDevice device,
      Progress progress) {
    ImageShape shape = images.shape().orElseThrow();
    if (choice instanceof FeatureChoice.Network file) {
      FeatureNetwork network = FeatureNetwork.load(file.file(), device);
      return measured(
          rows -> List.of(network.forward(rows, shape)), Map.of(), network::close, images, device);
    }
    if (choice instanceof FeatureChoice.Labels labels && state.tensors().isEmpty()) {
      LabelClassifier trained =
          LabelClassifier.train(images, labels.labels(), seed, device, progress);
      return measured(trained.layers()::features, trained.named(), trained::close, images, device);
    }
    return layers(choice, images, shape, seed, state, device);
  }

  /** Layers as they were stored, or with the weights that they begin with. */
  private static PerceptualFeatures layers(
      FeatureChoice choice,
      Samples images,
      ImageShape shape,
      long seed,
      SafeTensors state,
      ComputeDevice device) {
    try (NativeScope scope = new NativeScope();
        RandomStream random = RandomStream.of(seed).split(STREAM)) {
      int classes =
          choice instanceof FeatureChoice.Labels
              ? Math.toIntExact(state.get("head.1.bias", -1).size(0))
              : NO_CLASSES;
      Parameters parameters =
          Parameters.from(
              state.tensors().isEmpty()
                  ? ParameterSource.fresh(random, device.torch(), ScalarType.Float)
                  : ParameterSource.stored(state, device.torch()));
      FeatureLayers layers = new FeatureLayers(parameters, shape, LabelClassifier.WIDTH, classes);
      return measured(layers::features, parameters.named(), parameters::close, images, device);
    }
  }

  private static PerceptualFeatures measured(
      Function<Tensor, List<Tensor>> features,
      Map<String, Tensor> state,
      Runnable release,
      Samples images,
      ComputeDevice device) {
    List<Double> scales = new ArrayList<>();
    try (NativeScope scope = new NativeScope();
        NoGradGuard constant = new NoGradGuard();
        RowReader reader = RowReader.of(images, device)) {
      Tensor rows = reader.rows(0, Math.min(MEASURED, images.rows()));
      for (Tensor layer : features.apply(rows)) {
        double scale = Math.sqrt(layer.square().mean().item().toDouble());
        if (!(scale > 0) || !Double.isFinite(scale)) {
          throw new InputException(
              images.name()
                  + ": a layer of features is zero or not finite on its images; use other"
                  + " --features");
        }
        scales.add(scale);
      }
    }
    return new PerceptualFeatures(features, state, release, scales);
  }

  FeatureLoss loss() {
    return new FeatureLoss(features, scales, FeatureLoss.WEIGHT);
  }

  /** What is stored in a checkpoint; the tensors stay this object's. */
  Map<String, Tensor> state() {
    return state;
  }

  @Override
  public void close() {
    release.run();
  }
}
