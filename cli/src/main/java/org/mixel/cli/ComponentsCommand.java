package org.mixel.cli;

import static org.mixel.InputException.require;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mixel.data.ImageShape;
import org.mixel.figure.ComponentFigure;
import org.mixel.figure.Mosaic;
import org.mixel.mfa.Component;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.page.MixturePictures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mixel components}: what a mixture has learned. */
@Command(
    name = "components",
    header = "Show components: mean, noise and factors, or two factors varied together.",
    sortOptions = false)
final class ComponentsCommand extends Subcommand {
  private static final int GRID_STEPS = 7;
  private static final double GRID_LIMIT = 1.5;

  @Mixin private ModelFile model = new ModelFile();

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT.png",
      description = "Where the picture goes.")
  private Path output;

  @Option(
      names = "--show",
      split = ",",
      paramLabel = "K",
      description = "Which components, from 0 (default: the 8 of largest weight).")
  private @Nullable List<Integer> show;

  @Option(
      names = "--grid",
      split = ",",
      paramLabel = "I,J",
      description =
          "Vary two factors, counted from 1, of the first component shown; draw nothing else.")
  private @Nullable List<Integer> grid;

  @Option(
      names = "--max-factors",
      paramLabel = "N",
      description = "Factors shown of each component (default: 5).")
  private int maxFactors = 5;

  @Mixin private DeviceChoice device = new DeviceChoice();

  private record Shown(
      List<Integer> components,
      List<Double> weights,
      @Nullable List<Integer> factors,
      String output) {}

  @Override
  Answer run(Session session) {
    require(maxFactors >= 1, "--max-factors must be at least 1, got " + maxFactors);
    new Places().reads(model.file()).writes(output, ".png").check();
    try (MixtureOfFactorAnalyzers mixture = model.open(device.device())) {
      int[] chosen =
          show == null
              ? MixturePictures.heaviest(mixture, 8)
              : show.stream().mapToInt(k -> k).toArray();
      if (grid == null) {
        MixturePictures.components(mixture, chosen, maxFactors).writePng(output);
      } else {
        chosen = new int[] {chosen[0]};
        grid(mixture, chosen[0], grid).writePng(output);
      }
      double[] weights = mixture.weights();
      List<Integer> components = Arrays.stream(chosen).boxed().toList();
      Shown shown =
          new Shown(
              components,
              components.stream().map(k -> weights[k]).toList(),
              grid,
              output.toString());
      return Answer.of(shown, describe(shown));
    }
  }

  private static String describe(Shown shown) {
    List<Integer> factors = shown.factors();
    return factors == null
        ? shown.output() + ": components " + shown.components()
        : "%s: component %d, factors %d and %d"
            .formatted(shown.output(), shown.components().get(0), factors.get(0), factors.get(1));
  }

  private static Mosaic grid(MixtureOfFactorAnalyzers mixture, int index, List<Integer> factors) {
    require(
        factors.size() == 2
            && factors.stream().allMatch(f -> f >= 1 && f <= mixture.factors())
            && !factors.get(0).equals(factors.get(1)),
        "--grid takes two different factors, counted from 1 to %d, such as 1,2; got %s"
            .formatted(
                mixture.factors(),
                String.join(",", factors.stream().map(String::valueOf).toList())));
    ImageShape shape = MixturePictures.shapeOf(mixture);
    Component component = mixture.component(index);
    return ComponentFigure.grid(
        component.mean(),
        component.factors()[factors.get(0) - 1],
        component.factors()[factors.get(1) - 1],
        shape,
        GRID_STEPS,
        GRID_LIMIT,
        Mosaic.Options.readableScale(shape));
  }
}
