package org.mixel.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mixel.InputException;
import org.mixel.report.Block;
import org.mixel.study.NdbStudy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mixel study}: experiments whose figures the documentation shows. */
@Command(
    name = "study",
    header = "Repeat an experiment of the documentation.",
    description = {
      "ndb: NDB of equal sets in both reference modes, and of candidates with a known fault"
          + " (docs/ndb.md); some fifteen minutes on two cores.",
      ""
    },
    sortOptions = false)
final class StudyCommand extends Subcommand {
  @Parameters(index = "0", paramLabel = "STUDY", description = "Which: ndb.")
  private String study;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      required = true,
      description = "Where report.html and report.md go.")
  private Path folder;

  @Override
  Answer run(Session session) {
    if (!study.equals("ndb")) {
      throw new InputException("no study is called '" + study + "'; there is ndb");
    }
    List<Block.Table> tables =
        NdbStudy.run(
            folder,
            NdbStudy.Options.defaults().withSeed(session.seed()),
            "mixel study ndb",
            session.progress());
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("report", folder.resolve("report.html").toString());
    document.put("tables", tables);
    return Answer.of(document, "report: " + folder.resolve("report.html"));
  }
}
