package org.mixel.explorer;

import static org.mixel.explorer.Refusal.BAD_REQUEST;
import static org.mixel.explorer.Refusal.METHOD_NOT_ALLOWED;
import static org.mixel.explorer.Refusal.UNAVAILABLE;
import static org.mixel.explorer.Refusal.require;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.format.FittedImage;
import org.mixel.mfa.Component;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.SingleRow;

/** The addresses, and who answers there. */
final class Routes {
  static final int MOST_UPLOAD = 4 << 20;

  private static final int MOST_SIDE = 4096;
  private static final int DRAWS = 3;

  private final Exploration exploration;
  private final MixtureOfFactorAnalyzers model;
  private final Overview overview;
  private final Scores scores;
  private final CandidateBins bins;
  private final Compute compute;
  private final Completions completions;
  private final SingleRow singleRow;
  private final @Nullable RowDetails details;
  private final int[] classes;
  private final Page page = new Page();

  /** One picture is decoded at a time. */
  private final Semaphore decoder = new Semaphore(1);

  Routes(
      Exploration exploration,
      Overview overview,
      Scores scores,
      CandidateBins bins,
      SingleRow singleRow,
      Compute compute) {
    this.exploration = exploration;
    this.overview = overview;
    this.scores = scores;
    this.bins = bins;
    this.singleRow = singleRow;
    this.compute = compute;
    model = exploration.model();
    completions = new Completions(compute);
    classes = exploration.classOfRows();
    Samples data = exploration.data();
    details =
        data == null
            ? null
            : new RowDetails(exploration, data, overview.means(), singleRow, compute);
  }

