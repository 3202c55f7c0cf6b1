package org.mixel.neural.network;

/** How far the weights of a layer scatter at first. */
public enum WeightRule {
  /** Normal with deviation 0.02, as DCGAN and pix2pix begin (Radford et al. 2016, section 4). */
  SMALL_NORMAL {
    @Override
    Initial of(long inputs, long outputs) {
      return new Initial.Normal(0, 0.02);
    }

    @Override
    Initial scale() {
      return new Initial.Normal(1, 0.02);
    }
  },

  /** Keeps the variance through rectifiers (He et al. 2015, equation 10). */
  HE {
    @Override
    Initial of(long inputs, long outputs) {
      return new Initial.Normal(0, Math.sqrt(2.0 / inputs));
    }
  },

  /** Keeps variances in both directions (Glorot and Bengio 2010, equation 16). */
  GLOROT {
    @Override
    Initial of(long inputs, long outputs) {
      return new Initial.Uniform(Math.sqrt(6.0 / (inputs + outputs)));
    }
  };

  /**
   * @param inputs values that one value of the output is a sum of
   * @param outputs values that one value of the input goes into
   */
  abstract Initial of(long inputs, long outputs);

  /** The scale of a normalised channel. */
  Initial scale() {
    return new Initial.Constant(1);
  }
}
