package org.mixel.neural;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/**
 * A model of few rows and narrow networks, which takes a step in milliseconds.
 *
 * @param recipe the kind of model
 * @param images whether rows are images of 14x14 pixels, whose halves are odd, or points in the
 *     plane
 */
record TinyTraining(Recipe recipe, boolean images) {
  static final int ROWS = 40;
  static final int BATCH = 8;
  static final ImageShape IMAGE = new ImageShape(1, 14, 14);
  private static final ImageShape SMALLER = new ImageShape(1, 7, 7);

  /** Every kind, of all rows that it takes. */
  static Stream<TinyTraining> all() {
    return Recipe.all().stream()
        .flatMap(
            recipe ->
                recipe.needsImages()
                    ? Stream.of(of(recipe, true))
                    : Stream.of(of(recipe, true), of(recipe, false)));
  }

  static TinyTraining of(Recipe recipe, boolean images) {
    return new TinyTraining(recipe, images);
  }

  /** That of a deep feature consistent auto-encoder with a classifier of two made classes. */
  static TinyTraining ofLabels() {
    int[] labels = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      labels[i] = i % 2;
    }
    return new TinyTraining(new VaeDfc(new VaeDfc.Features.Labels(labels)), true);
  }

  Samples rows() {
    return images ? images(IMAGE) : points(ROWS);
  }

  /** Stripes, across in every other image, and noise. */
  static Samples images(ImageShape shape) {
    Random random = new Random(1);
    byte[] pixels = new byte[ROWS * shape.dims()];
    for (int i = 0; i < pixels.length; i++) {
      int row = i / shape.dims();
      int pixel = i % (shape.height() * shape.width());
      int along = row % 2 == 0 ? pixel / shape.width() : pixel % shape.width();
      pixels[i] = (byte) (along / 3 % 2 * 180 + random.nextInt(70));
    }
    return StoredSamples.ofBytes("stripes", shape, pixels);
  }

  /** Points about the four corners of a square. */
  static Samples points(int count) {
    Random random = new Random(2);
    float[] values = new float[2 * count];
    for (int i = 0; i < count; i++) {
      int corner = random.nextInt(4);
      values[2 * i] = (float) ((corner & 1) * 4 - 2 + 0.2 * random.nextGaussian());
      values[2 * i + 1] = (float) ((corner >> 1) * 4 - 2 + 0.2 * random.nextGaussian());
    }
    return StoredSamples.ofFloats("corners", 2, null, values);
  }

  /** A mixture to begin with: of images of half the size for pix2pix. */
  MixtureOfFactorAnalyzers mixture() {
    ImageShape shape = recipe.translates() ? SMALLER : IMAGE;
    return images ? mixture(shape.dims(), shape) : mixture(2, null);
  }

  private static MixtureOfFactorAnalyzers mixture(int dims, @Nullable ImageShape shape) {
    try (NativeScope scope = new NativeScope()) {
      return MixtureOfFactorAnalyzers.of(
          Tensors.of(new float[3], 3),
          uniform(3, dims),
          uniform(3, 2, dims),
          uniform(3, dims),
          shape,
          Map.of());
    }
  }

  private static Tensor uniform(long... shape) {
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    Random random = new Random(count);
    float[] values = new float[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.1f + 0.5f * random.nextFloat();
    }
    return Tensors.of(values, shape);
  }

  NetworkOptions options(int steps) {
    NetworkOptions options = NetworkOptions.defaults(recipe).withSteps(steps).withBatch(BATCH);
    return options.withCriticSteps(Math.min(2, options.criticSteps())).withLearningRate(2e-3);
  }

  /** Trains to the end. */
  TrainedNetwork train(NetworkOptions options, UnaryOperator<NetworkTrainer> settings) {
    return train(options, settings, Integer.MAX_VALUE);
  }

  /** Trains, and is interrupted when so many steps are done. */
  TrainedNetwork train(NetworkOptions options, UnaryOperator<NetworkTrainer> settings, long until) {
    return train(rows(), options, settings, until);
  }

  TrainedNetwork train(
      Samples rows, NetworkOptions options, UnaryOperator<NetworkTrainer> settings, long until) {
    NetworkTrainer trainer =
        settings.apply(
            NetworkTrainer.of(recipe, options, ComputeDevice.CPU)
                .sized(images ? 2 : 8, recipe.needsMixture() ? null : Integer.valueOf(3)));
    try (Interruption interruption = Interruption.watch()) {
      if (until == 0) {
        interruption.request();
      }
      Progress progress = new InterruptingProgress(interruption, recipe, until);
      if (!recipe.needsMixture()) {
        return trainer.train(rows, interruption, progress);
      }
      try (MixtureOfFactorAnalyzers mixture = mixture()) {
        return trainer.from(mixture).train(rows, interruption, progress);
      }
    }
  }

  /** Asks for the end when so many steps of the training are done. */
  private record InterruptingProgress(Interruption interruption, Recipe recipe, long until)
      implements Progress {
    @Override
    public Stage begin(String name, long steps) {
      boolean counted = name.equals("training " + recipe.kind());
      return new Stage() {
        private long done;

        @Override
        public void advance(long by) {
          done += by;
          if (counted && done >= until) {
            interruption.request();
          }
        }

        @Override
        public void note(String text) {}

        @Override
        public void close() {}
      };
    }
  }

  /** The lines of a model's log, without how fast they were. */
  static List<String> log(Path model) throws IOException {
    return Files.readAllLines(model.resolveSibling(model.getFileName() + ".metrics.jsonl")).stream()
        .map(line -> line.replaceAll("\"steps_per_second\":[^,}]*", ""))
        .toList();
  }

  @Override
  public String toString() {
    return recipe.kind()
        + (images ? " of images" : " of points")
        + (recipe.settings().containsValue("labels") ? " by labels" : "");
  }
}
