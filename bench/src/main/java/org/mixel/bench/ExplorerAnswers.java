package org.mixel.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import org.mixel.Progress;
import org.mixel.bench.BenchCase.Timing;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.explorer.Exploration;
import org.mixel.explorer.Explorer;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.SingleRow;

/**
 * How long a page of the explorer waits for an answer: 95% of its questions wait no longer. The
 * floor is the same figure of the library's own answer, without the server.
 */
final class ExplorerAnswers {
  private static final ImageShape DIGIT = new ImageShape(1, 28, 28);
  private static final ImageShape FACE = new ImageShape(3, 64, 64);
  private static final int QUESTIONS = 100;
  private static final int DRAWS = 3;
  private static final int ROWS = 2_000;
  private static final int MANY_ROWS = 100_000;

  private ExplorerAnswers() {}

  static List<BenchCase> cases() {
    return List.of(
        answers("explore-slider", "a component's arrays", 256, 4, DIGIT, ExplorerAnswers::slider),
        answers(
            "explore-slider-faces", "a component's arrays", 200, 10, FACE, ExplorerAnswers::slider),
        answers(
            "explore-brush", "completing one brushed row", 256, 4, DIGIT, ExplorerAnswers::brush),
        answers(
            "explore-brush-faces",
            "completing one brushed row",
            200,
            10,
            FACE,
            ExplorerAnswers::brush),
        new BenchCase(
            "explore-scores",
            "the page's request for the log-likelihoods of %,d rows; no floor".formatted(MANY_ROWS),
            ExplorerAnswers::scores));
  }

  /** Asks the page, and the library itself, one question after the other. */
  private interface Questions {
    Both about(Served served);
  }

  /**
   * @param page asks the page question number i
   * @param library asks the library the same
   */
  private record Both(IntConsumer page, IntConsumer library) {}

  /** A mixture on a page. */
  private record Served(
      RandomMixture file,
      MixtureOfFactorAnalyzers model,
      SingleRow single,
      Samples rows,
      Explorer explorer,
      ExplorerPage page)
      implements AutoCloseable {
    static Served of(int components, int factors, ImageShape shape, int count, long seed) {
      RandomMixture file = RandomMixture.write(components, factors, shape, seed);
      MixtureOfFactorAnalyzers model = MixtureOfFactorAnalyzers.load(file.file());
      Samples rows = file.rows("rows", count);
      Explorer explorer =
          Explorer.open(Exploration.of("random.mfa", model).withData(rows, null), 0);
      ExplorerPage page = ExplorerPage.open(explorer);
      return new Served(file, model, SingleRow.of(model), rows, explorer, page);
    }

    @Override
    public void close() {
      explorer.close();
      single.close();
      model.close();
      file.close();
    }
  }

  private static BenchCase answers(
      String name, String what, int components, int factors, ImageShape shape, Questions asked) {
    return new BenchCase(
        name,
        "95%% of the answers to a page of the explorer: %s, K=%d l=%d, %s; floor: without the server"
            .formatted(what, components, factors, shape),
        (seed, progress) ->
            new Answers(Served.of(components, factors, shape, ROWS, seed), asked, progress));
  }

  private static Both slider(Served served) {
    int components = served.model().components();
    return new Both(
        i -> served.page().get("/api/components/" + 37 * i % components),
        i -> served.model().component(37 * i % components));
  }

  private static Both brush(Served served) {
    ImageShape shape = served.model().shape().orElseThrow();
    return new Both(
        i ->
            served
                .page()
                .post(
                    "/api/complete?page=bench&seed=" + i,
                    body(mask(shape, i), served.rows().row(i % ROWS))),
        i ->
            served
                .single()
                .complete(served.rows().exactRow(i % ROWS), observed(shape, i), DRAWS, i));
  }

  /** A hole of another place and size for each question: 1 where observed. */
  private static byte[] mask(ImageShape shape, int question) {
    SplittableRandom random = new SplittableRandom(question);
    int width = random.nextInt(2, shape.width() + 1);
    int height = random.nextInt(2, shape.height() + 1);
    int left = random.nextInt(shape.width() - width + 1);
    int top = random.nextInt(shape.height() - height + 1);
    byte[] mask = new byte[shape.height() * shape.width()];
    Arrays.fill(mask, (byte) 1);
    for (int y = top; y < top + height; y++) {
      Arrays.fill(mask, y * shape.width() + left, y * shape.width() + left + width, (byte) 0);
    }
    return mask;
  }

  private static boolean[] observed(ImageShape shape, int question) {
    byte[] mask = mask(shape, question);
    boolean[] observed = new boolean[shape.dims()];
    for (int j = 0; j < observed.length; j++) {
      observed[j] = mask[j % mask.length] == 1;
    }
    return observed;
  }

  private static byte[] body(byte[] mask, float[] row) {
    ByteBuffer body =
        ByteBuffer.allocate(mask.length + Float.BYTES * row.length).order(ByteOrder.LITTLE_ENDIAN);
    body.put(mask).asFloatBuffer().put(row);
    return body.array();
  }

  /** Questions to the page and to the library in turns. */
  private static final class Answers implements BenchCase.Trial {
    private final Served served;
    private final Both both;
    private double median;
    private double longest;

    Answers(Served served, Questions asked, Progress progress) {
      this.served = served;
      both = asked.about(served);
      try (Progress.Stage stage = progress.begin("scoring", -1)) {
        served.page().awaitScores();
      }
      time();
    }

    @Override
    public Timing time() {
      double[] page = new double[QUESTIONS];
      double[] library = new double[QUESTIONS];
      for (int i = 0; i < QUESTIONS; i++) {
        int question = i;
        page[i] = Timing.secondsOf(() -> both.page().accept(question));
        library[i] = Timing.secondsOf(() -> both.library().accept(question));
      }
      Arrays.sort(page);
      Arrays.sort(library);
      median = page[QUESTIONS / 2];
      longest = page[QUESTIONS - 1];
      return new Timing(page[last()], library[last()]);
    }

    private static int last() {
      return QUESTIONS * 95 / 100 - 1;
    }

    @Override
    public String note() {
      return "%d questions; median %.1f ms, longest %.1f ms"
          .formatted(QUESTIONS, 1e3 * median, 1e3 * longest);
    }

    @Override
    public void close() {
      served.close();
    }
  }

  private static BenchCase.Trial scores(long seed, Progress progress) {
    Served served = Served.of(20, 1, DIGIT, MANY_ROWS, seed);
    try (Progress.Stage stage = progress.begin("scoring", -1)) {
      served.page().awaitScores();
    }
    return new BenchCase.Trial() {
      @Override
      public Timing time() {
        double seconds = Timing.secondsOf(() -> served.page().get("/api/scores?from=0"));
        return new Timing(seconds, null, null);
      }

      @Override
      public String note() {
        return "%,d bytes".formatted(served.page().get("/api/scores?from=0").length);
      }

      @Override
      public void close() {
        served.close();
      }
    };
  }
}
