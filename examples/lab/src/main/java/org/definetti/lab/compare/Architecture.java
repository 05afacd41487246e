package org.definetti.lab.compare;

import java.util.Objects;
import java.util.function.BiFunction;
import org.definetti.engine.Widths;
import org.definetti.latent.Check;
import org.definetti.layer.Layer;

/**
 * A family of layers that differ in size only, and what they see.
 *
 * <p>An immutable value.
 */
public final class Architecture {

  private final String name;
  private final Sight sight;
  private final int largest;
  private final BiFunction<Widths, Integer, Layer> layer;

  private Architecture(
      String name, Sight sight, int largest, BiFunction<Widths, Integer, Layer> layer) {
    this.name = Objects.requireNonNull(name, "name");
    this.sight = Objects.requireNonNull(sight, "sight");
    this.largest = Check.atLeast("largest", 1, largest);
    this.layer = Objects.requireNonNull(layer, "layer");
  }

  /**
   * Returns an architecture.
   *
   * @param largest the largest size there is; 1 where there is nothing to choose, as for mean
   *     pooling, which is then compared as it is
   * @param layer makes the layer of a size from 1 to the largest
   */
  public static Architecture of(
      String name, Sight sight, int largest, BiFunction<Widths, Integer, Layer> layer) {
    return new Architecture(name, sight, largest, layer);
  }

  /** Returns the name in files and figures, for example {@code attention}. */
  public String name() {
    return name;
  }

  /** Returns what it can see of a sequence. */
  public Sight sight() {
    return sight;
  }

  /** Returns the largest size. */
  public int largest() {
    return largest;
  }

  /** Returns the layer of this size, from 1 to the largest. */
  public Layer layer(Widths widths, int size) {
    return layer.apply(widths, size);
  }

  @Override
  public String toString() {
    return name + " (" + sight + ")";
  }
}
