package org.mixel.mfa;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/**
 * The rows that one component has to do with. Work on many (row, component) pairs is done component
 * by component, each a few matrix products over its rows.
 *
 * @param component index of the component
 * @param rows int64 row indices, ascending
 */
public record ComponentRows(int component, Tensor rows) {
  /**
   * Groups the chosen pairs by component; components without rows are left out.
   *
   * @param chosen boolean {@code [n, K]}
   * @return in order of components; the tensors belong to the current scope
   */
  public static List<ComponentRows> where(Tensor chosen) {
    Tensor pairs = chosen.t().nonzero();
    return groups(pairs.select(1, 1).contiguous(), chosen.sum(0));
  }

  /** Groups rows by a label per row, such as the most probable component. */
  public static List<ComponentRows> byLabel(Tensor labels, int components) {
    Tensor order = NativeScope.compute(() -> labels.argsort(true, 0, false));
    return groups(order, torch.bincount(labels, null, components));
  }

  private static List<ComponentRows> groups(Tensor order, Tensor rowsPerComponent) {
    long[] counts = Tensors.longs(rowsPerComponent);
    List<ComponentRows> groups = new ArrayList<>();
    long from = 0;
    for (int k = 0; k < counts.length; k++) {
      if (counts[k] > 0) {
        groups.add(new ComponentRows(k, order.narrow(0, from, counts[k])));
        from += counts[k];
      }
    }
    return groups;
  }
}
