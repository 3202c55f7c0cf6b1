package org.mixel.neural.network;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.mixel.data.ImageShape;
import org.mixel.neural.network.WeightRule.Initial;

/**
 * Layers one after the other. Rows are laid out as images where layers want them so, and laid flat
 * again at the end.
 */
public final class Stack implements Network {
  private final List<Network> layers;

  private Stack(List<Network> layers) {
    this.layers = List.copyOf(layers);
  }

  @Override
  public Tensor forward(Tensor rows, boolean training) {
    Tensor value = rows;
    for (Network layer : layers) {
      value = layer.forward(value, training);
    }
    return value;
  }

  /** Stacks layers, each on what the last one gives. */
  public static final class Builder {
    static final double MOMENTUM = 0.1;
    private static final double EPSILON = 1e-5;
    private static final long[] ONES = {1, 1};

    private final Parameters parameters;
    private final String name;
    private final WeightRule rule;
    private final List<Network> layers = new ArrayList<>();
    private boolean alone;
    private int number;
    private int channels;
    private int height;
    private int width;

    private Builder(Parameters parameters, String name, WeightRule rule) {
      this.parameters = parameters;
      this.name = name;
      this.rule = rule;
    }

    /**
     * Begins with rows of numbers.
     *
     * @param name what the names of its parameters begin with
     */
    public static Builder ofRows(Parameters parameters, String name, WeightRule rule, int values) {
      Builder builder = new Builder(parameters, name, rule);
      builder.channels = values;
      builder.height = 1;
      builder.width = 1;
      return builder;
    }

    /** Begins with rows that are images. */
    public static Builder ofImages(
        Parameters parameters, String name, WeightRule rule, ImageShape shape) {
      return ofMaps(parameters, name, rule, shape.channels(), shape.height(), shape.width());
    }

    /** Begins with rows that are images of any number of channels. */
    public static Builder ofMaps(
        Parameters parameters, String name, WeightRule rule, int channels, int height, int width) {
      return ofRows(parameters, name, rule, channels * height * width)
          .unflatten(channels, height, width);
    }

    /**
     * Says how batches are normalised from here on, once training is over.
     *
     * @param alone each row by its own statistics, or by those that are kept, as at first
     */
    public Builder normalisingRowsAlone(boolean alone) {
      this.alone = alone;
      return this;
    }

    private String next(String what) {
      return name + "." + number + "." + what;
    }

    private Builder add(Network layer) {
      layers.add(layer);
      number++;
      return this;
    }

    /** Each output a weighted sum of all inputs. */
    public Builder linear(int outputs) {
      int inputs = channels * height * width;
      Tensor weight = parameters.train(next("weight"), rule.of(inputs, outputs), outputs, inputs);
      Tensor bias = parameters.train(next("bias"), outputs);
      flatten();
      channels = outputs;
      return add((x, training) -> torch.linear(x, weight, new TensorOptional(bias)));
    }

    /** Rows of numbers as maps. */
    public Builder unflatten(int maps, int rows, int columns) {
      if (maps * rows * columns != channels * height * width) {
        throw new IllegalStateException(
            "%d values are not %d maps of %dx%d"
                .formatted(channels * height * width, maps, columns, rows));
      }
      channels = maps;
      height = rows;
      width = columns;
      return add((x, training) -> x.view(-1, maps, rows, columns));
    }

    /** Maps as rows of numbers. */
    public Builder flatten() {
      channels *= height * width;
      height = 1;
      width = 1;
      int values = channels;
      // Behind a convolution, what lies in memory need not be in the order of the axes.
      return add((x, training) -> x.reshape(-1, values));
    }

    /** A convolution with a bias; its kernel is square. */
    public Builder convolution(int outputs, int kernel, int stride, int padding) {
      return convolution(outputs, kernel, stride, padding, true);
    }

    /** A convolution without a bias, which a normalisation would take away again. */
    public Builder convolutionBeforeNorm(int outputs, int kernel, int stride, int padding) {
      return convolution(outputs, kernel, stride, padding, false);
    }

