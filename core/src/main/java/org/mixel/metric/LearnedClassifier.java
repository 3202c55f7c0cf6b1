package org.mixel.metric;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.Progress;
import org.mixel.data.ColumnMoments;
import org.mixel.data.Samples;
import org.mixel.optimizer.Adam;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.Devices;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * How well a small network tells two sets apart, as Lopez-Paz and Oquab (2017, <i>Revisiting
 * classifier two-sample tests</i>) train it: on a random half of the rows of both sets; the other
 * half are told by it. It sees differences along few directions that distances hide.
 *
 * <p>One hidden layer of {@value #WIDTH} rectified units on columns that are standardised by the
 * training rows, {@value #STEPS} steps of Adam on batches of {@value #BATCH} rows of each set,
 * logistic loss. The accuracy is the mean of the shares of both sets' rows that are told rightly.
 * Given the network, equal sets are the rows that it has not seen dealt out anew, so p is exact.
 *
 * @param accuracy the balanced accuracy, about 1/2 for equal sets; its error is the binomial one
 */
public record LearnedClassifier(Estimate accuracy) {
  /** Fewest rows of a set. */
  public static final int FEWEST_ROWS = 40;

  private static final int WIDTH = 64;
  private static final int STEPS = 300;
  private static final int BATCH = 128;
  private static final int READ = 2048;
  private static final double RATE = 1e-3;

  /** Accuracies that differ by no more are equal. */
  private static final double ROUNDING = 1e-12;

  /**
   * Compares two sets.
   *
   * @param reference at least {@link #FEWEST_ROWS} rows
   * @param candidate rows of as many values, at least as many rows
   * @param deals how often the rows are dealt out anew
   * @param seed divides the rows, and fixes first weights, batches and deals
   */
  public static LearnedClassifier of(
      Samples reference,
      Samples candidate,
      int deals,
      long seed,
      ComputeDevice device,
      Progress progress) {
    try (NativeScope scope = new NativeScope();
        RandomStream random = RandomStream.of(seed).split(-3);
        Progress.Stage stage = progress.begin("classifier by a network", STEPS)) {
      int[] first = random.choose(reference.rows(), reference.rows());
      int[] second = random.choose(candidate.rows(), candidate.rows());
      double[] origin = ColumnMoments.farOrigin(reference);
      Samples nearReference = reference.about(origin);
      Samples nearCandidate = candidate.about(origin);
      try (Half known = new Half(nearReference, first, true, device);
          Half tested = new Half(nearCandidate, second, true, device);
          Half otherKnown = new Half(nearReference, first, false, device);
          Half otherTested = new Half(nearCandidate, second, false, device)) {
        Network network = new Network(known, tested, reference.areVectors(), random);
        network.train(known, tested, random, stage);
        boolean[] asFirst = new boolean[otherKnown.rows() + otherTested.rows()];
        network.tell(otherKnown, asFirst, 0);
        network.tell(otherTested, asFirst, otherKnown.rows());
        return new LearnedClassifier(estimate(asFirst, otherKnown.rows(), deals, seed));
      }
    }
  }

  private static Estimate estimate(boolean[] asFirst, int n, int count, long seed) {
    int m = asFirst.length - n;
    Deals deals = new Deals(asFirst.length, n, count, seed);
    int[] own = IntStream.range(0, n).toArray();
    double value = accuracy(asFirst, own);
    double[] dealt = new double[count];
    Arrays.setAll(dealt, b -> accuracy(asFirst, deals.reference(b)));
    double right = share(asFirst, own);
    double wrong = share(asFirst, IntStream.range(n, n + m).toArray());
    double error = Math.sqrt((right * (1 - right) / n + wrong * (1 - wrong) / m) / 4);
    return Estimate.large(value, error, dealt, ROUNDING);
  }

  private static double accuracy(boolean[] asFirst, int[] reference) {
    double told = IntStream.range(0, asFirst.length).filter(i -> asFirst[i]).count();
    double n = reference.length;
    double right = n * share(asFirst, reference);
    double m = asFirst.length - n;
    return (right / n + 1 - (told - right) / m) / 2;
  }

  private static double share(boolean[] asFirst, int[] rows) {
    return IntStream.of(rows).filter(row -> asFirst[row]).count() / (double) rows.length;
  }

  /** One half of the rows of a set. */
  private static final class Half implements AutoCloseable {
    private final RowReader reader;
    private final int[] places;

    Half(Samples samples, int[] order, boolean firstHalf, ComputeDevice device) {
      int middle = order.length / 2;
      places =
          firstHalf
              ? Arrays.copyOf(order, middle)
              : Arrays.copyOfRange(order, middle, order.length);
      reader = RowReader.of(samples, device, ScalarType.Float);
    }

    int rows() {
      return places.length;
    }

    Device device() {
      return reader.device();
    }

    Tensor read(int from, int count) {
      return reader.rows(Arrays.copyOfRange(places, from, from + count));
    }

    Tensor batch(RandomStream random) {
      int[] chosen = random.choose(Math.min(BATCH, places.length), places.length);
      return reader.rows(IntStream.of(chosen).map(i -> places[i]).toArray());
    }

    @Override
    public void close() {
      reader.close();
    }
  }

  /** Weights and offsets of both layers; its tensors belong to the scope in which it was made. */
  private static final class Network {
    private final Tensor mean;
    private final Tensor scale;
    private final Tensor[] parameters;

    /**
     * @param ownUnits whether each column has a unit of its own, as those of vectors do
     */
    Network(Half known, Half tested, boolean ownUnits, RandomStream random) {
      Device device = known.device();
      int dims = (int) known.read(0, 1).size(1);
      Tensor sum = Devices.zeros(device, ScalarType.Double, dims);
      Tensor squares = Devices.zeros(device, ScalarType.Double, dims);
      for (Half half : new Half[] {known, tested}) {
        NativeScope.inParts(
            half.rows(),
            READ,
            (from, count) -> {
              Tensor rows = half.read((int) from, (int) count).to(ScalarType.Double);
              sum.add_(rows.sum(0));
              squares.add_(rows.square_().sum(0));
            });
      }
      Scalar rows = new Scalar((double) known.rows() + tested.rows());
      Tensor centre = sum.div_(rows);
      Tensor variance = squares.div_(rows).sub_(centre.square()).clamp_min_(new Scalar(0));
      // Pixels that hardly vary beside the others, and the rounding of a constant, stay small.
      Tensor least =
          ownUnits
              ? centre.square().mul_(new Scalar(1e-10))
              : variance.mean().mul_(new Scalar(1e-2));
      least.add_(new Scalar(1e-30));
      mean = centre.to(ScalarType.Float);
      scale = variance.add_(least).rsqrt_().to(ScalarType.Float);
      parameters =
          new Tensor[] {
            random.normal(device, dims, WIDTH).mul_(new Scalar(Math.sqrt(2.0 / dims))),
            Devices.zeros(device, ScalarType.Float, WIDTH),
            random.normal(device, WIDTH, 1).mul_(new Scalar(Math.sqrt(1.0 / WIDTH))),
            Devices.zeros(device, ScalarType.Float, 1)
          };
    }

    private Tensor placed(Tensor rows) {
      return rows.sub(mean).mul_(scale);
    }

    private Tensor hidden(Tensor placed) {
      return placed.mm(parameters[0]).add_(parameters[1]).relu_();
    }

    private Tensor logits(Tensor hidden) {
      return hidden.mm(parameters[2]).add_(parameters[3]);
    }

    void train(Half known, Half tested, RandomStream random, Progress.Stage stage) {
      try (Adam adam = Adam.of(Adam.Options.of(RATE), parameters.length)) {
        for (int step = 0; step < STEPS; step++) {
          double factor = 1 - (double) step / STEPS;
          try (NativeScope scope = new NativeScope()) {
            adam.step(parameters, gradients(known.batch(random), tested.batch(random)), factor);
          }
          stage.advance(1);
        }
      }
    }

    /** Of the mean logistic loss, each set counting for one half. */
    private Tensor[] gradients(Tensor known, Tensor tested) {
      long n = known.size(0);
      long m = tested.size(0);
      Tensor rows = placed(torch.cat(new TensorVector(known, tested), 0));
      Tensor hidden = hidden(rows);
      Tensor slope = logits(hidden).sigmoid_();
      slope.narrow(0, 0, n).sub_(new Scalar(1)).mul_(new Scalar(0.5 / n));
      slope.narrow(0, n, m).mul_(new Scalar(0.5 / m));
      Tensor back = slope.mm(parameters[2].t()).mul_(hidden.gt(new Scalar(0)).to(ScalarType.Float));
      return new Tensor[] {rows.t().mm(back), back.sum(0), hidden.t().mm(slope), slope.sum(0)};
    }

    /** Whether each row is told to be of the first set. */
    void tell(Half half, boolean[] asFirst, int at) {
      NativeScope.inParts(
          half.rows(),
          READ,
          (from, count) -> {
            float[] logits =
                Tensors.floats(logits(hidden(placed(half.read((int) from, (int) count)))));
            for (int i = 0; i < logits.length; i++) {
              asFirst[at + (int) from + i] = logits[i] > 0;
            }
          });
    }
  }
}
