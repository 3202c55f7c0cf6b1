package org.mixel.neural.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.neural.network.WeightRule.Initial;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/**
 * The named tensors of a network: those that training moves, and those that it only keeps, such as
 * running averages. Owns them until {@link #close()}; not safe for use by several threads.
 */
public final class Parameters implements AutoCloseable {
  private final Source source;
  private final Map<String, Tensor> trained = new LinkedHashMap<>();
  private final Map<String, Tensor> kept = new LinkedHashMap<>();
  private final List<Tensor> statistics = new ArrayList<>();

  /** Where parameters come from when a network is built. */
  public sealed interface Source {
    /** Where the parameters live. */
    ComputeDevice device();

    /**
     * A parameter.
     *
     * @param name in the network
     * @param initial the values of a fresh one
     * @return owned by the current scope
     * @throws org.mixel.InputException if a file lacks it or holds it in another shape
     */
    Tensor get(String name, Initial initial, long... shape);

    /** The same source for a part whose names begin so. */
    Source below(String beginning);

    /** The same source, but for the part whose names begin so: that has its own. */
    default Source with(String beginning, Source part) {
      return new Partly(this, beginning, part);
    }

    /**
     * Fresh parameters, drawn in the order in which they are asked for.
     *
     * @param type float32, or float64 for checks of gradients
     */
    static Source fresh(RandomStream random, ComputeDevice device, ScalarType type) {
      return new Fresh(random, device, type);
    }

    /** Parameters of a file, float32; nothing is allocated for what the file does not hold. */
    static Source stored(SafeTensors file, ComputeDevice device) {
      return new Stored(file, device);
    }
  }

  private record Fresh(RandomStream random, ComputeDevice device, ScalarType type)
      implements Source {
    @Override
    public Tensor get(String name, Initial initial, long... shape) {
      return NativeScope.compute(() -> initial.draw(random, device.torch(), shape).to(type));
    }

    @Override
    public Source below(String beginning) {
      return this;
    }
  }

  private record Stored(SafeTensors file, ComputeDevice device) implements Source {
    @Override
    public Tensor get(String name, Initial initial, long... shape) {
      return NativeScope.compute(
          () -> file.get(name, shape).to(device.torch(), ScalarType.Float).clone());
    }

    @Override
    public Source below(String beginning) {
      return new Stored(file.below(beginning), device);
    }
  }

  private record Partly(Source rest, String beginning, Source part) implements Source {
    @Override
    public ComputeDevice device() {
      return rest.device();
    }

    @Override
    public Tensor get(String name, Initial initial, long... shape) {
      return rest.get(name, initial, shape);
    }

    @Override
    public Source below(String chosen) {
      return chosen.equals(beginning) ? part : rest.below(chosen);
    }
  }

  private Parameters(Source source) {
    this.source = source;
  }

  /** None yet; networks add theirs when they are built. */
  public static Parameters from(Source source) {
    return new Parameters(source);
  }

  /**
   * Builds what adds its parameters to these; if that fails, all of them are closed.
   *
   * @param network builds it
   * @return what was built
   */
  public <T> T build(Function<Parameters, T> network) {
    try (Custody custody = new Custody()) {
      custody.add(this);
      return custody.handOver(network.apply(this));
    }
  }

  /** Adds a tensor that training moves. */
  Tensor train(String name, Initial initial, long... shape) {
    try (NativeScope scope = new NativeScope()) {
      Tensor value = laidOut(source.get(name, initial, shape));
      return add(trained, name, value.requires_grad_(true));
    }
  }

  /**
   * Weights of a convolution with the channels last in memory: oneDNN then takes maps as they are,
   * where it would rearrange them before and after each convolution.
   */
  private Tensor laidOut(Tensor value) {
    boolean convolution = value.dim() == 4 && source.device().equals(ComputeDevice.CPU);
    return convolution ? value.contiguous(MemoryFormat.ChannelsLast) : value;
  }

  /** Adds a tensor that training moves, zeros unless a file has it; -1 stands for any size. */
  public Tensor train(String name, long... shape) {
    return train(name, Initial.constant(0), shape);
  }

  /** Adds a tensor that training does not move by gradients. */
  Tensor keep(String name, Initial initial, long... shape) {
    try (NativeScope scope = new NativeScope()) {
      return add(kept, name, source.get(name, initial, shape));
    }
  }

  /** Adds a tensor that stays, zeros unless a file has it; -1 stands for any size. */
  public Tensor keep(String name, long... shape) {
    return keep(name, Initial.constant(0), shape);
  }

  /** Adds running averages of the statistics of batches. */
  Tensor average(String name, Initial initial, long... shape) {
    Tensor value = keep(name, initial, shape);
    statistics.add(value);
    return value;
  }

  private static Tensor add(Map<String, Tensor> tensors, String name, Tensor value) {
    if (tensors.put(name, NativeScope.own(value)) != null) {
      throw new IllegalStateException("two parameters are called " + name);
    }
    return value;
  }

  /** Where they live; belongs to the current scope. */
  public Device device() {
    return source.device().torch();
  }

  /** Their type, float32 or, for checks of gradients, float64. */
  public ScalarType type() {
    return Tensors.type(trained.values().iterator().next());
  }

  /**
   * The tensors that training moves, always in the same order; leaves of the graph of gradients.
   */
  public List<Tensor> trained() {
    return List.copyOf(trained.values());
  }

  /** The running averages of the statistics of batches, by which samples are normalised. */
  public List<Tensor> statistics() {
    return List.copyOf(statistics);
  }

  /** Everything that must be stored, by name; the tensors stay this object's. */
  public Map<String, Tensor> named() {
    Map<String, Tensor> all = new LinkedHashMap<>(trained);
    all.putAll(kept);
    return all;
  }

  /** The tensors that training moves, without their place in the graph, to be changed in place. */
  public Tensor[] values() {
    return trained.values().stream().map(Tensor::detach).toArray(Tensor[]::new);
  }

  @Override
  public void close() {
    trained.values().forEach(Tensor::close);
    kept.values().forEach(Tensor::close);
  }
}
