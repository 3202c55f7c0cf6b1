package org.mixel.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.ServiceLoader;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Transformer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import py4j.GatewayServer;

/**
 * The requests of PySpark's gateway, in the words of its protocol, and the list of Spark Connect.
 */
class GatewayTest {
  @TempDir private Path folder;

  /** A connection as Python opens it. */
  private record Python(Socket socket, BufferedReader answers) implements AutoCloseable {
    /** A call; a returned object's number begins with {@code o}. */
    String call(String... words) throws IOException {
      String text = String.join("\n", words) + "\ne\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      String answer = answers.readLine();
      assertThat(answer).as(String.join(" ", words)).startsWith("!y");
      return answer.substring(answer.startsWith("!yr") ? 3 : 2);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void pythonTrainsThroughTheGateway() throws IOException {
    GatewayServer server = new GatewayServer(null, 0);
    server.start();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getListeningPort());
        Python python =
            new Python(
                socket,
                new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)))) {
      float[][] pictures = Sessions.pictures(200, 8, 1);
      server
          .getGateway()
          .putObject(
              "data",
              Sessions.of(
                  Sessions.FLOATS, Arrays.stream(pictures).map(Sessions::boxed).toList(), 2));
      String made = python.call("i", "org.mixel.spark.MixtureOfFactorAnalyzers");
      String named = python.call("c", made, "setK", "i3");
      named = python.call("c", named, "setFactors", "i2");
      named = python.call("c", named, "setMaxIter", "i2");
      named = python.call("c", named, "setImageShape", "s1x8x8");
      String model = python.call("c", named, "fit", "rdata");
      python.call("c", model, "setFactorsCol", "sz");
      String scored = python.call("c", model, "transform", "rdata");
      assertThat(python.call("c", scored, "count")).isEqualTo("L200");
      String file = folder.resolve("python.mfa").toString();
      python.call("c", model, "saveMfa", "s" + file);
      assertThat(python.call("c", "z:org.mixel.spark.MixtureModel", "ofMfa", "s" + file))
          .startsWith("o");
    } finally {
      server.shutdown();
    }
  }

  @Test
  void sparkConnectFindsTheClasses() {
    assertThat(ServiceLoader.load(Estimator.class))
        .anyMatch(each -> each instanceof MixtureOfFactorAnalyzers);
    assertThat(ServiceLoader.load(Transformer.class))
        .anyMatch(each -> each instanceof MixtureModel);
  }
}
