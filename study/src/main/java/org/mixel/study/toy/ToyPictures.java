package org.mixel.study.toy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.mixel.data.Samples;
import org.mixel.figure.Figure;
import org.mixel.figure.Ink;
import org.mixel.figure.PlaneGaussian;
import org.mixel.figure.PlaneLayer;
import org.mixel.figure.PlanePlot;
import org.mixel.figure.PlanePoint;
import org.mixel.figure.PlaneRange;
import org.mixel.mfa.Component;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.VoronoiBins;
import org.mixel.neural.NetworkModel;
import org.mixel.page.NdbSections;
import org.mixel.page.SamplePictures;
import org.mixel.report.Block;

/**
 * Points in the plane, models of them and their bins in pictures that all show the same part of the
 * plane, and beside the report as files.
 */
final class ToyPictures {
  private static final double SIDE = 440;

  private final Path folder;
  private final Samples data;
  private final PlaneRange range;

  /**
   * @param folder receives the files
   * @param data determines the part of the plane that is shown
   */
  ToyPictures(Path folder, Samples data) {
    this.folder = folder;
    this.data = data;
    range = PlaneRange.around(List.of(SamplePictures.points("", data, Ink.BAND)));
  }

  /**
   * The paper's Figure 2 for one model.
   *
   * @param drawn samples of the model, under its name
   */
  List<Block> overBins(VoronoiBins bins, NdbResult result, Samples drawn) {
    PlaneLayer.Cells cells =
        PlaneLayer.Cells.bySize(
            "bins by size",
            PlanePoint.rows(bins.centers()),
            result.referenceProportions(),
            Ink.MUTED);
    Block.Picture proportions = NdbSections.proportions(bins, List.of(result));
    proportions.figure().writePng(folder.resolve(drawn.name() + "-proportions.png"));
    return List.of(
        Block.Beside.of(
            picture(
                "data-bins",
                List.of(SamplePictures.points(data.name(), data, Ink.FIRST), cells),
                "Points along a spiral and in five clusters, cut into cells",
                "The data and the bins, numbered by their share of it."),
            picture(
                drawn.name() + "-samples",
                List.of(SamplePictures.points(drawn.name(), drawn, Ink.SECOND), cells),
                "Points drawn by " + drawn.name() + " over the same cells",
                "Samples of " + drawn.name() + ", over the same bins.")),
        proportions);
  }

  /** The paper's Figure 20 (a). */
  Block.Picture components(MixtureOfFactorAnalyzers model) {
    List<PlaneGaussian> components = new ArrayList<>();
    for (int i = 0; i < model.components(); i++) {
      components.add(gaussian(model.component(i)));
    }
    return picture(
        "mfa-components",
        List.of(behind(), new PlaneLayer.Gaussians("components", components, 2, Ink.SECOND)),
        "Ellipses of the components over the data",
        "mfa: each component's centre, its direction (one standard deviation along its factor) and"
            + " ellipses of one and two standard deviations, noise included.");
  }

  private static PlaneGaussian gaussian(Component component) {
    double[] covariance = {component.noiseVariance()[0], 0, 0, component.noiseVariance()[1]};
    List<PlanePoint> directions = new ArrayList<>();
    for (float[] factor : component.factors()) {
      for (int i = 0; i < 4; i++) {
        covariance[i] += (double) factor[i / 2] * factor[i % 2];
      }
      directions.addAll(PlanePoint.rows(factor));
    }
    double[] mean = {component.mean()[0], component.mean()[1]};
    return PlaneGaussian.of(mean, covariance).withDirections(directions);
  }

  /** The paper's Figure 20 (b). */
  Block.Picture grid(String name, NetworkModel model) {
    List<PlaneLayer> layers = new ArrayList<>(List.of(behind()));
    layers.addAll(LatentGrid.folded(model));
    boolean line = model.latentValues().orElseThrow() == 1;
    String shape = line ? "line" : "grid";
    return picture(
        name + "-grid",
        layers,
        "The %s of latent values as %s folds it, over the data".formatted(shape, name),
        "%s: where the %s of latent values z comes to lie%s."
            .formatted(name, shape, line ? "" : ", many lines along z1, few along z2"));
  }

  private PlaneLayer behind() {
    return SamplePictures.points(data.name(), data, Ink.BAND);
  }

  private Block.Picture picture(
      String name, List<? extends PlaneLayer> layers, String alt, String caption) {
    Figure figure = PlanePlot.of(range, layers, PlanePlot.Options.defaults().withSide(SIDE));
    figure.writePng(folder.resolve(name + ".png"));
    return new Block.Picture(figure, alt, caption);
  }
}
