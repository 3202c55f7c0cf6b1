package org.mixel.explorer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.ValueRange;
import org.mixel.mfa.MixtureOfFactorAnalyzers;

/** The first thing that a page asks for: the model at a glance, its means and where they lie. */
final class Overview {
  private static final int MOST_MEANS = 1_000_000;

  private final Exploration exploration;
  private final Samples means;
  private final @Nullable ImageShape shape;
  private final CompletableFuture<ComponentMap> map;
  private final CompletableFuture<byte @Nullable []> atlas;
  private final CompletableFuture<ObjectNode> document;

  /** Begins to lay out the components, and returns at once. */
  Overview(Exploration exploration) {
    this.exploration = exploration;
    means = exploration.model().meanRows();
    shape = exploration.model().shape().orElse(null);
    map = CompletableFuture.supplyAsync(() -> ComponentMap.of(means));
    atlas = CompletableFuture.supplyAsync(() -> shape == null ? null : Atlas.png(means));
    document = CompletableFuture.supplyAsync(this::makeDocument);
  }

  /** The means of the components, as rows. */
  Samples means() {
    return means;
  }

  ObjectNode document() {
    return document.join();
  }

  /** The means as a picture. */
  Reply atlas() {
    byte[] made = atlas.join();
    if (made == null) {
      throw new Refusal(Refusal.NOT_FOUND, "the model is not of images");
    }
    return Reply.of("image/png", made);
  }

  /** The means as numbers, where they are not images. */
  Reply meansOfVectors() {
    if (shape != null || (long) means.rows() * means.dims() > MOST_MEANS) {
      throw new Refusal(Refusal.NOT_FOUND, "the means are images, or too many numbers");
    }
    return Reply.floats(
        IntStream.range(0, means.rows()).mapToObj(means::row).toArray(float[][]::new));
  }

  private ObjectNode makeDocument() {
    MixtureOfFactorAnalyzers model = exploration.model();
    ComponentMap laidOut = map.join();
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("file", exploration.file())
            .put("components", model.components())
            .put("factors", model.factors())
            .put("dims", model.dims());
    if (shape == null) {
      node.putNull("shape").putNull("atlas");
      Columns columns = Columns.of(model);
      ObjectNode its = node.putObject("columns");
      Arrays.stream(columns.mean()).forEach(its.putArray("mean")::add);
      Arrays.stream(columns.deviation()).forEach(its.putArray("deviation")::add);
    } else {
      node.putObject("shape")
          .put("channels", shape.channels())
          .put("height", shape.height())
          .put("width", shape.width());
      Atlas.Layout tiles = Atlas.Layout.of(model.components(), shape);
      node.putObject("atlas")
          .put("columns", tiles.columns())
          .put("width", tiles.width())
          .put("height", tiles.height());
    }
    exploration.reading().forEach(node.putArray("reading")::add);
    Arrays.stream(model.weights()).forEach(node.putArray("weights")::add);
    ArrayNode cells =
        node.putObject("map")
            .put("method", laidOut.method())
            .put("columns", laidOut.columns())
            .put("rows", laidOut.rows())
            .putArray("cells");
    IntStream.of(laidOut.cells()).forEach(cells::add);
    putData(node);
    ArrayNode candidates = node.putArray("candidates");
    for (Samples candidate : exploration.candidates()) {
      candidates.addObject().put("name", candidate.name()).put("rows", candidate.rows());
    }
    node.put("evaluation", exploration.evaluation() != null);
    node.putObject("limits").put("ids", exploration.mostRows()).put("upload", Routes.MOST_UPLOAD);
    return node;
  }

  private void putData(ObjectNode node) {
    Samples data = exploration.data();
    if (data == null) {
      node.putNull("data").putNull("classes");
      return;
    }
    ObjectNode its = node.putObject("data").put("name", data.name()).put("rows", data.rows());
    double[] range = range(data);
    its.putArray("range").add(range[0]).add(range[1]);
    if (exploration.labels() == null) {
      node.putNull("classes");
    } else {
      exploration.classes().forEach(node.putArray("classes")::add);
    }
  }

  /** From the least to the largest value; of pixels, of their scale. */
  private static double[] range(Samples data) {
    ValueRange range = ValueRange.of(data).orElse(null);
    boolean pixels = data.shape().isPresent() || data.type() == ElementType.UINT8;
    return range == null || (pixels && range.scale() == ValueRange.Scale.UNIT)
        ? new double[] {0, 1}
        : new double[] {range.least(), range.most()};
  }
}
