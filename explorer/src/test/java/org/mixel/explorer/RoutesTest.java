package org.mixel.explorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.format.FittedImage;
import org.mixel.mfa.Component;
import org.mixel.mfa.Inpainting;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.ndb.Ndb;
import org.mixel.ndb.NdbReport;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.VoronoiBins;

/** Each address answers with the library's own numbers: of grey and coloured images, of vectors. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RoutesTest {
  private static final int COMPONENTS = 7;
  private static final int FACTORS = 2;
  private static final int ROWS = 60;

  /** Kinds of rows. */
  private enum Kind {
    GREY,
    COLOUR,
    VECTORS;

    MixtureOfFactorAnalyzers model() {
      return switch (this) {
        case GREY -> SmallModels.model(COMPONENTS, FACTORS, SmallModels.GREY, 1);
        case COLOUR -> SmallModels.model(COMPONENTS, FACTORS, SmallModels.COLOUR, 1);
        case VECTORS -> SmallModels.model(COMPONENTS, FACTORS, 9, null, 1);
      };
    }

    Samples rows(String name, int rows, long seed) {
      return switch (this) {
        case GREY -> SmallModels.bytes(name, rows, SmallModels.GREY, seed);
        case COLOUR -> SmallModels.bytes(name, rows, SmallModels.COLOUR, seed);
        case VECTORS -> SmallModels.vectors(name, rows, 9, seed);
      };
    }
  }

  private static int[] labels() {
    return IntStream.range(0, ROWS).map(i -> 10 * (i % 3)).toArray();
  }

  @ParameterizedTest
  @EnumSource
  void theModelAtAGlance(Kind kind) {
    try (MixtureOfFactorAnalyzers model = kind.model();
        Explorer explorer =
            Explorer.open(
                Exploration.of("m.mfa", model)
                    .withData(kind.rows("it", ROWS, 2), labels())
                    .withCandidates(List.of(kind.rows("other", 50, 3))),
                0)) {
      JsonNode node = Client.of(explorer).json("/api/model");
      assertThat(node.get("file").asText()).isEqualTo("m.mfa");
      assertThat(node.get("components").asInt()).isEqualTo(COMPONENTS);
      assertThat(node.get("factors").asInt()).isEqualTo(FACTORS);
      assertThat(node.get("dims").asInt()).isEqualTo(model.dims());
      assertThat(doubles(node.get("weights"))).isEqualTo(model.weights());
      JsonNode map = node.get("map");
      Set<Integer> cells = new HashSet<>();
      map.get("cells").forEach(cell -> cells.add(cell.asInt()));
      assertThat(cells)
          .hasSize(COMPONENTS)
          .allMatch(
              cell -> cell >= 0 && cell < map.get("columns").asInt() * map.get("rows").asInt());
      assertThat(node.get("data").get("name").asText()).isEqualTo("it");
      assertThat(node.get("data").get("rows").asInt()).isEqualTo(ROWS);
      assertThat(texts(node.get("classes"))).containsExactly("0", "10", "20");
      assertThat(node.get("candidates").get(0).get("name").asText()).isEqualTo("other");
      assertThat(node.get("candidates").get(0).get("rows").asInt()).isEqualTo(50);
      assertThat(node.get("evaluation").asBoolean()).isFalse();
      assertThat(node.get("limits").get("ids").asInt()).isEqualTo(256);
      assertThat(node.get("limits").get("upload").asInt()).isEqualTo(4 << 20);
      double[] range = doubles(node.get("data").get("range"));
      if (kind == Kind.VECTORS) {
        assertThat(node.get("shape").isNull()).isTrue();
        assertThat(node.get("atlas").isNull()).isTrue();
        assertThat(range[0]).isBetween(0.0, 0.1);
        assertThat(range[1]).isBetween(0.9, 1.0);
      } else {
        ImageShape shape = model.shape().orElseThrow();
        assertThat(node.get("shape").get("channels").asInt()).isEqualTo(shape.channels());
        assertThat(node.get("shape").get("height").asInt()).isEqualTo(shape.height());
        assertThat(node.get("shape").get("width").asInt()).isEqualTo(shape.width());
        assertThat(node.get("atlas").get("columns").asInt()).isEqualTo(3);
        assertThat(range).containsExactly(0, 1);
      }
    }
  }

  @Test
  void aModelAloneHasNoData() {
    try (MixtureOfFactorAnalyzers model = Kind.GREY.model();
        Explorer explorer = Explorer.open(Exploration.of("m.mfa", model), 0)) {
      Client client = Client.of(explorer);
      JsonNode node = client.json("/api/model");
      assertThat(node.get("data").isNull()).isTrue();
      assertThat(node.get("classes").isNull()).isTrue();
      JsonNode progress = client.json("/api/progress");
      assertThat(progress.get("scoring").get("state").asText()).isEqualTo("none");
      assertThat(progress.get("bins")).isEmpty();
      for (String path :
          List.of("scores", "rows?ids=0", "rows/0", "labels", "bins/0", "evaluation", "means")) {
        Client.error(client.get("/api/" + path), 404);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void componentsAreTheModels(Kind kind) throws Exception {
    try (MixtureOfFactorAnalyzers model = kind.model();
        Explorer explorer = Explorer.open(Exploration.of("m.mfa", model), 0)) {
      Client client = Client.of(explorer);
      int dims = model.dims();
      for (int k = 0; k < COMPONENTS; k++) {
        float[] values = client.floats("/api/components/" + k);
        Component component = model.component(k);
        assertThat(values).hasSize((2 + FACTORS) * dims);
        assertThat(part(values, dims, 0)).isEqualTo(component.mean());
        for (int j = 0; j < dims; j++) {
          assertThat(values[dims + j]).isEqualTo((float) Math.sqrt(component.noiseVariance()[j]));
        }
        for (int f = 0; f < FACTORS; f++) {
          assertThat(part(values, dims, 2 + f)).isEqualTo(component.factors()[f]);
        }
      }
      assertThat(Client.error(client.get("/api/components/" + COMPONENTS), 404))
          .isEqualTo("there is no component 7; they are counted from 0 to 6");
      if (kind == Kind.VECTORS) {
        float[] means = client.floats("/api/means");
        assertThat(part(means, dims, 3)).isEqualTo(model.component(3).mean());
        Client.error(client.get("/api/means.png"), 404);
      } else {
        assertAtlas(client.ok("/api/means.png"), model);
        Client.error(client.get("/api/means"), 404);
      }
    }
  }

  private static void assertAtlas(byte[] png, MixtureOfFactorAnalyzers model) throws Exception {
    ImageShape shape = model.shape().orElseThrow();
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(image.getWidth()).isEqualTo(3 * shape.width());
    assertThat(image.getHeight()).isEqualTo(3 * shape.height());
    for (int k = 0; k < COMPONENTS; k++) {
      float[] mean = model.component(k).mean();
      for (int j = 0; j < shape.dims(); j++) {
        int plane = j % (shape.height() * shape.width());
        int pixel =
            image
                .getRaster()
                .getSample(
                    k % 3 * shape.width() + plane % shape.width(),
                    k / 3 * shape.height() + plane / shape.width(),
                    j / (shape.height() * shape.width()));
        assertThat(pixel).isEqualTo(Math.round(255 * mean[j]));
      }
    }
  }

  @Test
  void largeMeansAreAveragedDown() throws Exception {
    ImageShape shape = new ImageShape(1, 128, 64);
    try (MixtureOfFactorAnalyzers model = SmallModels.model(2, 1, shape, 4);
        Explorer explorer = Explorer.open(Exploration.of("m.mfa", model), 0)) {
      Client client = Client.of(explorer);
      JsonNode atlas = client.json("/api/model").get("atlas");
      assertThat(atlas.get("width").asInt()).isEqualTo(32);
      assertThat(atlas.get("height").asInt()).isEqualTo(64);
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(client.ok("/api/means.png")));
      float[] mean = model.component(1).mean();
      double four = mean[6 * 64 + 10] + mean[6 * 64 + 11] + mean[7 * 64 + 10] + mean[7 * 64 + 11];
      assertThat(image.getRaster().getSample(32 + 5, 3, 0))
          .isEqualTo((int) Math.round(255 * four / 4));
    }
  }

  @ParameterizedTest
  @EnumSource
  void rowsScoresAndLabelsAreThoseOfTheData(Kind kind) throws Exception {
    Samples data = kind.rows("it", ROWS, 2);
    Samples other = kind.rows("other", 50, 3);
    try (MixtureOfFactorAnalyzers model = kind.model();
        Explorer explorer =
            Explorer.open(
                Exploration.of("m.mfa", model)
                    .withData(data, labels())
                    .withCandidates(List.of(other)),
                0)) {
      Client client = Client.of(explorer);
      float[] some = client.floats("/api/rows?ids=3,0,3");
      assertThat(part(some, data.dims(), 0)).isEqualTo(data.row(3));
      assertThat(part(some, data.dims(), 1)).isEqualTo(data.row(0));
      assertThat(part(some, data.dims(), 2)).isEqualTo(data.row(3));
      assertThat(client.floats("/api/candidates/0/rows?ids=49")).isEqualTo(other.row(49));
      assertThat(Client.ints(client.ok("/api/labels")))
          .isEqualTo(IntStream.range(0, ROWS).map(i -> i % 3).toArray());

      JsonNode scoring = await(client, "scoring");
      assertThat(scoring.get("state").asText()).isEqualTo("done");
      assertThat(scoring.get("done").asInt()).isEqualTo(ROWS);
      assertThat(scoring.get("rows").asInt()).isEqualTo(ROWS);
      byte[] all = client.ok("/api/scores?from=0");
      assertThat(Client.ints(all)[0]).isEqualTo(ROWS);
      double[] expected = model.logLikelihood(data);
      float[] scores = Arrays.copyOfRange(Client.floats(all), 1, 1 + ROWS);
      for (int i = 0; i < ROWS; i++) {
        assertThat(scores[i])
            .isCloseTo((float) expected[i], within(1e-5f * (float) Math.abs(expected[i])));
      }
      assertThat(Arrays.copyOfRange(Client.ints(all), 1 + ROWS, 1 + 2 * ROWS))
          .isEqualTo(model.mostProbable(data));
      byte[] rest = client.ok("/api/scores?from=58");
      assertThat(Client.ints(rest)).hasSize(5).startsWith(2);
      assertThat(Client.floats(rest)[1]).isEqualTo(scores[58]);
      assertThat(Client.ints(client.ok("/api/scores?from=60"))).containsExactly(0);
      Client.error(client.get("/api/scores?from=61"), 404);
    }
  }

  private static JsonNode await(Client client, String what) throws InterruptedException {
    for (int i = 0; i < 2000; i++) {
      JsonNode all = client.json("/api/progress").get(what);
      JsonNode node = all.isArray() ? all.get(0) : all;
      if (!node.get("state").asText().equals("running")) {
        return node;
      }
      Thread.sleep(20);
    }
    throw new AssertionError(what + " does not end");
  }

  @ParameterizedTest
  @EnumSource
  void aRowIsToldInFull(Kind kind) {
    Samples data = kind.rows("it", ROWS, 2);
    try (MixtureOfFactorAnalyzers model = kind.model();
        Explorer explorer =
            Explorer.open(Exploration.of("m.mfa", model).withData(data, labels()), 0)) {
      Client client = Client.of(explorer);
      JsonNode node = client.json("/api/rows/17");
      double likelihood = model.logLikelihood(data)[17];
      assertThat(node.get("row").asInt()).isEqualTo(17);
      assertThat(node.get("label").asInt()).isEqualTo(2);
      assertThat(node.get("log_likelihood").asDouble()).isCloseTo(likelihood, within(0.01));
      JsonNode responsibilities = node.get("responsibilities");
      assertThat(responsibilities).hasSize(COMPONENTS);
      double sum = 0;
      double last = 1;
      for (JsonNode each : responsibilities) {
        assertThat(each.get("share").asDouble()).isLessThanOrEqualTo(last);
        last = each.get("share").asDouble();
        sum += last;
      }
      assertThat(sum).isCloseTo(1, within(1e-9));
      int best = responsibilities.get(0).get("component").asInt();
      assertThat(best).isEqualTo(model.mostProbable(data)[17]);

      assertNearest(
          node.get("nearest_components"), "component", data.row(17), model.meanRows(), -1);
      assertNearest(node.get("nearest_rows"), "row", data.row(17), data, 17);

      HttpResponse<byte[]> response = client.get("/api/rows/17/reconstruction");
      float[] values = Client.floats(Client.ok(response));
      int dims = data.dims();
      float[] reconstruction = model.reconstruct(data).row(17);
      assertThat(part(values, dims, 0)).isEqualTo(data.row(17));
      assertThat(part(values, dims, 1)).containsExactly(reconstruction, within(1e-4f));
      assertThat(response.headers().firstValue("X-Component")).contains(String.valueOf(best));
      float[] noise = model.component(best).noiseVariance();
      for (int j = 0; j < dims; j++) {
        double residual = (data.row(17)[j] - reconstruction[j]) / Math.sqrt(noise[j]);
        assertThat(values[2 * dims + j]).isCloseTo((float) residual, within(2e-3f));
      }
      Client.error(client.get("/api/rows/60"), 404);
      Client.error(client.get("/api/rows/60/reconstruction"), 404);
    }
  }

  private static void assertNearest(
      JsonNode nodes, String name, float[] point, Samples rows, int without) {
    List<double[]> expected = new ArrayList<>();
    for (int i = 0; i < rows.rows(); i++) {
      double square = 0;
      for (int j = 0; j < point.length; j++) {
        square += Math.pow((double) point[j] - rows.row(i)[j], 2);
      }
      if (i != without) {
        expected.add(new double[] {i, Math.sqrt(square)});
      }
    }
    expected.sort((a, b) -> Double.compare(a[1], b[1]));
    assertThat(nodes).hasSize(Math.min(8, expected.size()));
    for (int i = 0; i < nodes.size(); i++) {
      assertThat(nodes.get(i).get(name).asInt()).isEqualTo((int) expected.get(i)[0]);
      assertThat(nodes.get(i).get("distance").asDouble())
          .isCloseTo(expected.get(i)[1], within(1e-5));
    }
  }

  @ParameterizedTest
  @EnumSource
  void holesAreCompletedAsInpaintDoes(Kind kind) {
    Samples data = kind.rows("it", ROWS, 2);
    try (MixtureOfFactorAnalyzers model = kind.model();
        Explorer explorer = Explorer.open(Exploration.of("m.mfa", model), 0)) {
      Client client = Client.of(explorer);
      int dims = model.dims();
      int pixels = model.shape().map(s -> s.height() * s.width()).orElse(dims);
      byte[] mask = new byte[pixels];
      Arrays.fill(mask, 0, pixels / 2, (byte) 1);
      boolean[] observed = new boolean[dims];
      for (int j = 0; j < dims; j++) {
        observed[j] = mask[j % pixels] == 1;
      }
      HttpResponse<byte[]> response =
          client.post("/api/complete?page=a&seed=5", Client.completion(mask, data.row(9)));
      float[] values = Client.floats(Client.ok(response));
      assertThat(values).hasSize(6 * dims);
      Samples row = data.select(new int[] {9});
      assertPart(values, 0, inpaint(model, row, observed, Inpainting.Mode.MEAN, 1).row(0));
      assertPart(values, 1, inpaint(model, row, observed, Inpainting.Mode.PAPER, 1).row(0));
      Samples draws = inpaint(model, row, observed, Inpainting.Mode.SAMPLE, 3);
      for (int i = 0; i < 3; i++) {
        assertPart(values, 3 + i, draws.row(i));
      }
      float[] deviation = part(values, dims, 2);
      for (int j = 0; j < dims; j++) {
        if (observed[j]) {
          assertThat(deviation[j]).isZero();
        } else {
          assertThat(deviation[j]).isGreaterThan(0.05f);
        }
      }
      int component = Integer.parseInt(response.headers().firstValue("X-Component").orElseThrow());
      assertThat(component).isBetween(0, COMPONENTS - 1);
    }
  }

  private static Samples inpaint(
      MixtureOfFactorAnalyzers model,
      Samples row,
      boolean[] observed,
      Inpainting.Mode mode,
      int draws) {
    return Inpainting.complete(
        model, row, observed, new Inpainting.Options(mode, draws, 5), Progress.SILENT);
  }

  private static void assertPart(float[] values, int index, float[] expected) {
    assertThat(part(values, expected.length, index)).containsExactly(expected, within(1e-4f));
  }

  @Test
  void completionsAreRefusedUnlessTheyAreOfTheModel() {
    try (MixtureOfFactorAnalyzers model = Kind.GREY.model();
        Explorer explorer = Explorer.open(Exploration.of("m.mfa", model), 0)) {
      Client client = Client.of(explorer);
      byte[] body = Client.completion(new byte[30], new float[30]);
      String path = "/api/complete?page=a";
      Client.ok(client.post(path, body));
      assertThat(Client.error(client.post(path, Arrays.copyOf(body, 149)), 400))
          .isEqualTo("a mask of 30 bytes and 30 numbers of float32 are needed");
      Client.error(client.post(path, Arrays.copyOf(body, 151)), 413);
      byte[] odd = body.clone();
      odd[7] = 2;
      assertThat(Client.error(client.post(path, odd), 400))
          .isEqualTo("a mask is made of bytes 0 and 1");
      float[] row = new float[30];
      row[3] = Float.NEGATIVE_INFINITY;
      byte[] all = new byte[30];
      Arrays.fill(all, (byte) 1);
      assertThat(Client.error(client.post(path, Client.completion(all, row)), 400))
          .isEqualTo("value 3 of the row is infinite or too large");
      Client.error(client.post("/api/complete", body), 400);
      Client.error(client.post("/api/complete?page=a%2Fb", body), 400);
      Client.error(client.post("/api/complete?page=a&seed=x", body), 400);
      Client.error(client.post("/api/complete?page=a&seed=99999999999999999999", body), 400);
      Client.error(client.get(path), 405);
    }
  }

  @Test
  void aPictureIsBroughtToTheModelsShape() throws Exception {
    BufferedImage image = new BufferedImage(9, 6, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 54; i++) {
      image.setRGB(i % 9, i / 9, 0x123457 * (i + 1));
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageIO.write(image, "png", file);
    for (Kind kind : List.of(Kind.GREY, Kind.COLOUR)) {
      try (MixtureOfFactorAnalyzers model = kind.model();
          Explorer explorer = Explorer.open(Exploration.of("m.mfa", model), 0)) {
        HttpResponse<byte[]> response = Client.of(explorer).post("/api/image", file.toByteArray());
        FittedImage fitted =
            FittedImage.read(file.toByteArray(), "it", 100, model.shape().orElseThrow());
        assertThat(Client.floats(Client.ok(response))).isEqualTo(fitted.pixels());
        assertThat(response.headers().firstValue("X-Note")).contains(fitted.note());
        assertThat(fitted.note()).startsWith("9x6, ");
      }
    }
    try (MixtureOfFactorAnalyzers model = Kind.VECTORS.model();
        Explorer explorer = Explorer.open(Exploration.of("m.mfa", model), 0)) {
      Client.error(Client.of(explorer).post("/api/image", file.toByteArray()), 409);
    }
  }

  @ParameterizedTest
  @EnumSource
  void binsAreThoseOfNdb(Kind kind) throws Exception {
    Samples data = kind.rows("it", 300, 2);
    Samples candidate = kind.rows("other", 200, 3);
    Samples broken = kind.rows("third", 250, 4);
    try (MixtureOfFactorAnalyzers model = kind.model();
        Explorer explorer =
            Explorer.open(
                Exploration.of("m.mfa", model)
                    .withData(data, null)
                    .withCandidates(List.of(candidate, broken))
                    .withSeed(6),
                0)) {
      Client client = Client.of(explorer);
      assertThat(await(client, "bins").get("state").asText()).isEqualTo("done");
      JsonNode node = client.json("/api/bins/0");
      VoronoiBins.Options options = VoronoiBins.Options.defaults().withBins(20).withSeed(6);
      VoronoiBins bins = VoronoiBins.fit(data, options);
      NdbReport report =
          Ndb.run(data, List.of(candidate), Ndb.Options.defaults().withBins(20).withSeeds(6, 1));
      NdbResult result = report.results().get(0);
      assertThat(node.get("candidate").asText()).isEqualTo("other");
      assertThat(node.get("bins").asInt()).isEqualTo(20);
      assertThat(node.get("seed").asInt()).isEqualTo(6);
      assertThat(node.get("reference_rows").asInt()).isEqualTo(result.referenceRows());
      assertThat(node.get("candidate_rows").asInt()).isEqualTo(200);
      assertThat(node.get("ndb_over_k").asDouble()).isEqualTo(result.ndbOverK());
      assertThat(node.get("js").asDouble()).isEqualTo(result.js());
      assertThat(node.get("js_excess").asDouble()).isEqualTo(result.excess().value());
      assertThat(node.get("joint_p").asDouble()).isEqualTo(report.joint().get(0).p());
      assertThat(ints(node.get("reference"))).isEqualTo(bins.counts());
      int[] assigned = bins.assign(candidate);
      assertThat(ints(node.get("candidate_counts"))).isEqualTo(VoronoiBins.count(assigned, 20));
      assertThat(doubles(node.get("z")))
          .isEqualTo(result.tests().stream().mapToDouble(test -> test.z()).toArray());
      assertThat(doubles(node.get("p"))).isEqualTo(result.pValues());
      for (int b = 0; b < 20; b++) {
        assertThat(node.get("holm").get(b).asDouble() < 0.05)
            .isEqualTo(result.differentByHolm().contains(b));
        assertThat(node.get("bh").get(b).asDouble() < 0.05)
            .isEqualTo(result.differentByBenjaminiHochberg().contains(b));
      }
      int[] home = bins.assign(data);
      int[] components = model.mostProbable(data);
      JsonNode first = node.get("components").get(3).get(0);
      long inBin = Arrays.stream(home).filter(b -> b == 3).count();
      long own =
          IntStream.range(0, 300)
              .filter(i -> home[i] == 3 && components[i] == first.get(0).asInt())
              .count();
      assertThat(first.get(1).asDouble()).isEqualTo((double) own / inBin);
      assertThat(node.get("components")).hasSize(20).allMatch(each -> each.size() <= 3);

      JsonNode members = client.json("/api/bins/0/3");
      assertMembers(ints(members.get("reference")), data, home, bins.center(3), 3);
      assertMembers(ints(members.get("candidate")), candidate, assigned, bins.center(3), 3);
      assertThat(client.json("/api/bins/1").get("candidate").asText()).isEqualTo("third");
      Client.error(client.get("/api/bins/2"), 404);
      Client.error(client.get("/api/bins/0/20"), 404);
      Client.error(client.get("/api/bins/0/3/1"), 404);
    }
  }

  private static void assertMembers(
      int[] actual, Samples rows, int[] bins, float[] centre, int bin) {
    int[] inside = IntStream.range(0, bins.length).filter(i -> bins[i] == bin).toArray();
    assertThat(actual).hasSize(Math.min(32, inside.length));
    assertThat(inside).contains(actual);
    double last = 0;
    for (int i : actual) {
      double square = 0;
      for (int j = 0; j < centre.length; j++) {
        square += Math.pow(rows.row(i)[j] - centre[j], 2);
      }
      assertThat(square).isGreaterThanOrEqualTo(last - 1e-9);
      last = square;
    }
  }

  @Test
  void anEvaluationIsShownAsItWasGiven() throws Exception {
    JsonNode given =
        new ObjectMapper().readTree("{\"results\": [{\"candidate\": \"x\", \"metrics\": {}}]}");
    Samples data = Kind.GREY.rows("it", ROWS, 2);
    try (MixtureOfFactorAnalyzers model = Kind.GREY.model();
        Explorer explorer =
            Explorer.open(
                Exploration.of("m.mfa", model)
                    .withData(data, labels())
                    .withCandidates(List.of(Kind.GREY.rows("x", 50, 3)))
                    .withEvaluation(given),
                0)) {
      Client client = Client.of(explorer);
      assertThat(client.json("/api/evaluation")).isEqualTo(given);
      assertThat(client.json("/api/model").get("evaluation").asBoolean()).isTrue();
    }
  }

  @Test
  void rowsWithoutALikelihoodEndTheScoringWithTheirNumber() throws Exception {
    float[] values = new float[20 * 30];
    values[7 * 30 + 2] = Float.POSITIVE_INFINITY;
    Samples data = org.mixel.data.StoredSamples.ofFloats("it", 30, SmallModels.GREY, values);
    try (MixtureOfFactorAnalyzers model = Kind.GREY.model();
        Explorer explorer = Explorer.open(Exploration.of("m.mfa", model).withData(data, null), 0)) {
      JsonNode scoring = await(Client.of(explorer), "scoring");
      assertThat(scoring.get("state").asText()).isEqualTo("failed");
      assertThat(scoring.get("error").asText()).startsWith("it: row 7 (counted from 0)");
    }
  }

  @Test
  void thePageAndEachOfItsFilesAreServedAndNothingElse() {
    try (MixtureOfFactorAnalyzers model = Kind.GREY.model();
        Explorer explorer = Explorer.open(Exploration.of("m.mfa", model), 0)) {
      Client client = Client.of(explorer);
      HttpResponse<byte[]> page = client.get("/");
      String text = new String(Client.ok(page), StandardCharsets.UTF_8);
      assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
      assertThat(text).startsWith("<!doctype html>");
      java.util.regex.Matcher assets =
          java.util.regex.Pattern.compile("(?:src|href)=\"(/?assets/[^\"]+)\"").matcher(text);
      int count = 0;
      while (assets.find()) {
        Client.ok(client.get(assets.group(1).replaceFirst("^/?", "/")));
        count++;
      }
      assertThat(count).isPositive();
      for (String path :
          List.of("/assets/files.txt", "/assets/Page.class", "/assets/", "/assets", "/x", "/api")) {
        Client.error(client.get(path), 404);
      }
    }
  }

  private static float[] part(float[] values, int dims, int index) {
    return Arrays.copyOfRange(values, index * dims, (index + 1) * dims);
  }

  private static double[] doubles(JsonNode array) {
    double[] values = new double[array.size()];
    Arrays.setAll(values, i -> array.get(i).asDouble());
    return values;
  }

  private static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    Arrays.setAll(values, i -> array.get(i).asInt());
    return values;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }
}
