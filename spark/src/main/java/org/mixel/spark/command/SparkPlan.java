package org.mixel.spark.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mixel.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The time of a pass on clusters of several sizes, computed from the work, the bytes that move and
 * the rates of {@code mixel spark bench}; nothing is run.
 */
@Command(
    name = "plan",
    description =
        "Compute what an EM pass would take on clusters of several sizes. Nothing is run: rates are"
            + " those of one machine, as bench measures them.",
    mixinStandardHelpOptions = true)
final class SparkPlan implements Callable<Integer> {
  private static final double GIGA = 1e9;

  /** Floats move through an M-step about so often: in, solved, out. */
  private static final int M_STEP_READINGS = 10;

  @Option(names = "--rows", defaultValue = "1e8", description = "(${DEFAULT-VALUE})")
  private double rows;

  @Option(names = "--dims", defaultValue = "12288", description = "(${DEFAULT-VALUE})")
  private double dims;

  @Option(names = "--components", defaultValue = "200", description = "(${DEFAULT-VALUE})")
  private double components;

  @Option(names = "--factors", defaultValue = "10", description = "(${DEFAULT-VALUE})")
  private double factors;

  @Option(
      names = "--executors",
      split = ",",
      defaultValue = "10,100,1000",
      description = "(${DEFAULT-VALUE})")
  private List<Integer> executors = List.of(10, 100, 1000);

  @Option(names = "--cores", defaultValue = "4", description = "Of an executor (${DEFAULT-VALUE}).")
  private int cores;

  @Option(
      names = "--task-cpus",
      defaultValue = "1",
      description = "Cores of a task, spark.task.cpus (${DEFAULT-VALUE}).")
  private int taskCpus;

  @Option(
      names = "--gflops",
      defaultValue = "40",
      description = "Of a core, in matrix products (${DEFAULT-VALUE}).")
  private double gflops;

  @Option(
      names = "--network",
      defaultValue = "1",
      description = "Gigabytes a second of a machine (${DEFAULT-VALUE}).")
  private double network;

  @Option(
      names = "--stage",
      defaultValue = "0.2",
      description = "Seconds that Spark takes for a stage (${DEFAULT-VALUE}).")
  private double stage;

  @Option(
      names = "--task",
      defaultValue = "0.002",
      description = "Seconds that the driver takes for a task (${DEFAULT-VALUE}).")
  private double task;

  @Override
  public Integer call() {
    if (!(rows > 0 && dims > 0 && components > 0 && factors > 0 && gflops > 0 && network > 0)) {
      throw new InputException(
          "rows, dims, components, factors, gflops and network must be positive");
    }
    System.out.println(
        "| executors | a pass, s | products | sums sent | sums added | model sent | driver | Spark | rows of an executor | bottleneck |");
    System.out.println("|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|");
    executors.forEach(count -> System.out.println(line(count)));
    return 0;
  }

  private String line(int count) {
    Map<String, Double> parts = parts(count);
    String slowest =
        parts.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    StringBuilder line = new StringBuilder("| " + count);
    line.append(number(parts.values().stream().mapToDouble(Double::doubleValue).sum()));
    parts.values().forEach(each -> line.append(number(each)));
    line.append(
        String.format(Locale.ROOT, " | %.1f GB | %s |", rows * dims / count / GIGA, slowest));
    return line.toString();
  }

  private static String number(double seconds) {
    return String.format(Locale.ROOT, seconds < 10 ? " | %.1f" : " | %.0f", seconds);
  }

  /** Seconds of each part of a pass, as if they did not overlap. */
  private Map<String, Double> parts(int count) {
    double model = 4 * components * dims * (factors + 2);
    double own = Math.max(1, (double) cores / taskCpus);
    double tasks = count * own;
    double reducers = Math.min(components, tasks);
    double reducing = Math.min(count, reducers);
    Map<String, Double> parts = new LinkedHashMap<>();
    double products = 2 * rows * dims * components * (factors + 2);
    parts.put("products", products / (count * cores * gflops * GIGA));
    parts.put("sums sent", Math.max(own * model, tasks * model / reducing) / (network * GIGA));
    // Additions run at the speed of memory, about that of the network here.
    parts.put("sums added", tasks * model / reducers / GIGA);
    parts.put("model sent", 2 * model / (network * GIGA));
    parts.put("driver", model / (network * GIGA) + M_STEP_READINGS * model / (4 * GIGA));
    parts.put("Spark", 2 * stage + 2 * task * tasks);
    return parts;
  }
}
