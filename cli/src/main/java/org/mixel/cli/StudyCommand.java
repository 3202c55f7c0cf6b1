package org.mixel.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mixel.data.DataOptions;
import org.mixel.report.Block;
import org.mixel.study.Study;
import org.mixel.study.power.PowerStudy;
import org.mixel.study.stage.Effort;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mixel study}: experiments whose figures the documentation shows. */
@Command(
    name = "study",
    header = "Repeat an experiment of the paper or of the documentation.",
    description = {
      "ndb: NDB of equal sets in both reference modes (docs/ndb.md); some fifteen minutes on two"
          + " cores.",
      "power: how often each figure of mixel evaluate finds known faults (docs/evaluate.md); some"
          + " ten minutes on two cores, days with --effort full.",
      "toy: points in the plane, with the bins, a mixture's components and what GANs make of their"
          + " latent space (the paper's Figures 2 and 20); some four minutes on two cores.",
      "mnist, celeba, cifar10, svhn: mixtures and networks of every kind on these images, judged by"
          + " NDB and by sharpness (the paper's Tables 1 to 3 and Figure 3; docs/networks.md).",
      "Models are trained once, and repetitions of power are kept: after an interruption, or with"
          + " those still in DIR, the same command goes on from there. Each model of a study of images is a stage with a folder of"
          + " its own in DIR/stages; a finished one can be copied there from another machine.",
      ""
    },
    sortOptions = false)
final class StudyCommand extends Subcommand {
  @Parameters(
      index = "0",
      paramLabel = "STUDY",
      description = "Which: ndb, power, toy, mnist, celeba, cifar10 or svhn.")
  private String study;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      required = true,
      description = "Where report.html, report.md, pictures and models go.")
  private Path folder;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "Studies of images: study these images in the same way (default: the named set). power:"
              + " plant faults in these rows, several sets with commas between them; gaussians are"
              + " normal distributions whose truth is known.")
  private @Nullable String data;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "The class of every image of --data, for features and for classifier scores: an IDX file or"
              + " a .npy array (default: those of a named set; without any, neither is used, and in power"
              + " clusters stand for classes).")
  private @Nullable Path labels;

  @Option(
      names = "--effort",
      paramLabel = "quick|full",
      description =
          "Studies of images: networks that are trained for minutes, or about as long as they need"
              + " (default: quick). power: mnist and gaussians, 1,000 rows, 10 repetitions, without"
              + " Frechet distance; or cifar10, too, up to 20,000 rows, 50 repetitions, all figures.")
  private String effort = Effort.QUICK.toString();

  @Option(
      names = "--stages",
      paramLabel = "NAME[,NAME...]",
      split = ",",
      description =
          "Studies of images: make these stages only; the report shows all that are in DIR (default:"
              + " all).")
  private Set<String> stages = Set.of();

  @Option(
      names = "--mirror",
      description =
          "Studies of images: models learn from the mirror images of their rows, too, left and right"
              + " exchanged.")
  private boolean mirror;

  @Mixin private PowerChoice power = new PowerChoice();
  @Mixin private DataReading reading = new DataReading();
  @Mixin private DeviceChoice device = new DeviceChoice();

  @Override
  Answer run(Session session) {
    Study chosen = Study.of(study);
    boolean ofData =
        data != null || labels != null || !reading.options().equals(DataOptions.defaults());
    chosen.requireTaken(ofData, !stages.isEmpty() || mirror);
    Study.Images images = new Study.Images(data, labels, reading.options(), mirror);
    Effort wanted = Effort.of(effort);
    PowerStudy.Options extent = power.of(chosen, wanted, images);
    Places places = new Places();
    PowerChoice.names(chosen, data).forEach(places::reads);
    power.addTo(places);
    places
        .reads(labels)
        .writesInto(folder)
        .writes(folder.resolve("report.html"))
        .writes(folder.resolve("report.md"))
        .check();
    Study.Request request =
        new Study.Request(
            folder,
            images,
            wanted,
            extent,
            stages,
            session.seed(),
            Version.inOneLine(),
            device.device(),
            session::note,
            session.progress());
    Map<String, Object> document = new LinkedHashMap<>();
    List<Block.Table> tables = chosen.run(request).orElse(List.of());
    if (tables.isEmpty()) {
      document.put("tables", tables);
      return Answer.of(document, "");
    }
    document.put("report", folder.resolve("report.html").toString());
    document.put("tables", tables);
    return Answer.of(document, "report: " + folder.resolve("report.html"));
  }
}
