package org.mixel.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Cells tile the range, and each is where its own centre is the nearest. */
class VoronoiTest {
  private static final PlaneRange RANGE = new PlaneRange(-3, 5, 10, 14);

  private static List<PlanePoint> random(int count, long seed) {
    Random random = new Random(seed);
    List<PlanePoint> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      points.add(
          new PlanePoint(
              RANGE.left() + RANGE.width() * random.nextDouble(),
              RANGE.bottom() + RANGE.height() * random.nextDouble()));
    }
    return points;
  }

  /** Positive for corners against the clock. */
  private static double area(List<PlanePoint> cell) {
    double twice = 0;
    for (int i = 0; i < cell.size(); i++) {
      PlanePoint a = cell.get(i);
      PlanePoint b = cell.get((i + 1) % cell.size());
      twice += a.x() * b.y() - a.y() * b.x();
    }
    return twice / 2;
  }

  private static boolean contains(List<PlanePoint> cell, PlanePoint p) {
    for (int i = 0; i < cell.size(); i++) {
      PlanePoint a = cell.get(i);
      PlanePoint b = cell.get((i + 1) % cell.size());
      if ((b.x() - a.x()) * (p.y() - a.y()) - (b.y() - a.y()) * (p.x() - a.x()) < -1e-12) {
        return false;
      }
    }
    return !cell.isEmpty();
  }

  private static int nearest(List<PlanePoint> centres, PlanePoint p) {
    int best = 0;
    for (int i = 1; i < centres.size(); i++) {
      if (distance(centres.get(i), p) < distance(centres.get(best), p)) {
        best = i;
      }
    }
    return best;
  }

  private static double distance(PlanePoint a, PlanePoint b) {
    return Math.hypot(a.x() - b.x(), a.y() - b.y());
  }

  private static double total(List<List<PlanePoint>> cells) {
    return cells.stream().mapToDouble(VoronoiTest::area).sum();
  }

  @Test
  void cellsTileTheRangeAndHoldTheirCentres() {
    List<PlanePoint> centres = random(300, 1);
    List<List<PlanePoint>> cells = Voronoi.cells(RANGE, centres);
    assertThat(total(cells)).isEqualTo(32, within(1e-9));
    for (int i = 0; i < centres.size(); i++) {
      assertThat(area(cells.get(i))).isPositive();
      assertThat(contains(cells.get(i), centres.get(i))).isTrue();
      assertThat(cells.get(i)).allMatch(corner -> contains(RANGE.corners(), corner));
    }
  }

  @Test
  void everyPointLiesInTheCellOfItsNearestCentre() {
    List<PlanePoint> centres = random(40, 2);
    List<List<PlanePoint>> cells = Voronoi.cells(RANGE, centres);
    for (PlanePoint p : random(2000, 3)) {
      assertThat(contains(cells.get(nearest(centres, p)), p)).isTrue();
      assertThat(cells.stream().filter(cell -> contains(cell, p))).hasSize(1);
    }
  }

  @Test
  void aCentreAloneHasAll() {
    List<PlanePoint> far = List.of(new PlanePoint(100, 100));
    assertThat(Voronoi.cells(RANGE, far)).containsExactly(RANGE.corners());
    assertThat(Voronoi.cells(RANGE, List.of())).isEmpty();
  }

  @Test
  void centresOutsideHaveWhatOfTheRangeIsNearest() {
    List<PlanePoint> centres =
        List.of(new PlanePoint(0, 12), new PlanePoint(8, 12), new PlanePoint(1000, 12));
    List<List<PlanePoint>> cells = Voronoi.cells(RANGE, centres);
    assertThat(area(cells.get(0))).isEqualTo(28, within(1e-12));
    assertThat(area(cells.get(1))).isEqualTo(4, within(1e-12));
    assertThat(cells.get(2)).isEmpty();
  }

  @Test
  void equalCentresCountOnceAndGridsMayMeetInOnePoint() {
    List<PlanePoint> grid = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      for (int j = 0; j < 4; j++) {
        grid.add(new PlanePoint(-2.5 + i, 10.5 + j));
      }
    }
    grid.add(grid.get(5));
    List<List<PlanePoint>> cells = Voronoi.cells(RANGE, grid);
    assertThat(cells.get(32)).isEmpty();
    assertThat(cells.subList(0, 32)).allMatch(cell -> Math.abs(area(cell) - 1) < 1e-12);
  }
}
