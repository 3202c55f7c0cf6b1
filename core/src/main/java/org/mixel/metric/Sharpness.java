package org.mixel.metric;

import static org.mixel.InputException.require;

import java.util.stream.DoubleStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/**
 * How sharp images are: the share of their energy in high frequencies, as a natural log (Richardson
 * and Weiss, 2018, appendix A.4). Higher is sharper; adding to all pixel values or multiplying them
 * changes nothing.
 *
 * <p>Of each image: its luminance (a single channel as it is, red, green and blue by the weights
 * 0.299, 0.587 and 0.114 of ITU-R BT.601) less its mean; the high-pass is that less its Gaussian
 * blur; the image's sharpness is {@code log(sum high-pass^2) - log(sum image^2)}. Images of one
 * value everywhere have no energy, hence no sharpness, and are left out of the mean.
 *
 * <p>The paper does not give the Gaussian's width. {@link #SIGMA} brings faces of CelebA near to
 * the paper's figure; figures for different widths cannot be compared.
 *
 * @param data name of the set
 * @param images number of images that were measured
 * @param constant how many of these were left out
 * @param sharpness mean over the others, in nats
 * @param standardError of that mean; NaN of a single image
 */
public record Sharpness(
    String data, int images, int constant, double sharpness, double standardError) {
  /** Standard deviation of the Gaussian, in pixels. */
  public static final double SIGMA = 1;

  private static final double[] LUMINANCE = {0.299, 0.587, 0.114};

  private static final long[] PIXELS = {1, 2};

  /** Values of a batch: its several float64 copies stay near the cache. */
  private static final int BATCH_VALUES = 1 << 18;

  /** A range below this share of the largest value is rounding. */
  private static final double ROUNDING = 1e-12;

  /**
   * The images that are measured, and the blur.
   *
   * @param images most images that are measured, random ones if there are more
   * @param sigma standard deviation of the Gaussian in pixels
   * @param seed chooses the images
   */
  public record Options(int images, double sigma, long seed) {
    /**
     * @throws InputException if there is no image to look at, or sigma is not in [0.3, 100]
     */
    public Options {
      require(images >= 1, "images must be at least 1, got " + images);
      require(sigma >= 0.3 && sigma <= 100, "sigma must be from 0.3 to 100 pixels, got " + sigma);
    }

    /** 2,000 images as in the paper, {@link #SIGMA}, seed 0. */
    public static Options defaults() {
      return new Options(2000, SIGMA, 0);
    }

    /** The same with another number of images. */
    public Options withImages(int count) {
      return new Options(count, sigma, seed);
    }

    /** The same with another Gaussian. */
    public Options withSigma(double pixels) {
      return new Options(images, pixels, seed);
    }

    /** The same with another seed. */
    public Options withSeed(long number) {
      return new Options(images, sigma, number);
    }
  }

  /** Measures a set on the CPU with the default options. */
  public static Sharpness of(Samples samples) {
    return of(samples, Options.defaults());
  }

  /** Measures a set on the CPU. */
  public static Sharpness of(Samples samples, Options options) {
    return of(samples, options, ComputeDevice.CPU, Progress.SILENT);
  }

  /**
   * Measures a set.
   *
   * @param samples images of any size
   * @throws InputException if rows are not images, a value is not finite, or every image is
   *     constant
   */
  public static Sharpness of(
      Samples samples, Options options, ComputeDevice device, Progress progress) {
    ImageShape shape = samples.shape().orElseThrow(() -> noImages(samples));
    Samples chosen = samples.select(chosen(samples.rows(), options));
    int batchRows = Math.max(1, BATCH_VALUES / shape.dims());
    GaussianBlur blur = GaussianBlur.of(options.sigma());
    DoubleStream.Builder measured = DoubleStream.builder();
    try (NativeScope scope = new NativeScope();
        RowReader rows = RowReader.of(chosen, device);
        Progress.Stage stage = progress.begin("sharpness", chosen.rows())) {
      rows.forEach(batchRows, stage, batch -> measure(chosen, batch, shape, blur, measured));
    }
    return mean(samples.name(), chosen.rows(), measured.build().toArray());
  }

  private static InputException noImages(Samples samples) {
    return new InputException(
        samples.name()
            + ": rows are not images, and sharpness needs images; give pictures, or an array"
            + " (n, h, w), (n, h, w, c) or (n, c, h, w)");
  }

  private static int[] chosen(int rows, Options options) {
    try (RandomStream random = RandomStream.of(options.seed())) {
      return random.chooseRising(options.images(), rows);
    }
  }

  /** Adds the sharpness of each of these rows that is not constant. */
  private static void measure(
      Samples samples,
      RowReader.Batch batch,
      ImageShape shape,
      GaussianBlur blur,
      DoubleStream.Builder sharpness) {
    Tensor image = luminance(batch.rows(), batch.count(), shape);
    double[] lowest = Tensors.doubles(image.amin(PIXELS, false));
    double[] highest = Tensors.doubles(image.amax(PIXELS, false));
    image.sub_(image.mean(PIXELS, true, new ScalarTypeOptional()));
    double[] energy = energies(image);
    double[] high = energies(image.sub(blur.apply(image)));
    for (int i = 0; i < energy.length; i++) {
      if (!Double.isFinite(energy[i])) {
        throw new InputException(
            "%s: row %d (counted from 0) holds a value that is NaN or infinite; remove or repair it"
                .formatted(samples.name(), samples.rowNumber(batch.from() + i)));
      }
      double size = Math.max(Math.abs(lowest[i]), Math.abs(highest[i]));
      if (highest[i] - lowest[i] > ROUNDING * size) {
        sharpness.add(Math.log(high[i]) - Math.log(energy[i]));
      }
    }
  }

  /** float64 {@code [n, height, width]}, which may be changed. */
  private static Tensor luminance(Tensor rows, int count, ImageShape shape) {
    return NativeScope.compute(
        () -> {
          Tensor wide =
              rows.to(ScalarType.Double)
                  .view(count, shape.channels(), shape.height(), shape.width());
          if (shape.channels() == 1) {
            return wide.select(1, 0);
          }
          Tensor sum = wide.select(1, 0).mul(new Scalar(LUMINANCE[0]));
          for (int c = 1; c < LUMINANCE.length; c++) {
            sum.add_(wide.select(1, c), new Scalar(LUMINANCE[c]));
          }
          return sum;
        });
  }

  private static double[] energies(Tensor images) {
    return Tensors.doubles(images.square().sum(PIXELS));
  }

  private static Sharpness mean(String name, int images, double[] measured) {
    int count = measured.length;
    require(
        count > 0,
        "%s: each of %d images is of one value everywhere; none has a sharpness"
            .formatted(name, images));
    double mean = DoubleStream.of(measured).average().orElseThrow();
    double squares = DoubleStream.of(measured).map(x -> (x - mean) * (x - mean)).sum();
    double error = count == 1 ? Double.NaN : Math.sqrt(squares / (count - 1) / count);
    return new Sharpness(name, images, images - count, mean, error);
  }
}
