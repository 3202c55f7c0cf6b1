package org.mixel.explorer;

import static org.mixel.explorer.Refusal.BAD_REQUEST;
import static org.mixel.explorer.Refusal.FORBIDDEN;
import static org.mixel.explorer.Refusal.METHOD_NOT_ALLOWED;
import static org.mixel.explorer.Refusal.TOO_LARGE;
import static org.mixel.explorer.Refusal.UNAVAILABLE;
import static org.mixel.explorer.Refusal.require;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Every request passes here before anything else, whatever its address and method.
 *
 * <ul>
 *   <li>{@code Host} must be the server's own address, so that no other name that is made to lead
 *       here (DNS rebinding) is answered.
 *   <li>{@code Origin} must be this page, if it is sent; it must be sent with what is posted. A
 *       browser that says that another site asks is refused.
 *   <li>The token of the printed address is exchanged for a cookie, which no script can read and no
 *       other site can send. Without it nothing is answered.
 *   <li>Methods, addresses and bodies are bounded; what is posted is read by few at a time.
 *   <li>Every answer forbids scripts and pictures from elsewhere, frames, sniffing and caching.
 * </ul>
 */
final class Gate implements HttpHandler {
  private static final System.Logger LOG = System.getLogger(Gate.class.getName());

  private static final int SECRET_BYTES = 32;
  private static final int MOST_ADDRESS = 4096;
  private static final int MOST_PARAMETERS = 8;

  /** Bytes that are read of a body that nobody wants. */
  private static final long MOST_DRAINED = 1 << 24;

