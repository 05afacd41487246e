package org.definetti.lab.command;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.definetti.lab.model.Models;
import org.definetti.objective.Objective;

/** What an editor offers for options that are names. */
final class Candidates {

  private Candidates() {}

  /** The built-in models. */
  static final class ModelNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Models.ALL.stream().map(model -> model.name()).iterator();
    }
  }

  /** The layers that can be trained. */
  static final class Layers implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return org.definetti.layer.Layers.names().iterator();
    }
  }

  /** The objectives. */
  static final class Objectives implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Objective.values()).map(Objective::label).iterator();
    }
  }

  /** The objectives whose answer is a predictive mean. */
  static final class SweptObjectives implements Iterable<String> {

    static final List<Objective> ALL =
        List.of(Objective.MASKED, Objective.SUPERVISED, Objective.NEXT_TOKEN);

    @Override
    public Iterator<String> iterator() {
      return ALL.stream().map(Objective::label).iterator();
    }
  }

  /** The optimisers. */
  static final class Optimisers implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("adam", "adamw", "momentum", "sgd").iterator();
    }
  }

  /** The schedules of the learning rate. */
  static final class Schedules implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("cosine", "constant").iterator();
    }
  }

  /** The averages of parameters. */
  static final class Averages implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("none", "exponential", "tail").iterator();
    }
  }
}
