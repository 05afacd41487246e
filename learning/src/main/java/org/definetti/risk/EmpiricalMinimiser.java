package org.definetti.risk;

import org.definetti.engine.Parameters;
import org.definetti.layer.Layer;
import org.definetti.train.FixedDataSet;

/** Finds the parameters of least risk on given samples, where there is a formula for them. */
@FunctionalInterface
public interface EmpiricalMinimiser {

  /** Returns the layer's parameters of least mean loss on the data. */
  Parameters minimise(Layer layer, FixedDataSet data);
}
