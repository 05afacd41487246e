/**
 * The pictures and the page of a run: a pure function of the files in its directory.
 *
 * <p>Read {@link org.definetti.lab.report.Report} first. {@link org.definetti.lab.report.Figure}
 * says what is drawn; {@code FigureLayout} places it, and one writer each makes SVG and PNG of it.
 */
@NullMarked
package org.definetti.lab.report;

import org.jspecify.annotations.NullMarked;
