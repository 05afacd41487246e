package org.definetti.lab.run;

import java.util.Locale;
import org.definetti.experiment.Source;

/** Writes the source of a statement so that what is derived here never looks like a paper. */
public final class Sources {

  private Sources() {}

  /** Returns for example {@code derived: conjugacy} or {@code paper: Zhang-2023, sec 4.1}. */
  public static String text(Source source) {
    return source.tag().name().toLowerCase(Locale.ROOT) + ": " + source.citation();
  }
}
