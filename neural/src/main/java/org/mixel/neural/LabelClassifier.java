package org.mixel.neural;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.metric.ClassifierScore;
import org.mixel.neural.network.Custody;
import org.mixel.neural.network.FeatureLayers;
import org.mixel.neural.network.Parameters;
import org.mixel.optimizer.Adam;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/**
 * A small classifier of images in the style of VGG, trained on the classes of a data set: its
 * layers are features to compare images by, its classes a judge of samples. It takes pixels in [0,
 * 1].
 *
 * <p>Owns native memory until {@link #close()}; not safe for use by several threads.
 */
public final class LabelClassifier implements AutoCloseable {
  static final int WIDTH = 16;

  private static final int BATCH = 128;
  private static final int GROUPS = 16;
  private static final double LEARNING_RATE = 1e-3;
  private static final int MOST_HELD_OUT = 5_000;
  private static final int MOST_CLASSES = 1_000;

  private static final String ACCURACY = "accuracy";
  private static final String FORMAT = "mixel-label-classifier-1";

  private final Parameters parameters;
  private final FeatureLayers layers;
  private double accuracy = Double.NaN;

  /**
   * The size of a classifier and of its training.
   *
   * @param width channels of the first block
   * @param steps batches of 128 rows
   * @param epochs the most, where these are fewer steps
   * @param varied whether images are shown shifted by up to an eighth of a side, and half of them
   *     mirrored, left and right exchanged
   * @param decay whether the rate falls to zero over the last half of the steps
   */
  public record Options(int width, int steps, int epochs, boolean varied, boolean decay) {
    /**
     * @throws InputException if a number is below 1
     */
    public Options {
      NetworkOptions.requireAtLeast("width", width, 1);
      NetworkOptions.requireAtLeast("steps", steps, 1);
      NetworkOptions.requireAtLeast("epochs", epochs, 1);
    }

    /** For features and for scores of simple images, in a minute: 16 channels, 600 steps. */
    public static Options defaults() {
      return new Options(WIDTH, 600, 20, false, false);
    }

    /** For scores of photographs: 32 channels, 6,000 steps, varied. */
    public static Options thorough() {
      return new Options(2 * WIDTH, 6_000, 40, true, true);
    }
  }

  private LabelClassifier(Parameters parameters, FeatureLayers layers) {
    this.parameters = parameters;
    this.layers = layers;
  }

  /**
   * Trains a classifier by Adam on the cross-entropy, for 600 batches of 128 rows, or 20 epochs if
   * these are fewer. A tenth of the rows, at most 5,000, is held out to measure its accuracy.
   *
   * @param labels the class of every row, from 0
   * @param seed fixes the first weights, the rows held out and the order of the others
   * @throws InputException if rows are not images, or labels do not fit them
   */
  public static LabelClassifier train(
      Samples images, int[] labels, long seed, ComputeDevice device, Progress progress) {
    return train(images, labels, Options.defaults(), seed, device, progress);
  }

  /** The same for as long as the options say. */
  public static LabelClassifier train(
      Samples images,
      int[] labels,
      Options options,
      long seed,
      ComputeDevice device,
      Progress progress) {
    ImageShape shape =
        images
            .shape()
            .orElseThrow(
                () ->
                    new InputException(
                        images.name() + ": a classifier needs images, but its rows are numbers"));
    int classes = requireClasses(images, labels);
    try (NativeScope scope = new NativeScope();
        RandomStream random = RandomStream.of(seed);
        Custody custody = new Custody()) {
      Parameters parameters =
          custody.add(Parameters.from(Parameters.Source.fresh(random, device, ScalarType.Float)));
      LabelClassifier classifier =
          new LabelClassifier(
              parameters, new FeatureLayers(parameters, shape, options.width(), classes));
      int[] order = random.choose(images.rows(), images.rows());
      int held = Math.min(MOST_HELD_OUT, images.rows() / 10);
      classifier.learn(
          images,
          labels,
          Arrays.copyOfRange(order, held, order.length),
          options,
          seed,
          device,
          progress);
      classifier.accuracy = classifier.accuracy(images, labels, Arrays.copyOf(order, held), device);
      return custody.handOver(classifier);
    }
  }

