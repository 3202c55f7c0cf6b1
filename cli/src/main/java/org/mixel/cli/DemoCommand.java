package org.mixel.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.mixel.OutputLock;
import org.mixel.study.Demo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mixel demo}: the whole story on MNIST. */
@Command(
    name = "demo",
    header = "Fit, sample, judge, in-paint and find outliers on MNIST, in minutes.",
    sortOptions = false)
final class DemoCommand extends Subcommand {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      defaultValue = "mixel-demo",
      description = "Where report.html and the model go (default: ${DEFAULT-VALUE}).")
  private Path folder;

  @Mixin private DeviceChoice device = new DeviceChoice();

  @Override
  Answer run(Session session) {
    new Places()
        .writesInto(folder)
        .writes(folder.resolve("report.html"))
        .writes(folder.resolve("mnist.mfa"))
        .check();
    Demo.Result result;
    try (OutputLock lock = OutputLock.of(folder.resolve("mnist.mfa"))) {
      result = Demo.run(folder, session.seed(), device.device(), "mixel demo", session.progress());
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("report", result.report().toString());
    document.put("model", result.model().toString());
    document.put("seconds", result.seconds());
    document.put("train_log_likelihood", result.trainLogLikelihood());
    document.put("test_log_likelihood", result.testLogLikelihood());
    document.put("ndb", result.ndb().toJson());
    return Answer.of(
        document,
        NdbTables.table(result.ndb())
            + "%n%nlog-likelihood: train %.1f, test %.1f nats per image%nreport: %s (%.0f s)%nlook inside: mixel explore %s --data mnist"
                .formatted(
                    result.trainLogLikelihood(),
                    result.testLogLikelihood(),
                    result.report(),
                    result.seconds(),
                    result.model()));
  }
}
