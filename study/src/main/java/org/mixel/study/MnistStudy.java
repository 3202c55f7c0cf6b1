package org.mixel.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.Samples;
import org.mixel.data.named.NamedSets;
import org.mixel.io.DataSource;
import org.mixel.mfa.training.Algorithm;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.ndb.Ndb;
import org.mixel.neural.AdversarialMfa;
import org.mixel.neural.Began;
import org.mixel.neural.Dcgan;
import org.mixel.neural.Evaluation;
import org.mixel.neural.LabelClassifier;
import org.mixel.neural.Pix2Pix;
import org.mixel.neural.Vae;
import org.mixel.neural.VaeDfc;
import org.mixel.neural.Wgan;
import org.mixel.neural.WganGp;
import org.mixel.report.Block;
import org.mixel.report.Report;
import org.mixel.study.TrainingStage.Drawn;
import org.mixel.study.TrainingStage.Finished;
import org.mixel.tensor.ComputeDevice;

/**
 * The paper's comparison (its Table 2, and Table 1's columns on other data) on MNIST: a mixture and
 * every kind of network, trained on the training images and evaluated by NDB in both reference
 * modes, by their sharpness and by the seconds that they took.
 */
public final class MnistStudy {
  private MnistStudy() {}

  /**
   * The extent of the study.
   *
   * @param mixture options of the mixture's training
   * @param networks the networks beside it
   * @param samples number of samples of each model
   * @param bins numbers of bins
   * @param evaluations of WGAN-GP during its training, for the curve; 0 for none
   * @param seed fixes all of it
   */
  public record Options(
      TrainingOptions mixture,
      List<NetworkSetting> networks,
      int samples,
      List<Integer> bins,
      int evaluations,
      long seed) {
    /** Keeps its own copies of the lists. */
    public Options {
      networks = List.copyOf(networks);
      bins = List.copyOf(bins);
    }

    /** Those of the tables in {@code docs/networks.md}: some forty minutes on two cores. */
    public static Options defaults() {
      return new Options(
          TrainingOptions.defaults(256, 4).withAlgorithm(new Algorithm.ExactEm()),
          List.of(
              new NetworkSetting(new Pix2Pix(), 2_000, 32, null, 32, null),
              new NetworkSetting(new AdversarialMfa(), 1_000, 64, 5e-4, 32, null),
              new NetworkSetting(new Vae(), 3_000, 64, null, 32, 20),
              new NetworkSetting(new VaeDfc(), 1_000, 64, null, 32, 20),
              new NetworkSetting(new Dcgan(), 3_000, 64, null, 32, null),
              new NetworkSetting(new Began(), 1_500, 16, 3e-4, 16, null),
              new NetworkSetting(new Wgan(), 1_500, 64, 2e-4, 32, null),
              new NetworkSetting(new WganGp(), 800, 64, 5e-4, 32, null)),
          20_000,
          List.of(100, 200, 300),
          8,
          0);
    }

    /** The same with another seed. */
    public Options withSeed(long number) {
      return new Options(mixture, networks, samples, bins, evaluations, number);
    }
  }

  /**
   * Trains the models that are missing, and evaluates all.
   *
   * @param folder receives {@code report.html}, {@code report.md}, {@code models} and pictures
   * @param maker the command that makes the report, for its footer
   * @return the tables of the report
   * @throws org.mixel.InputException if MNIST cannot be had
   * @throws StudyInterrupted if the program is to end before all is done
   */
  public static List<Block.Table> run(
      Path folder,
      Options options,
      String maker,
      ComputeDevice device,
      Interruption interruption,
      Progress progress) {
    Samples train = DataSource.open("mnist", DataOptions.defaults(), progress);
    Samples test = DataSource.open("mnist:test", DataOptions.defaults(), progress);
    int[] labels = NamedSets.labels("mnist", progress);
    return run(train, test, labels, folder, options, maker, device, interruption, progress);
  }

  /** The same on other images. */
  static List<Block.Table> run(
      Samples train,
      Samples test,
      int[] labels,
      Path folder,
      Options options,
      String maker,
      ComputeDevice device,
      Interruption interruption,
      Progress progress) {
    TrainingStage stage =
        new TrainingStage(
            folder.resolve("models"), train, options.seed(), device, interruption, progress);
    List<Drawn> drawn = models(stage, train, labels, options, device);
    List<Samples> candidates = new ArrayList<>();
    candidates.add(train.named("train images"));
    candidates.add(test.named("test images"));
    drawn.forEach(each -> candidates.add(each.rows()));
    Ndb.Options testing =
        Ndb.Options.defaults()
            .withBins(options.bins())
            .withSeeds(options.seed(), 1)
            .withCandidateRows(options.samples());
    Comparison comparison =
        new Comparison(
            train,
            candidates,
            Comparison.judge(train, candidates, testing, device, progress),
            options.seed(),
            device);
    List<Report.Section> sections = new ArrayList<>();
    sections.add(comparison.pictures(folder));
    drawn.stream()
        .filter(each -> each.name().equals(new WganGp().kind()))
        .filter(each -> options.evaluations() > 0)
        .forEach(each -> sections.add(TrainingCurve.of(each.model().file())));
    sections.add(
        MixturesOfNetworks.section(
            folder.resolve("models"), train, test, options.seed(), device, progress));
    sections.addAll(comparison.bins(Set.of(new Dcgan().kind(), new Began().kind())));
    Map<String, Double> seconds = new LinkedHashMap<>();
    drawn.forEach(each -> seconds.put(each.name(), each.model().seconds()));
    Block.Table table = comparison.table(seconds);
    Report report =
        new Report(
            "GANs and a mixture on MNIST",
            "Every model has seen the 60,000 training images. NDB/K is the share of bins in which"
                + " its samples hold another share than the data: 0.05 is what equal sets give.",
            List.of(table),
            sections,
            String.format(Locale.ROOT, "Made by %s, seed %d.", maker, options.seed()));
    report.write(folder);
    return List.of(table);
  }

  /** Samples of a mixture have no noise, as in the paper; but the adversary's critic saw it. */
  private static List<Drawn> models(
      TrainingStage stage, Samples train, int[] labels, Options options, ComputeDevice device) {
    Finished mixture = stage.mixture(options.mixture());
    List<Drawn> drawn = new ArrayList<>();
    drawn.add(stage.draw(mixture, false, options.samples()));
    VaeDfc.Features features = new VaeDfc.Features.Labels(labels);
    for (NetworkSetting each : options.networks()) {
      boolean curve = each.recipe() instanceof WganGp && options.evaluations() > 0;
      try (Evaluation evaluation = curve ? evaluation(train, labels, options, device) : null) {
        Finished model =
            stage.network(
                each,
                features,
                each.recipe().needsMixture() ? mixture.file() : null,
                evaluation,
                options.evaluations());
        boolean noise = each.recipe() instanceof AdversarialMfa;
        drawn.add(stage.draw(model, noise, options.samples()));
      }
    }
    return drawn;
  }

  private static Evaluation evaluation(
      Samples train, int[] labels, Options options, ComputeDevice device) {
    Evaluation.Options wanted =
        Evaluation.Options.defaults()
            .withBins(options.bins().subList(0, 1))
            .withRows(options.samples() / 2);
    return new Evaluation(
        train, wanted, device, LabelClassifier.scorer(train, labels, options.seed(), device));
  }
}