  private static int requireClasses(Samples images, int[] labels) {
    if (labels.length != images.rows()) {
      throw new InputException(
          "%s has %d rows, but there are %d labels"
              .formatted(images.name(), images.rows(), labels.length));
    }
    int most = IntStream.of(labels).max().orElseThrow();
    if (most < 1 || most >= MOST_CLASSES || IntStream.of(labels).min().orElseThrow() < 0) {
      throw new InputException(
          "labels must be classes from 0 to at most %d, and of at least two classes"
              .formatted(MOST_CLASSES - 1));
    }
    return most + 1;
  }

  private void learn(
      Samples images,
      int[] labels,
      int[] rows,
      Options options,
      long seed,
      ComputeDevice device,
      Progress progress) {
    Samples chosen = images.select(rows);
    int batch = Math.min(BATCH, rows.length);
    int steps = Math.min(options.steps(), options.epochs() * (rows.length / batch));
    ImageShape shape = images.shape().orElseThrow();
    try (Progress.Stage stage = progress.begin("classifier of the labels", steps);
        RandomStream random = RandomStream.of(seed);
        DataLoader loader = DataLoader.of(chosen, device, batch, seed, 0);
        Descent descent =
            new Descent(
                List.of(parameters),
                Adam.of(Adam.Options.of(LEARNING_RATE), parameters.trained().size()))) {
      for (int step = 0; step < steps; step++) {
        try (NativeScope scope = new NativeScope()) {
          int[] indices = loader.nextIndices();
          long[] wanted = IntStream.of(indices).mapToLong(i -> labels[rows[i]]).toArray();
          Tensor classes = Tensors.of(wanted, wanted.length).to(device.torch(), ScalarType.Long);
          Tensor seen = loader.rows(indices);
          if (options.varied()) {
            seen = varied(seen, shape, random.java());
          }
          Tensor loss = torch.cross_entropy_loss(layers.forward(seen, true), classes);
          descent.step(loss, options.decay() ? Math.min(1, 2.0 * (steps - step) / steps) : 1);
          stage.note(String.format(Locale.ROOT, "loss %.3f", loss.item().toDouble()));
        }
        stage.advance(1);
      }
    }
  }

  /** Shifts each of some groups of rows by its own number of pixels, and mirrors every second. */
  private static Tensor varied(Tensor rows, ImageShape shape, SplittableRandom random) {
    int down = shape.height() / 8;
    int across = shape.width() / 8;
    Tensor maps = rows.view(-1, shape.channels(), shape.height(), shape.width());
    Tensor framed = torch.reflection_pad2d(maps, across, across, down, down);
    TensorVector groups = new TensorVector();
    long count = rows.size(0);
    for (int group = 0; group < GROUPS; group++) {
      long from = group * count / GROUPS;
      long length = (group + 1) * count / GROUPS - from;
      Tensor shifted =
          framed
              .narrow(0, from, length)
              .narrow(2, random.nextInt(2 * down + 1), shape.height())
              .narrow(3, random.nextInt(2 * across + 1), shape.width());
      groups.push_back(group % 2 == 0 ? shifted : shifted.flip(3));
    }
    return torch.cat(groups, 0).reshape(-1, shape.dims());
  }

  private double accuracy(Samples images, int[] labels, int[] rows, ComputeDevice device) {
    int right = 0;
    try (RowReader reader = RowReader.of(images, device)) {
      for (int from = 0; from < rows.length; from += BATCH) {
        int[] part = Arrays.copyOfRange(rows, from, Math.min(rows.length, from + BATCH));
        try (NativeScope scope = new NativeScope()) {
          long[] classes =
              Tensors.longs(logits(reader.rows(part)).argmax(new LongOptional(1), false));
          for (int i = 0; i < part.length; i++) {
            right += classes[i] == labels[part[i]] ? 1 : 0;
          }
        }
      }
    }
    return rows.length == 0 ? Double.NaN : (double) right / rows.length;
  }