  /** How many bodies are read at a time. */
  private static final int BODIES = 4;

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:;"
              + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cache-Control",
          "no-store");

  private final String host;
  private final String cookie;
  private final byte[] token = secret();
  private final byte[] session = secret();
  private final Set<String> onceOnly = ConcurrentHashMap.newKeySet();
  private final Semaphore bodies = new Semaphore(BODIES);
  private final Function<Request, Reply> routes;

  /**
   * @param port that the server listens at
   * @param routes answer what passes; called by several threads
   */
  Gate(int port, Function<Request, Reply> routes) {
    host = "127.0.0.1:" + port;
    // Cookies are sent to all ports of a machine.
    cookie = "mixel-" + port;
    this.routes = routes;
  }

  private static byte[] secret() {
    byte[] random = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encode(random);
  }

  private static String text(byte[] secret) {
    return new String(secret, StandardCharsets.US_ASCII);
  }

  /** The address to be printed. */
  URI address() {
    return URI.create("http://%s/?token=%s".formatted(host, text(token)));
  }

  /**
   * An address that opens the page once: for a browser, whose command line other users of the
   * machine may see.
   */
  URI addressForOnce() {
    String once = text(secret());
    onceOnly.add(once);
    return URI.create("http://%s/?token=%s".formatted(host, once));
  }

  @Override
  public void handle(HttpExchange exchange) {
    try (exchange) {
      send(exchange, answer(exchange));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a request was broken off", e);
    }
  }

  private Reply answer(HttpExchange exchange) throws IOException {
    try {
      requireOwnPage(exchange);
      URI address = exchange.getRequestURI();
      String method = exchange.getRequestMethod();
      require(
          method.equals("GET") || method.equals("POST"),
          METHOD_NOT_ALLOWED,
          "the methods are GET and POST");
      require(
          !address.isAbsolute() && address.toString().length() <= MOST_ADDRESS,
          BAD_REQUEST,
          "an address is a path of at most " + MOST_ADDRESS + " characters");
      Map<String, String> query = query(address.getRawQuery());
      if (method.equals("GET") && address.getRawPath().equals("/") && query.containsKey("token")) {
        return enter(String.valueOf(query.get("token")));
      }
      require(
          isKnown(exchange),
          FORBIDDEN,
          "open the address that mixel explore printed: it holds the token");
      return routes.apply(
          new Request(method, address.getRawPath(), query, most -> body(exchange, most)));
    } catch (Refusal refusal) {
      if (isKnown(exchange)) {
        drain(exchange.getRequestBody());
      }
      Reply reply = Reply.error(refusal.status(), String.valueOf(refusal.getMessage()));
      return refusal.status() == METHOD_NOT_ALLOWED ? reply.with("Allow", "GET, POST") : reply;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.log(System.Logger.Level.WARNING, "a request failed", e);
      return Reply.error(500, "internal error: " + e.getClass().getSimpleName());
    }
  }

  /** Refuses what another name, page or site asks for. */
  private void requireOwnPage(HttpExchange exchange) {
    require(
        List.of(host).equals(exchange.getRequestHeaders().get("Host")),
        FORBIDDEN,
        "this server answers as " + host + " alone");
    List<String> origin = exchange.getRequestHeaders().get("Origin");
    boolean posts = !exchange.getRequestMethod().equals("GET");
    require(
        origin == null ? !posts : origin.equals(List.of("http://" + host)),
        FORBIDDEN,
        "this server answers its own page alone");
    String site = exchange.getRequestHeaders().getFirst("Sec-Fetch-Site");
    require(
        site == null || site.equals("same-origin") || site.equals("none"),
        FORBIDDEN,
        "this server answers its own page alone; enter its address yourself");
  }

  private Reply enter(String shown) {
    boolean right = same(token, shown) || onceOnly.remove(shown);
    require(right, FORBIDDEN, "the token is wrong; open the address that mixel explore printed");
    return new Reply(303, "", Map.of(), new byte[0])
        .with("Location", "/")
        .with(
            "Set-Cookie",
            "%s=%s; Path=/; HttpOnly; SameSite=Strict".formatted(cookie, text(session)));
  }

  private boolean isKnown(HttpExchange exchange) {
    List<String> cookies = exchange.getRequestHeaders().getOrDefault("Cookie", List.of());
    for (String header : cookies) {
      for (String pair : header.split(";")) {
        String[] parts = pair.strip().split("=", 2);
        if (parts.length == 2 && parts[0].equals(cookie) && same(session, parts[1])) {
          return true;
        }
      }
    }
    return false;
  }

  /** Takes as long whatever is shown. */
  private static boolean same(byte[] secret, String shown) {
    return MessageDigest.isEqual(secret, shown.getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> query = new HashMap<>();
    if (raw == null || raw.isEmpty()) {
      return query;
    }
    String[] pairs = raw.split("&", MOST_PARAMETERS + 1);
    require(pairs.length <= MOST_PARAMETERS, BAD_REQUEST, "there are too many parameters");
    for (String pair : pairs) {
      String[] parts = pair.split("=", 2);
      require(parts.length == 2, BAD_REQUEST, "a parameter has no value");
      require(
          query.put(decoded(parts[0]), decoded(parts[1])) == null,
          BAD_REQUEST,
          "a parameter is given twice");
    }
    return query;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Refusal(BAD_REQUEST, "a parameter is not well coded");
    }
  }

  private byte[] body(HttpExchange exchange, int most) throws IOException {
    require(bodies.tryAcquire(), UNAVAILABLE, "too much is being sent at once; try again");
    try {
      InputStream body = exchange.getRequestBody();
      byte[] read = body.readNBytes(most + 1);
      require(read.length <= most, TOO_LARGE, "what is sent has more than " + most + " bytes");
      return read;
    } finally {
      bodies.release();
    }
  }

  /** Reads the rest of what is sent, for a sender hears no answer while it is not read. */
  private static void drain(InputStream body) throws IOException {
    long left = MOST_DRAINED;
    byte[] scratch = new byte[1 << 13];
    for (int n = 0; n >= 0 && left > 0; n = body.read(scratch)) {
      left -= n;
    }
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    HEADERS.forEach(exchange.getResponseHeaders()::set);
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    if (!reply.type().isEmpty()) {
      exchange.getResponseHeaders().set("Content-Type", reply.type());
    }
    boolean silent = exchange.getRequestMethod().equals("HEAD");
    int length = silent ? 0 : reply.body().length;
    exchange.sendResponseHeaders(reply.status(), length == 0 ? -1 : length);
    if (length > 0) {
      exchange.getResponseBody().write(reply.body());
    }
  }
}
