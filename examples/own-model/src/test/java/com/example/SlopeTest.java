package com.example;

import org.definetti.latent.LatentModel;
import org.definetti.latent.LatentModelContract;

class SlopeTest implements LatentModelContract<Double> {
  @Override
  public LatentModel<Double> model() {
    return new Slope(2, 0.5);
  }
}