    private Builder convolution(int outputs, int kernel, int stride, int padding, boolean biased) {
      long area = (long) kernel * kernel;
      Initial initial = rule.of(channels * area, outputs * area / ((long) stride * stride));
      Tensor weight = parameters.train(next("weight"), initial, outputs, channels, kernel, kernel);
      Supplier<TensorOptional> bias = bias(outputs, biased);
      channels = outputs;
      height = (height + 2 * padding - kernel) / stride + 1;
      width = (width + 2 * padding - kernel) / stride + 1;
      long[] strides = {stride, stride};
      long[] paddings = {padding, padding};
      return add((x, training) -> torch.conv2d(x, weight, bias.get(), strides, paddings, ONES, 1));
    }

    /** A transposed convolution of kernel 4 and stride 2 to exactly this size; no bias. */
    public Builder enlarge(int outputs, int toHeight, int toWidth) {
      return enlarge(outputs, toHeight, toWidth, false);
    }

    /** The same with a bias. */
    public Builder enlargeWithBias(int outputs, int toHeight, int toWidth) {
      return enlarge(outputs, toHeight, toWidth, true);
    }

    private Builder enlarge(int outputs, int toHeight, int toWidth, boolean biased) {
      // Every output is a sum of kernel / stride = 2 inputs in both directions.
      Initial initial = rule.of(channels * 4L, outputs * 16L);
      Tensor weight = parameters.train(next("weight"), initial, channels, outputs, 4, 4);
      Supplier<TensorOptional> bias = bias(outputs, biased);
      long[] strides = {2, 2};
      long[] added = {toHeight - 2L * height, toWidth - 2L * width};
      channels = outputs;
      height = toHeight;
      width = toWidth;
      return add(
          (x, training) ->
              torch.conv_transpose2d(x, weight, bias.get(), strides, ONES, added, 1, ONES));
    }

    /** Made anew for each call, as the current scope frees it. */
    private Supplier<TensorOptional> bias(int outputs, boolean biased) {
      if (!biased) {
        return TensorOptional::new;
      }
      Tensor bias = parameters.train(next("bias"), outputs);
      return () -> new TensorOptional(bias);
    }

    /** Batch normalisation of every channel (Ioffe and Szegedy 2015). */
    public Builder batchNorm() {
      Tensor scale = parameters.train(next("scale"), rule.scale(), channels);
      Tensor shift = parameters.train(next("shift"), channels);
      Tensor mean = parameters.average(next("running_mean"), Initial.constant(0), channels);
      Tensor variance = parameters.average(next("running_variance"), Initial.constant(1), channels);
      boolean byRows = alone;
      return add(
          (x, training) ->
              byRows && !training
                  ? torch.instance_norm(
                      x,
                      new TensorOptional(scale),
                      new TensorOptional(shift),
                      new TensorOptional(),
                      new TensorOptional(),
                      true,
                      MOMENTUM,
                      EPSILON,
                      true)
                  : torch.batch_norm(
                      x,
                      new TensorOptional(scale),
                      new TensorOptional(shift),
                      new TensorOptional(mean),
                      new TensorOptional(variance),
                      training,
                      MOMENTUM,
                      EPSILON,
                      true));
    }

    public Builder relu() {
      return add((x, training) -> torch.relu(x));
    }

    /** {@code x} where positive, {@code slope x} elsewhere. */
    public Builder leakyRelu(double slope) {
      return add((x, training) -> torch.leaky_relu(x, new Scalar(slope)));
    }

    public Builder elu() {
      return add((x, training) -> torch.elu(x));
    }

    public Builder tanh() {
      return add((x, training) -> torch.tanh(x));
    }

    /** Enlarges maps to exactly this size: every pixel takes the value of the nearest one. */
    public Builder enlargeNearest(int toHeight, int toWidth) {
      height = toHeight;
      width = toWidth;
      long[] size = {toHeight, toWidth};
      return add(
          (x, training) ->
              torch.upsample_nearest2d(x, size, new DoubleOptional(), new DoubleOptional()));
    }

    /** The largest of each 2x2 pixels. */
    public Builder maxPool() {
      height /= 2;
      width /= 2;
      return add((x, training) -> torch.max_pool2d(x, 2, 2));
    }

    /** The layers so far. */
    public Stack build() {
      return new Stack(layers);
    }
  }
}
