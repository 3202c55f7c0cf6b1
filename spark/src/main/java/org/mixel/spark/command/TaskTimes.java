package org.mixel.spark.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.TaskInfo;

/** What the tasks of a training took. */
final class TaskTimes extends SparkListener {
  private long tasks;
  private double running;
  private double serialising;
  private double waiting;
  private double shuffled;
  private final Map<Integer, Long> begun = new HashMap<>();
  private final List<Double> jobs = new ArrayList<>();

  synchronized void reset() {
    jobs.clear();
    tasks = 0;
    running = 0;
    serialising = 0;
    waiting = 0;
    shuffled = 0;
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    TaskMetrics metrics = end.taskMetrics();
    TaskInfo info = end.taskInfo();
    if (metrics == null) {
      return;
    }
    tasks++;
    running += metrics.executorRunTime() / 1e3;
    double own = metrics.resultSerializationTime() + metrics.executorDeserializeTime();
    serialising += own / 1e3;
    waiting += Math.max(0, info.duration() - metrics.executorRunTime() - own) / 1e3;
    shuffled += metrics.shuffleWriteMetrics().bytesWritten() / 1e6;
  }

  @Override
  public synchronized void onJobStart(SparkListenerJobStart start) {
    begun.put(start.jobId(), start.time());
  }

  @Override
  public synchronized void onJobEnd(SparkListenerJobEnd end) {
    Long start = begun.remove(end.jobId());
    if (start != null) {
      jobs.add((end.time() - start) / 1e3);
    }
  }

  /**
   * Seconds of a pass in which only the driver worked: it takes up the sums, makes the M-step and
   * writes the model.
   *
   * @param passes seconds of each; a job of each is the last that was run
   */
  synchronized double ofDriver(List<Double> passes) {
    List<Double> own = jobs.subList(Math.max(0, jobs.size() - passes.size()), jobs.size());
    double all = passes.stream().mapToDouble(Double::doubleValue).sum();
    return (all - own.stream().mapToDouble(Double::doubleValue).sum()) / passes.size();
  }

  /** All tasks of the training, those of its beginning among them, by the number of its passes. */
  synchronized String perPass(int passes) {
    return String.format(
        Locale.ROOT,
        "a pass: %.0f tasks, which ran %.2f s, (de)serialised %.2f s, waited %.2f s, shuffled %.1f MB",
        (double) tasks / passes,
        running / passes,
        serialising / passes,
        waiting / passes,
        shuffled / passes);
  }
}
