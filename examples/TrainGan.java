import java.nio.file.Path;
import org.mixel.Progress;
import org.mixel.data.RowSampler;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;
import org.mixel.metric.Sharpness;
import org.mixel.ndb.Ndb;
import org.mixel.neural.Dcgan;
import org.mixel.neural.NetworkOptions;
import org.mixel.neural.NetworkTrainer;
import org.mixel.neural.TrainedNetwork;

/** Trains a DCGAN on a folder of images and judges its samples. */
public final class TrainGan {
  public static void main(String[] arguments) {
    Samples images = DataSource.open(arguments[0]);
    Path model = Path.of(arguments[1]);
    int steps = Integer.parseInt(arguments[2]);

    Dcgan recipe = new Dcgan();
    NetworkOptions options = NetworkOptions.defaults(recipe).withSteps(steps);
    try (TrainedNetwork network = NetworkTrainer.of(recipe, options).train(images)) {
      network.save(model);
      try (RowSampler sampler = network.sampler(0)) {
        Samples drawn = sampler.take("DCGAN", images.rows(), Progress.SILENT);
        System.out.println(Ndb.test(images, drawn));
        System.out.printf("sharpness %.2f%n", Sharpness.of(drawn).sharpness());
      }
    }
  }
}
