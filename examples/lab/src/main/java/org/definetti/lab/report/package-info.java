/**
 * The pictures and the page of a run: a pure function of the files in its directory.
 *
 * <p>Read {@link org.definetti.lab.report.Report} first. {@link org.definetti.lab.report.Figure}
 * says what is drawn; {@code ChartOption} turns it into the one description that the page, the SVG
 * and, through it, the PNG are drawn from by Apache ECharts.
 */
@NullMarked
package org.definetti.lab.report;

import org.jspecify.annotations.NullMarked;
