package org.mixel.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Layers hold what they were given, cells are numbered by size, grids fall into their lines. */
class PlaneLayerTest {
  private static final List<PlanePoint> THREE = PlanePoint.rows(new double[] {0, 0, 1, 1, 2, 0});

  @Test
  void cellsAreNumberedByFallingSize() {
    PlaneLayer.Cells cells =
        PlaneLayer.Cells.bySize("bins", THREE, new double[] {0.2, 0.5, 0.3}, Ink.MUTED);
    assertThat(cells.numbers()).containsExactly(3, 1, 2);
    assertThat(PlaneLayer.Cells.bySize("bins", THREE, new double[3], Ink.MUTED).numbers())
        .as("equal ones as they come")
        .containsExactly(1, 2, 3);
  }

  @Test
  void aGridIsDrawnAlongItsRows() {
    List<PlanePoint> nodes = PlanePoint.rows(new double[] {0, 0, 1, 0, 2, 0, 0, 1, 1, 1, 2, 1});
    assertThat(PlaneLayer.Lines.alongRows("z", nodes, 3, Ink.FIRST).lines())
        .containsExactly(nodes.subList(0, 3), nodes.subList(3, 6));
  }

  @Test
  void layersDoNotChangeWithTheirLists() {
    List<PlanePoint> points = new ArrayList<>(THREE);
    List<List<PlanePoint>> lines = new ArrayList<>(List.of(points));
    PlaneLayer.Scatter scatter = new PlaneLayer.Scatter("points", points, Ink.FIRST);
    PlaneLayer.Lines drawn = new PlaneLayer.Lines("lines", lines, Ink.FIRST);
    points.clear();
    lines.clear();
    assertThat(scatter.points()).isEqualTo(THREE);
    assertThat(drawn.lines()).containsExactly(THREE);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> new PlaneLayer.Cells("bins", THREE, List.of(1), Ink.MUTED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 centres but 1 numbers");
    assertThatThrownBy(() -> PlaneLayer.Cells.bySize("bins", THREE, new double[4], Ink.MUTED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 centres but 4 shares");
    assertThatThrownBy(() -> new PlaneLayer.Gaussians("mixture", List.of(), 0, Ink.FIRST))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("deviations must be at least 1, got 0");
    assertThatThrownBy(() -> PlaneLayer.Lines.alongRows("z", THREE, 2, Ink.FIRST))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 nodes do not fill rows of 2");
    assertThatThrownBy(() -> PlaneLayer.Lines.alongRows("z", THREE, 1, Ink.FIRST))
        .hasMessage("3 nodes do not fill rows of 1");
  }
}