  /** The share of held-out rows that it classifies correctly; NaN if there were none. */
  public double accuracy() {
    return accuracy;
  }

  /**
   * The logits of the classes of images.
   *
   * @param rows {@code [n, d]}, pixels in [0, 1]
   * @return {@code [n, classes]}, owned by the current scope
   */
  public Tensor logits(Tensor rows) {
    try (NoGradGuard inference = new NoGradGuard()) {
      return layers.forward(rows, false);
    }
  }

  /**
   * Scores samples by a classifier that is trained when it is first asked, and closed with the
   * scorer.
   *
   * @param images the data, with {@code labels}
   */
  public static Evaluation.Scorer scorer(
      Samples images, int[] labels, long seed, ComputeDevice device) {
    return new Evaluation.Scorer() {
      private @Nullable LabelClassifier trained;

      @Override
      public ClassifierScore score(Samples samples, Progress progress) {
        LabelClassifier judge =
            trained == null ? train(images, labels, seed, device, progress) : trained;
        trained = judge;
        return judge.score(samples, seed, device, progress);
      }

      @Override
      public void close() {
        if (trained != null) {
          trained.close();
          trained = null;
        }
      }
    };
  }

  /**
   * Writes the classifier, whole or not at all.
   *
   * @param metadata how it was trained, by which {@link #load} knows it
   */
  public void save(Path file, Map<String, String> metadata) {
    Map<String, String> all = new TreeMap<>(metadata);
    all.put("format", FORMAT);
    all.put(ACCURACY, Double.toString(accuracy));
    SafeTensors.write(file, named(), all);
  }

  /**
   * Reads a classifier that {@link #save} wrote.
   *
   * @param shape of the images
   * @param metadata that it must have been saved with
   * @return nothing if there is no such file, or it was saved with other metadata
   * @throws InputException if the file is damaged
   */
  public static Optional<LabelClassifier> load(
      Path file,
      ImageShape shape,
      Options options,
      Map<String, String> metadata,
      ComputeDevice device) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    Map<String, String> read = SafeTensors.readMetadata(file);
    if (!FORMAT.equals(read.get("format")) || !read.entrySet().containsAll(metadata.entrySet())) {
      return Optional.empty();
    }
    try (NativeScope scope = new NativeScope();
        Custody custody = new Custody()) {
      SafeTensors stored = SafeTensors.read(file);
      Parameters parameters =
          custody.add(Parameters.from(Parameters.Source.stored(stored, device)));
      int classes = Math.toIntExact(stored.get("head.1.bias", -1).size(0));
      LabelClassifier classifier =
          new LabelClassifier(
              parameters, new FeatureLayers(parameters, shape, options.width(), classes));
      classifier.accuracy = Double.parseDouble(read.getOrDefault(ACCURACY, "NaN"));
      return Optional.of(custody.handOver(classifier));
    }
  }

  /** Scores samples by this classifier, which stays its owner's. */
  public Evaluation.Scorer scorer(long seed, ComputeDevice device) {
    return (samples, progress) -> score(samples, seed, device, progress);
  }

  private ClassifierScore score(
      Samples samples, long seed, ComputeDevice device, Progress progress) {
    return ClassifierScore.of(
        samples,
        "classifier of the labels",
        this::logits,
        ClassifierScore.Options.defaults().withSeed(seed),
        device,
        progress);
  }

  FeatureLayers layers() {
    return layers;
  }

  Map<String, Tensor> named() {
    return parameters.named();
  }

  @Override
  public void close() {
    parameters.close();
  }
}
