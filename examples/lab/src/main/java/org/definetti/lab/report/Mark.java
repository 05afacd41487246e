package org.definetti.lab.report;

import java.util.List;

/** One thing on the canvas, placed in units of the picture: x to the right, y downwards. */
sealed interface Mark {

  /** A place on the canvas. */
  record Place(double x, double y) {}

  /** Where a label's text starts from its place. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /** A line through places. */
  record Stroke(List<Place> places, Ink ink, double width, boolean dashed) implements Mark {
    public Stroke {
      places = List.copyOf(places);
    }
  }

  /** A closed, filled outline; opacity between 0 and 1. */
  record Fill(List<Place> places, Ink ink, double opacity) implements Mark {
    public Fill {
      places = List.copyOf(places);
    }
  }

  /** A measured point: a filled outline with a thin rim, and the words shown on hover. */
  record Dot(List<Place> places, Ink ink, String hover) implements Mark {
    public Dot {
      places = List.copyOf(places);
    }
  }

  /** Text on one line; the place is on its base line. */
  record Label(String text, Place place, Anchor anchor, double size, boolean bold, Ink ink)
      implements Mark {}
}
