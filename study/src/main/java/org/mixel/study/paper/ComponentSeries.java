package org.mixel.study.paper;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.mixel.figure.CurvePlot;
import org.mixel.report.Block;
import org.mixel.study.paper.ImageStudy.Description;
import org.mixel.study.stage.TrainingStage;

/**
 * Mixtures of growing numbers of components (the paper's Figure 21, and the sharpness of many
 * components in its section 5).
 */
final class ComponentSeries {
  /**
   * A mixture of the series.
   *
   * @param components its number
   */
  record Member(int components, StageRecord record) {
    double train() {
      return record.facts().getOrDefault(ModelPictures.TRAIN, Double.NaN);
    }

    double unseen() {
      return record.facts().getOrDefault(ModelPictures.UNSEEN, Double.NaN);
    }
  }

  private final Description description;
  private final List<Member> members;

  private ComponentSeries(Description description, List<Member> members) {
    this.description = description;
    this.members = members;
  }

  /** The mixtures among the records, those of few components first. */
  static ComponentSeries of(Description description, List<StageRecord> records) {
    Map<String, Integer> others = description.otherComponents();
    int own = description.mixtures().get(0).options().components();
    List<Member> members = new ArrayList<>();
    for (StageRecord each : records) {
      if (each.name().equals(TrainingStage.MIXTURE)) {
        members.add(new Member(own, each));
      } else if (others.containsKey(each.name())) {
        members.add(new Member(others.get(each.name()), each));
      }
    }
    members.sort(Comparator.comparingInt(Member::components));
    return new ComponentSeries(description, members);
  }

  /** Those of few components first. */
  List<Member> members() {
    return members;
  }

  /** All of them in figures, if there are at least two. */
  Optional<Block.Table> table() {
    if (members.size() < 2) {
      return Optional.empty();
    }
    int fewest = description.bins().get(0);
    Block.Table table =
        Block.Table.of(
            "Mixtures of growing numbers of components: mean log-likelihood in nats per image,"
                + " sharpness in nats, and NDB/K on unseen images.",
            Block.Column.number("Components", "%,d"),
            Block.Column.number("training images", "%.1f"),
            Block.Column.number("unseen images", "%.1f"),
            Block.Column.number("Sharpness", "%.2f"),
            Block.Column.number("NDB/K " + fewest, "%.3f"));
    for (Member each : members) {
      table =
          table.row(
              each.components(),
              each.train(),
              each.unseen(),
              each.record().sharpness(),
              each.record().tests(StageTests.UNSEEN).get(0).ndbOverK());
    }
    return Optional.of(table);
  }

  /** The likelihoods over the number of components, if there are at least two. */
  Optional<Block.Picture> plot() {
    if (members.size() < 2) {
      return Optional.empty();
    }
    return Optional.of(
        new Block.Picture(
            CurvePlot.logarithmic(
                "components",
                "log-likelihood (nats per image)",
                List.of(
                    curve("unseen images", Member::unseen),
                    curve("training images", Member::train))),
            "Log-likelihood by number of components",
            "Mean log-likelihood by number of components."));
  }

  private CurvePlot.Curve curve(String name, ToDoubleFunction<Member> value) {
    return new CurvePlot.Curve(
        name,
        members.stream().mapToDouble(Member::components).toArray(),
        members.stream().mapToDouble(value).toArray());
  }
}
