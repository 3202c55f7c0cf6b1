package org.mixel.neural.network;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.tensor.RandomStream;

/** How far the weights of a layer scatter at first. */
public enum WeightRule {
  /** Normal with deviation 0.02, as DCGAN and pix2pix begin (Radford et al. 2016, section 4). */
  SMALL_NORMAL {
    @Override
    Initial of(long inputs, long outputs) {
      return Initial.normal(0, 0.02);
    }

    @Override
    Initial scale() {
      return Initial.normal(1, 0.02);
    }
  },

  /** Keeps the variance through rectifiers (He et al. 2015, equation 10). */
  HE {
    @Override
    Initial of(long inputs, long outputs) {
      return Initial.normal(0, Math.sqrt(2.0 / inputs));
    }
  },

  /** Keeps variances in both directions (Glorot and Bengio 2010, equation 16). */
  GLOROT {
    @Override
    Initial of(long inputs, long outputs) {
      return Initial.uniform(Math.sqrt(6.0 / (inputs + outputs)));
    }
  };

  /**
   * @param inputs values that one value of the output is a sum of
   * @param outputs values that one value of the input goes into
   */
  abstract Initial of(long inputs, long outputs);

  /** The scale of a normalised channel. */
  Initial scale() {
    return Initial.constant(1);
  }

  /** The values that a parameter begins with. */
  @FunctionalInterface
  interface Initial {
    /** A new float32 tensor; it and what is made on the way belong to the current scope. */
    Tensor draw(RandomStream random, Device device, long... shape);

    static Initial constant(double value) {
      return (random, device, shape) ->
          torch.full(shape, new Scalar(value)).to(device, ScalarType.Float);
    }

    static Initial normal(double mean, double deviation) {
      return (random, device, shape) ->
          random.normal(device, shape).mul_(new Scalar(deviation)).add_(new Scalar(mean));
    }

    /** Uniform in {@code [-bound, bound)}. */
    static Initial uniform(double bound) {
      return (random, device, shape) ->
          random.uniform(device, shape).mul_(new Scalar(2 * bound)).sub_(new Scalar(bound));
    }
  }
}
