package org.mixel.explorer;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.mixel.InputException;
import org.mixel.data.Samples;
import org.mixel.mfa.SingleRow;

/**
 * The page, served on this machine alone until it is closed.
 *
 * <pre>{@code
 * try (Explorer explorer = Explorer.open(Exploration.of("m.mfa", model).withData(rows, null), 0)) {
 *   System.out.println(explorer.address());
 * }
 * }</pre>
 */
public final class Explorer implements AutoCloseable {
  /** Connections at a time; each has at most one request, and so one thread. */
  static final int CONNECTIONS = 64;

  /** The seconds in which a request must have come. */
  static final int REQUEST_SECONDS = 10;

  /** Properties that the JDK's server reads when it is loaded; those that the user has set stay. */
  private static final Map<String, String> SERVER =
      Map.of(
          "sun.net.httpserver.nodelay", "true",
          "sun.net.httpserver.maxReqTime", String.valueOf(REQUEST_SECONDS),
          "sun.net.httpserver.maxRspTime", "120",
          "sun.net.httpserver.idleInterval", "20",
          "sun.net.httpserver.clockTick", "1000",
          "sun.net.httpserver.maxReqHeaderSize", "32768",
          "jdk.httpserver.maxConnections", String.valueOf(CONNECTIONS));

  static {
    SERVER.forEach(
        (name, value) -> {
          if (System.getProperty(name) == null) {
            System.setProperty(name, value);
          }
        });
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final Gate gate;
  private final Compute compute;
  private final SingleRow singleRow;

  private Explorer(Exploration exploration, HttpServer server) {
    this.server = server;
    compute = new Compute();
    singleRow = SingleRow.of(exploration.model());
    Samples data = exploration.data();
    Scores scores = new Scores(data == null ? 0 : data.rows());
    CandidateBins bins = new CandidateBins(exploration.candidates(), exploration.seed());
    Overview overview = new Overview(exploration);
    Routes routes = new Routes(exploration, overview, scores, bins, singleRow, compute);
    gate = new Gate(server.getAddress().getPort(), routes::answer);
    threads =
        new ThreadPoolExecutor(
            0,
            2 * CONNECTIONS,
            20,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(task, "explorer-request");
              thread.setDaemon(true);
              return thread;
            });
    // The first view comes first.
    compute.later(overview::document);
    compute.later(singleRow::prepare);
    if (data != null) {
      compute.later(() -> scores.run(exploration.model(), data, compute.givingWay()));
      if (!exploration.candidates().isEmpty()) {
        compute.later(() -> bins.run(data, scores.components(), compute.givingWay()));
      }
    }
    server.setExecutor(threads);
    server.createContext("/", gate);
    server.start();
  }

  /**
   * Serves the page, to this machine only.
   *
   * @param exploration what is explored; its model must stay open as long as this
   * @param port the port, or 0 for any that is free
   * @return the caller closes it
   * @throws InputException if the port is taken or may not be used
   */
  public static Explorer open(Exploration exploration, int port) {
    InputException.require(
        port >= 0 && port < 1 << 16, "`port` must be from 0 to 65535, got " + port);
    HttpServer server;
    try {
      InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      server = HttpServer.create(new InetSocketAddress(loopback, port), CONNECTIONS);
    } catch (BindException e) {
      throw new InputException(
          "`port` %d cannot be used (%s); choose another, or none for one that is free"
              .formatted(port, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      return new Explorer(exploration, server);
    } catch (RuntimeException e) {
      server.stop(0);
      throw e;
    }
  }

  /** The page's address with its token, to be printed. */
  public URI address() {
    return gate.address();
  }

  /**
   * An address of the page that can be opened once: for the command line of a browser, which other
   * users of the machine may see.
   */
  public URI addressForOnce() {
    return gate.addressForOnce();
  }

  /** Ends all work and connections. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    compute.close();
    singleRow.close();
  }
}
