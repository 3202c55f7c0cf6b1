import java.nio.file.Path;
import java.util.Arrays;
import org.mixel.data.Mask;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;
import org.mixel.io.Masks;
import org.mixel.io.SampleWriter;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;

/** Fits a mixture to a folder of images, scores them, draws new ones, and completes halves. */
public final class FitMixture {
  public static void main(String[] arguments) {
    Samples images = DataSource.open(arguments[0]);
    Path out = Path.of(arguments[1]);

    TrainingOptions options = TrainingOptions.defaults(10, 4);
    try (TrainingResult result = Trainer.of(options).fit(images)) {
      MixtureOfFactorAnalyzers mixture = result.model();
      double[] scores = mixture.logLikelihood(images);
      System.out.printf("%.1f nats per image%n", Arrays.stream(scores).average().orElseThrow());

      SampleWriter.write(out.resolve("samples"), mixture.sample(64, 0));
      Mask right = Masks.read("right", images, images.shape());
      SampleWriter.write(out.resolve("completed"), mixture.inpaint(images, right));
      mixture.save(out.resolve("images.mfa"));
    }
  }
}
