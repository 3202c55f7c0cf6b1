package org.mixel.study.paper;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.WholeFile;
import org.mixel.figure.StoredPicture;
import org.mixel.ndb.NdbResult;
import org.mixel.report.Block;

/**
 * A finished stage of a study: one model, all that the report says of it. It lies in a small folder
 * of its own beside the pictures that it names, and can be taken to another machine's folder of the
 * same study.
 *
 * @param name of the stage and its row in tables
 * @param setting in one line: the model's training, the data and how samples were tested
 * @param samples number of samples that were tested
 * @param training null for rows that are no model's
 * @param tests one for each number of bins and each way in which the samples are counted
 * @param sharpness of the samples, in nats
 * @param facts figures of this kind of model only, by name
 * @param pictures to be shown
 * @param made where and when
 */
record StageRecord(
    String name,
    String setting,
    int samples,
    @Nullable Training training,
    List<Test> tests,
    double sharpness,
    Map<String, Double> facts,
    List<Picture> pictures,
    Made made) {
  private static final String FILE = "stage.json";
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  /**
   * How the model was trained.
   *
   * @param steps of the generator; iterations of a mixture
   * @param epochs passes over the training rows, of the critic if there is one
   * @param width of the network, or null for its authors'
   * @param seconds without evaluations and pictures
   * @param chosen the step whose model was taken
   * @param curve evaluations during the training, by the names of their figures
   */
  record Training(
      long steps,
      double epochs,
      @Nullable Integer width,
      double seconds,
      long chosen,
      List<Map<String, Double>> curve) {}

  /**
   * A test of the samples in bins.
   *
   * @param counting whose rows were counted: {@code unseen} or {@code training}
   * @param js Jensen-Shannon divergence, in nats
   * @param excess the divergence less its mean for equal sets
   * @param low of the excess's 95% interval
   * @param high of it
   * @param expected NDB/K of equal sets
   */
  record Test(
      String counting,
      int bins,
      int rows,
      int referenceRows,
      double ndbOverK,
      double js,
      double excess,
      double low,
      double high,
      double expected,
      List<Double> shares,
      List<Double> referenceShares) {
    static Test of(String counting, NdbResult result) {
      return new Test(
          counting,
          result.bins(),
          result.rows(),
          result.referenceRows(),
          result.ndbOverK(),
          result.js(),
          result.excess().value(),
          result.excess().interval().low(),
          result.excess().interval().high(),
          result.expected().ndb() / result.bins(),
          result.tests().stream().map(test -> rounded(test.candidateProportion())).toList(),
          result.tests().stream().map(test -> rounded(test.referenceProportion())).toList());
    }

    private static double rounded(double share) {
      return Math.round(share * 1e6) / 1e6;
    }
  }

  /**
   * A picture in the stage's folder.
   *
   * @param part of the report that shows it
   * @param width in CSS pixels
   */
  record Picture(String part, String file, double width, String alt, String caption) {
    /**
     * Reads it from a study's folder.
     *
     * @throws InputException if it cannot be read
     */
    Block.Picture read(Path study, StageRecord stage) {
      Path place = study.resolve("stages").resolve(stage.name()).resolve(file);
      return new Block.Picture(StoredPicture.read(place, width), alt, caption);
    }
  }

  /**
   * @param date ISO 8601
   * @param version of the program
   * @param device where it was computed
   */
  record Made(String date, String version, String device) {}

  /** The tests of one way of counting. */
  List<Test> tests(String counting) {
    return tests.stream().filter(test -> test.counting().equals(counting)).toList();
  }

  /** Deletes the record of a folder whose other files are to be made anew. */
  static void delete(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw WholeFile.failure(file, e);
    }
  }

  /** Writes the record, the last file of its folder. */
  void write(Path folder) {
    WholeFile.write(folder.resolve(FILE), part -> JSON.writeValue(part.toFile(), this));
  }

  /**
   * Reads a folder.
   *
   * @return nothing if its stage is not finished
   * @throws InputException if the file is damaged
   */
  static Optional<StageRecord> read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(file.toFile(), StageRecord.class));
    } catch (JsonProcessingException e) {
      throw new InputException(
          file + ": not the record of a stage; delete the folder to make the stage anew", e);
    } catch (IOException e) {
      throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
