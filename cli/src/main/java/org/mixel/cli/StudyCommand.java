package org.mixel.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mixel.report.Block;
import org.mixel.study.Study;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mixel study}: experiments whose figures the documentation shows. */
@Command(
    name = "study",
    header = "Repeat an experiment of the paper or of the documentation.",
    description = {
      "ndb: NDB of equal sets in both reference modes, and of candidates with a known fault"
          + " (docs/ndb.md); some fifteen minutes on two cores.",
      "toy: points in the plane, with the bins, a mixture's components and what GANs make of their"
          + " latent space (the paper's Figures 2 and 20); some four minutes on two cores.",
      "mnist: a mixture and every kind of network on MNIST, judged by NDB in both reference modes and"
          + " by sharpness (the paper's Table 2; docs/networks.md); some forty minutes on two cores.",
      "Models are trained once: after an interruption, or with the models still in DIR, the same"
          + " command goes on from there.",
      ""
    },
    sortOptions = false)
final class StudyCommand extends Subcommand {
  @Parameters(index = "0", paramLabel = "STUDY", description = "Which: ndb, toy or mnist.")
  private String study;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      required = true,
      description = "Where report.html, report.md, pictures and models go.")
  private Path folder;

  @Mixin private DeviceChoice device = new DeviceChoice();

  @Override
  Answer run(Session session) {
    Study chosen = Study.of(study);
    new Places()
        .writesInto(folder)
        .writes(folder.resolve("report.html"))
        .writes(folder.resolve("report.md"))
        .check();
    Study.Request request =
        new Study.Request(
            folder, session.seed(), device.device(), session::note, session.progress());
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
