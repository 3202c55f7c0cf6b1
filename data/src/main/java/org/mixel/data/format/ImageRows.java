package org.mixel.data.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Coding;
import org.mixel.data.DataOptions;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.RowStore;
import org.mixel.data.Samples;

/**
 * Collects image files into rows of one shape; decodes them on several threads, keeps them in the
 * order in which they came.
 *
 * <p>Rows have one channel while all images are grey, and three from the first coloured one on.
 */
final class ImageRows implements AutoCloseable {
  private static final int THREADS = Math.min(16, Runtime.getRuntime().availableProcessors());

  private final ReadRequest request;
  private final long expected;
  private final LeftOut leftOut;
  private final ExecutorService decoders;
  private final Progress.Stage stage;
  private final Queue<Pending> pending = new ArrayDeque<>();
  private final List<String> names = new ArrayList<>();
  private @Nullable RowStore store;
  private @Nullable ImageShape shape;
  private Coding coding = Coding.LOSSLESS;
  private int leftAlone;
  private boolean finished;

  /** An image that is being decoded. */
  private record Pending(String name, Future<FramedImage> image) {}

  /**
   * @param expected the number of images, or -1 if unknown
   * @param leftOut counts the other files; reported at the end
   */
  ImageRows(ReadRequest request, long expected, LeftOut leftOut) {
    this.request = request;
    this.expected = expected;
    this.leftOut = leftOut;
    this.stage = request.progress().begin("reading " + request.name(), expected);
    this.decoders =
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "image-decoder");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Adds an image.
   *
   * @param name its file, as errors call it
   * @param content the bytes of the file
   * @throws InputException if this one or one before it is not an image or has another size
   */
  void add(String name, byte[] content) throws IOException {
    DataOptions options = request.options();
    pending.add(new Pending(name, decoders.submit(() -> FramedImage.read(content, name, options))));
    while (pending.size() > 4 * THREADS) {
      store(pending.remove());
    }
  }

  /**
   * All images as a set, in the order of their names.
   *
   * @throws InputException if there are none, or one is unusable
   */
  Samples finish() throws IOException {
    while (!pending.isEmpty()) {
      store(pending.remove());
    }
    if (store == null) {
      throw new InputException(
          request.name()
              + ": holds no images ("
              + String.join(", ", ImageFormat.endings())
              + ")"
              + leftOut.files().map(text -> "; " + text).orElse(""));
    }
    Samples samples = store.finish(request.name(), shape).coded(coding);
    finished = true;
    int[] order =
        IntStream.range(0, names.size())
            .boxed()
            .sorted(Comparator.comparing(names::get))
            .mapToInt(Integer::intValue)
            .toArray();
    boolean inOrder = IntStream.range(0, order.length).allMatch(i -> order[i] == i);
    return inOrder ? samples : samples.select(order);
  }

  private void store(Pending next) throws IOException {
    FramedImage image = result(next);
    ImageShape its = image.shape();
    if (shape == null || store == null) {
      shape = its;
      store = new RowStore(ElementType.UINT8, its.dims(), expected);
    }
    FramedImage.requireSize(next.name(), its, shape);
    if (its.channels() > shape.channels()) {
      store = coloured(store, shape, its);
      shape = its;
    }
    coding = image.coding() == Coding.LOSSY ? Coding.LOSSY : coding;
    store.append(image.in(shape.channels()));
    names.add(next.name());
    leftAlone += image.leftAlone() ? 1 : 0;
    stage.advance(1);
  }

  private FramedImage result(Pending next) {
    try {
      return next.image().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading " + next.name(), e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof InputException plain) {
        throw plain;
      }
      throw new IllegalStateException(next.name(), e.getCause());
    }
  }

  private RowStore coloured(RowStore grey, ImageShape from, ImageShape to) throws IOException {
    RowStore wider = new RowStore(ElementType.UINT8, to.dims(), expected);
    try (grey) {
      Samples rows = grey.finish(request.name(), from);
      ByteBuffer row = ByteBuffer.allocate(from.dims());
      for (int i = 0; i < rows.rows(); i++) {
        rows.read(i, 1, row.clear());
        wider.append(FramedImage.tripled(row.array()));
      }
    }
    return wider;
  }

  @Override
  public void close() throws IOException {
    decoders.shutdownNow();
    stage.close();
    if (store != null) {
      store.close();
    }
    if (finished) {
      leftOut.notes(request.name()).forEach(request.progress()::tell);
      if (leftAlone > 0) {
        String which = leftAlone == names.size() ? "" : leftAlone + " of its images: ";
        CropResize.tellLeftAlone(request, which);
      }
    }
  }
}