  /** Answers a request that has passed the gate. */
  Reply answer(Request request) {
    try {
      String[] parts = request.path().substring(1).split("/", -1);
      return switch (parts[0]) {
        case "" -> get(request, parts, 1, page::index);
        case "assets" -> get(request, parts, 2, () -> page.file(parts[1]));
        case "api" -> api(request, parts);
        default -> throw Refusal.notFound();
      };
    } catch (InputException e) {
      throw new Refusal(BAD_REQUEST, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Reply api(Request request, String[] parts) throws IOException {
    return switch (parts.length < 2 ? "" : parts[1]) {
      case "model" -> get(request, parts, 2, () -> Reply.json(overview.document()));
      case "means.png" -> get(request, parts, 2, overview::atlas);
      case "means" -> get(request, parts, 2, overview::meansOfVectors);
      case "components" -> get(request, parts, 3, () -> component(parts[2]));
      case "progress" -> get(request, parts, 2, () -> Reply.json(progress()));
      case "scores" -> get(request, parts, 2, () -> scores(request));
      case "labels" -> get(request, parts, 2, this::labels);
      case "rows" -> rows(request, parts);
      case "candidates" -> {
        requireEnd(parts.length == 4 && parts[3].equals("rows"));
        yield get(request, parts, 4, () -> rows(request, candidate(parts[2])));
      }
      case "complete" -> post(request, parts, this::complete);
      case "image" -> post(request, parts, this::image);
      case "bins" -> bins(request, parts);
      case "evaluation" -> get(request, parts, 2, this::evaluation);
      default -> throw Refusal.notFound();
    };
  }

  /** Answers at one address. */
  private interface Answer {
    Reply reply() throws IOException;
  }

  /** Answers what was sent. */
  private interface PostAnswer {
    Reply reply(Request request) throws IOException;
  }

  private static Reply get(Request request, String[] parts, int length, Answer answer)
      throws IOException {
    requireEnd(parts.length == length);
    require(request.method().equals("GET"), METHOD_NOT_ALLOWED, "the method here is GET");
    return answer.reply();
  }

  private static Reply post(Request request, String[] parts, PostAnswer answer) throws IOException {
    requireEnd(parts.length == 2);
    require(request.method().equals("POST"), METHOD_NOT_ALLOWED, "the method here is POST");
    return answer.reply(request);
  }

  private static void requireEnd(boolean ends) {
    if (!ends) {
      throw Refusal.notFound();
    }
  }

  private Reply component(String text) {
    int k = Request.below(text, model.components(), "component");
    Component component = compute.ask(() -> model.component(k));
    float[] deviation = component.noiseVariance();
    for (int j = 0; j < deviation.length; j++) {
      deviation[j] = (float) Math.sqrt(deviation[j]);
    }
    float[][] arrays = new float[2 + model.factors()][];
    arrays[0] = component.mean();
    arrays[1] = deviation;
    System.arraycopy(component.factors(), 0, arrays, 2, model.factors());
    return Reply.floats(arrays);
  }

  private ObjectNode progress() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.set("scoring", scores.progress());
    node.set("bins", bins.progress());
    return node;
  }

  private Reply scores(Request request) {
    int from =
        Request.below(request.query().getOrDefault("from", "0"), data().rows() + 1, "first row");
    return Reply.numbers(scores.from(from));
  }

  private Reply labels() {
    requireEnd(classes.length > 0);
    return Reply.ints(classes);
  }

  private Samples data() {
    Samples data = exploration.data();
    if (data == null) {
      throw new Refusal(Refusal.NOT_FOUND, "no data were given; start mixel explore with --data");
    }
    return data;
  }

  private Samples candidate(String text) {
    return exploration.candidates().get(candidateNumber(text));
  }

  private int candidateNumber(String text) {
    return Request.below(text, exploration.candidates().size(), "candidate");
  }

  private Reply rows(Request request, String[] parts) throws IOException {
    Samples data = data();
    if (parts.length == 2) {
      return get(request, parts, 2, () -> rows(request, data));
    }
    int row = Request.below(parts[2], data.rows(), "row");
    RowDetails known = Optional.ofNullable(details).orElseThrow(Refusal::notFound);
    if (parts.length == 3) {
      return get(request, parts, 3, () -> Reply.json(known.of(row, classes)));
    }
    requireEnd(parts[3].equals("reconstruction"));
    return get(request, parts, 4, () -> known.reconstruction(row));
  }

  private Reply rows(Request request, Samples samples) {
    int[] ids = request.ids("ids", exploration.mostRows(), samples.rows());
    return Reply.floats(IntStream.of(ids).mapToObj(samples::row).toArray(float[][]::new));
  }

  private Reply complete(Request request) throws IOException {
    int dims = model.dims();
    int pixels = model.shape().map(shape -> shape.height() * shape.width()).orElse(dims);
    String pageId = request.text("page");
    long seed = request.seed("seed");
    int length = pixels + Float.BYTES * dims;
    byte[] body = request.body().read(length);
    require(
        body.length == length,
        BAD_REQUEST,
        "a mask of %d bytes and %d numbers of float32 are needed".formatted(pixels, dims));
    boolean[] observed = new boolean[dims];
    for (int j = 0; j < dims; j++) {
      byte mark = body[j % pixels];
      require(mark == 0 || mark == 1, BAD_REQUEST, "a mask is made of bytes 0 and 1");
      observed[j] = mark == 1;
    }
    FloatBuffer sent =
        ByteBuffer.wrap(body, pixels, Float.BYTES * dims)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    double[] row = new double[dims];
    Arrays.setAll(row, sent::get);
    return completions
        .ask(pageId, () -> singleRow.complete(row, observed, DRAWS, seed))
        .map(Routes::reply)
        .orElseGet(Reply::nothing);
  }

  private static Reply reply(SingleRow.Completion completed) {
    List<double[]> draws = completed.draws();
    return Reply.floats(
            completed.mean(),
            completed.mostProbable(),
            completed.deviation(),
            draws.get(0),
            draws.get(1),
            draws.get(2))
        .with("X-Component", String.valueOf(completed.component()));
  }

  private Reply image(Request request) throws IOException {
    ImageShape shape =
        model
            .shape()
            .orElseThrow(() -> new Refusal(Refusal.CONFLICT, "the model is not of images"));
    byte[] file = request.body().read(MOST_UPLOAD);
    require(decoder.tryAcquire(), UNAVAILABLE, "another picture is being read; try again");
    try {
      FittedImage fitted = FittedImage.read(file, "the picture", MOST_SIDE, shape);
      return Reply.floats(fitted.pixels()).with("X-Note", fitted.note());
    } finally {
      decoder.release();
    }
  }

  private Reply bins(Request request, String[] parts) throws IOException {
    requireEnd(parts.length == 3 || parts.length == 4);
    int candidate = candidateNumber(parts[2]);
    return get(
        request,
        parts,
        parts.length,
        () ->
            parts.length == 3
                ? bins.document(candidate)
                : bins.members(candidate, parts[3], data()));
  }

  private Reply evaluation() {
    if (exploration.evaluation() == null) {
      throw Refusal.notFound();
    }
    return Reply.json(exploration.evaluation());
  }
}
