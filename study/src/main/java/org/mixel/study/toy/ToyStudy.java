package org.mixel.study.toy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.ndb.Ndb;
import org.mixel.ndb.NdbReport;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.ReferenceMode;
import org.mixel.neural.Began;
import org.mixel.neural.Dcgan;
import org.mixel.neural.NetworkModel;
import org.mixel.neural.Wgan;
import org.mixel.neural.WganGp;
import org.mixel.report.Block;
import org.mixel.report.Report;
import org.mixel.study.stage.MixtureSetting;
import org.mixel.study.stage.NetworkSetting;
import org.mixel.study.stage.TrainingStage;
import org.mixel.study.stage.TrainingStage.Drawn;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.Threads;

/**
 * The paper's toy example in the plane, where everything can be seen: bins and proportions of
 * samples of a mixture and of GANs (Fig. 2), and the models themselves (Fig. 20).
 */
public final class ToyStudy {
  private static final int LATENT = 2;
  private static final double ALPHA = 0.05;

  private ToyStudy() {}

  /**
   * The extent of the study.
   *
   * @param rows number of points in the data
   * @param samples number of samples of each model
   * @param bins number of bins
   * @param components number of the mixture's components
   * @param networks GANs of dense layers, with one latent value or two
   * @param seed fixes all of it
   */
  public record Options(
      int rows, int samples, int bins, int components, List<NetworkSetting> networks, long seed) {
    /** Keeps its own copy of the list. */
    public Options {
      networks = List.copyOf(networks);
    }

    /** Some four minutes on two cores. */
    public static Options defaults() {
      return new Options(
          20_000,
          20_000,
          30,
          16,
          List.of(
              new NetworkSetting(new Dcgan(), 10_000, 128, 1e-3, 64, LATENT),
              new NetworkSetting(new Wgan(false, true), 5_000, 128, 5e-4, 64, LATENT),
              new NetworkSetting(new WganGp(), 5_000, 128, 1e-3, 64, LATENT),
              new NetworkSetting(new Began(), 10_000, 128, 1e-4, 64, 1)),
          0);
    }

    /** The same with another seed. */
    public Options withSeed(long number) {
      return new Options(rows, samples, bins, components, networks, number);
    }
  }

  /**
   * Trains the models that are missing, evaluates all, and writes the report.
   *
   * @param folder receives {@code report.html}, {@code report.md}, the pictures as PNG files, and
   *     {@code models}
   * @param maker the command that makes the report, for its footer
   * @return the tables of the report
   * @throws StudyInterrupted if the program is to end before all is done
   */
  public static List<Block.Table> run(
      Path folder,
      Options options,
      String maker,
      ComputeDevice device,
      Interruption interruption,
      Progress progress) {
    Samples data = ToyData.draw("data", options.rows(), options.seed());
    Samples fresh = ToyData.draw("fresh data", options.samples(), options.seed() + 1);
    TrainingStage stage =
        new TrainingStage(
            folder.resolve("models"), data, options.seed(), device, interruption, progress);
    List<Drawn> models = Threads.alone(() -> models(stage, options));
    List<Samples> candidates = new ArrayList<>(List.of(fresh));
    models.forEach(model -> candidates.add(model.rows()));
    ToyFigures figures =
        new ToyFigures(
            judge(
                data,
                candidates,
                Ndb.Options.defaults()
                    .withBins(options.bins())
                    .withSeeds(options.seed(), 1)
                    .withAlpha(ALPHA),
                device,
                progress));
    Block.Table table = figures.table();
    ToyPictures pictures = new ToyPictures(folder, data);
    List<Report.Section> sections = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      NdbResult result = figures.heldOut().results().get(1 + i);
      Samples drawn = models.get(i).rows();
      List<Block> blocks = new ArrayList<>();
      blocks.add(new Block.Text(ToyFigures.sentence(result)));
      blocks.addAll(pictures.overBins(figures.heldOut().binsOf(result), result, drawn));
      sections.add(
          new Report.Section("The paper's Figure 2: bins and samples of " + drawn.name(), blocks));
    }
    sections.add(inside(pictures, models, device));
    Report report =
        new Report(
            "A mixture and GANs in the plane",
            String.format(
                Locale.ROOT,
                "%,d points, half of them along a spiral, the others in five clusters of ever fewer"
                    + " points; a mixture of %d factor analyzers and small GANs with one or two"
                    + " latent values, trained on them. The paper's Figures 2 and 20.",
                data.rows(),
                options.components()),
            List.of(table),
            sections,
            String.format(Locale.ROOT, "Made by %s, seed %d.", maker, options.seed()));
    report.write(folder);
    return List.of(table);
  }

  /** Evaluates candidates in each reference mode. */
  private static Map<ReferenceMode, NdbReport> judge(
      Samples reference,
      List<Samples> candidates,
      Ndb.Options options,
      ComputeDevice device,
      Progress progress) {
    Map<ReferenceMode, NdbReport> judged = new LinkedHashMap<>();
    for (ReferenceMode mode : ReferenceMode.values()) {
      Ndb.Options testing = options.withBinning(options.binning().withMode(mode));
      judged.put(mode, Ndb.run(reference, candidates, testing, device, progress));
    }
    return judged;
  }

  private static List<Drawn> models(TrainingStage stage, Options options) {
    TrainingOptions mixture =
        TrainingOptions.defaults(options.components(), 1)
            .withNoiseLimits(1e-4, 0)
            .withIterations(200)
            .withTolerance(1e-4);
    List<Drawn> models = new ArrayList<>();
    models.add(stage.draw(stage.mixture(MixtureSetting.of(mixture)), true, options.samples()));
    for (NetworkSetting each : options.networks()) {
      models.add(stage.draw(stage.network(each, null, null, 0, ""), false, options.samples()));
    }
    return models;
  }

  private static Report.Section inside(
      ToyPictures pictures, List<Drawn> models, ComputeDevice device) {
    List<Block.Picture> shown = new ArrayList<>();
    for (Drawn each : models) {
      if (each.name().equals(TrainingStage.MIXTURE)) {
        try (MixtureOfFactorAnalyzers mixture =
            MixtureOfFactorAnalyzers.load(each.model().file(), device)) {
          shown.add(pictures.components(mixture));
        }
      } else {
        try (NetworkModel network = NetworkModel.load(each.model().file(), device)) {
          shown.add(pictures.grid(each.name(), network));
        }
      }
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Block.Text(
            "The mixture covers the data with pieces, each a centre, a direction and noise. A GAN"
                + " bends one sheet, its plane of latent values z1 and z2, into the shape of the"
                + " data: lines that run between clusters are where it must cross what holds no"
                + " data, and lines that lie on one another are where the sheet is folded. The"
                + " critic of began squeezes a point through as many values as there are latent"
                + " ones. Two would be as many as the point has, and it would lose nothing of"
                + " points anywhere; so began has one, and bends a line."));
    for (int i = 0; i < shown.size(); i += 2) {
      blocks.add(new Block.Beside(shown.subList(i, Math.min(i + 2, shown.size()))));
    }
    return new Report.Section("The paper's Figure 20: inside the models", blocks);
  }
}
