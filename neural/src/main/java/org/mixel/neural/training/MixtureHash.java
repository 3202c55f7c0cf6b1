package org.mixel.neural.training;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.Tensors;

/** Tells mixtures apart. */
final class MixtureHash {
  private MixtureHash() {}

  /** SHA-256 of all parameters, in hexadecimal digits. */
  static String of(MixtureOfFactorAnalyzers mixture) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Tensor tensor :
          List.of(
              mixture.logWeights(), mixture.means(), mixture.loadings(), mixture.noiseVariance())) {
        float[] values = Tensors.floats(tensor);
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
        bytes.asFloatBuffer().put(values);
        digest.update(bytes);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
