package org.definetti.experiment;

/** The listener that does nothing; one object, so that equal runners are equal. */
enum Silence implements Progress {
  SILENCE
}
