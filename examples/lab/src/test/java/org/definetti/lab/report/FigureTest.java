package org.definetti.lab.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.definetti.experiment.CurvePoint;
import org.definetti.experiment.Sweep;
import org.definetti.experiment.SweepResult;
import org.definetti.lab.report.Series.Point;
import org.definetti.lab.report.Series.Style;
import org.definetti.latent.conjugate.GaussianMean;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

final class FigureTest {

  private static final Axis LENGTH = Axis.logarithmic("length (tokens)");
  private static final Axis ERROR = Axis.logarithmic("squared gap");

  private static Figure falling() {
    List<Point> points = new ArrayList<>();
    for (int length = 4; length <= 1024; length *= 2) {
      double error = 2.0 / length;
      points.add(new Point(length, error, 0.8 * error, 1.2 * error));
    }
    return Figure.of("falling", LENGTH, ERROR)
        .withSeries(new Series("softmax", Style.COMPUTED, points))
        .withSeries(Series.powerLaw("predicted", Point.of(4, 0.5), -1, 1024))
        .withCaption("An error of 2 / L.");
  }

  @Test
  void equalFiguresGiveEqualBytesInAnyLocale() {
    String first = falling().toSvg();
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertEquals(first, falling().toSvg());
    } finally {
      Locale.setDefault(before);
    }
    assertFalse(first.contains("\r"));
  }

  @Test
  void aSweepIsDrawnAsItsReportWould() {
    SweepResult result =
        Sweep.of(GaussianMean.of(1, 1.0, 1.0))
            .withLengths(4, 16)
            .withDerived("null-token-softmax")
            .withAttention("zero", (queries, context) -> new SimpleMatrix(1, 1))
            .withSequences(3)
            .withSeeds(2)
            .execute(1);
    Figure figure = Figure.of(result, "squared-gap");
    assertEquals("gaussian mean: squared gap", figure.title());
    assertEquals(LENGTH, figure.horizontal());
    assertEquals(ERROR, figure.vertical());
    assertEquals(2, figure.series().size());
    Series zero = figure.series().get(1);
    assertTrue(zero.label().startsWith("zero"), zero.label());
    for (int i = 0; i < 2; i++) {
      CurvePoint expected = result.curve("zero", "squared-gap").points().get(i);
      Point drawn = zero.points().get(i);
      assertEquals(expected.value(), drawn.x());
      assertEquals(expected.mean(), drawn.y());
      assertEquals(expected.interval().low(), drawn.low());
      assertEquals(expected.interval().high(), drawn.high());
    }
    Exception none =
        assertThrows(IllegalArgumentException.class, () -> Figure.of(result, "squared gap"));
    assertTrue(none.getMessage().startsWith("metric: expected one of ["), none.getMessage());
    assertTrue(none.getMessage().endsWith("], got squared gap"), none.getMessage());
  }

  @Test
  void theSvgIsXmlThatHoldsItsTextAsText() throws Exception {
    Document svg = parsed(falling());
    List<String> texts = texts(svg);
    assertTrue(texts.containsAll(List.of("falling", "squared gap", "softmax", "predicted")));
    assertTrue(texts.containsAll(List.of("4", "16", "64", "256", "1024")), texts.toString());
    assertTrue(texts.containsAll(List.of("1", "0.1", "0.01", "0.001")), texts.toString());
    assertTrue(svg.getDocumentElement().getAttribute("aria-label").contains("An error of 2 / L."));
  }

  @Test
  void theLabelsOfTinyErrorsArePowersOfTen() throws Exception {
    Figure figure =
        Figure.of("f", LENGTH, ERROR)
            .withSeries(
                new Series("s", Style.COMPUTED, List.of(Point.of(4, 3e-16), Point.of(64, 2e-8))));
    List<String> texts = texts(parsed(figure));
    assertTrue(texts.containsAll(List.of("10⁻¹⁶", "10⁻⁸")), texts.toString());
  }

  @Test
  void aPowerLawIsAStraightLineOnLogLogAxes() throws Exception {
    NodeList lines = parsed(falling()).getElementsByTagName("path");
    double[] places = new double[0];
    for (int i = 0; i < lines.getLength(); i++) {
      Element line = (Element) lines.item(i);
      if (line.hasAttribute("stroke-dasharray") && line.getAttribute("d").length() > 60) {
        places = numbers(line.getAttribute("d"));
      }
    }
    int last = places.length - 2;
    double slope = (places[last + 1] - places[1]) / (places[last] - places[0]);
    for (int i = 0; i <= last; i += 2) {
      // Places are rounded to a tenth.
      assertEquals(places[1] + slope * (places[i] - places[0]), places[i + 1], 0.15);
    }
    assertTrue(slope > 0, "the error falls, and the canvas counts downwards");
  }

  @Test
  void theBandLiesBetweenTheEndsOfTheIntervals() throws Exception {
    NodeList paths = parsed(falling()).getElementsByTagName("path");
    List<double[]> bands = new ArrayList<>();
    for (int i = 0; i < paths.getLength(); i++) {
      Element path = (Element) paths.item(i);
      if (path.getAttribute("fill-opacity").equals("0.12")) {
        bands.add(numbers(path.getAttribute("d").replace("Z", "")));
      }
    }
    assertEquals(1, bands.size());
    double[] places = bands.get(0);
    int points = 9; // there above the curve, and back below it
    for (int i = 0; i < points; i++) {
      int above = 2 * i;
      int below = 2 * (2 * points - 1 - i);
      assertEquals(places[above], places[below], 0.05);
      // Ends at 0.8 and 1.2 of the value: equally far apart everywhere on a logarithmic axis.
      double distance = places[below + 1] - places[above + 1];
      assertEquals(places[2 * (2 * points - 1) + 1] - places[1], distance, 0.25);
      assertTrue(distance > 5, "upwards is less");
    }
  }

  @Test
  void hostileNamesStayText() throws Exception {
    String hostile = "<script>alert('x')</script> \"]]>&\u0000\u2028";
    Figure figure =
        Figure.of(hostile, Axis.linear(hostile), Axis.linear(hostile))
            .withSeries(new Series(hostile, Style.TRAINED, List.of(Point.of(1, 2))))
            .withCaption(hostile);
    assertFalse(figure.toSvg().contains("<script"));
    Document svg = parsed(figure);
    assertEquals(0, svg.getElementsByTagName("script").getLength());
    assertTrue(
        texts(svg).stream().anyMatch(t -> t.startsWith("<script>alert('x')")),
        texts(svg).toString());
    String option = ChartOption.json(figure);
    assertFalse(option.contains("<") || option.contains("&") || option.contains("\u2028"));
  }

  @Test
  void theOptionSaysWhatTheFigureSays() throws Exception {
    JsonNode option = new ObjectMapper().readTree(ChartOption.json(falling())).get("baseOption");
    assertEquals("falling", option.at("/title/0/text").asText());
    assertEquals(2, option.at("/xAxis/base").asInt());
    assertEquals(10, option.at("/yAxis/base").asInt());
    JsonNode point = option.at("/series/0/data/2");
    assertEquals("length (tokens) 16", point.get("at").asText());
    assertEquals("0.125 [0.1, 0.15]", point.get("name").asText());
    assertEquals(16, point.at("/value/0").asDouble());
    assertEquals(0.125, point.at("/value/1").asDouble());
    // The intervals and their band hide with their curve, because they bear its name.
    assertEquals("softmax", option.at("/series/1/name").asText());
    assertEquals("softmax", option.at("/series/2/name").asText());
    assertTrue(option.at("/series/2/band").asBoolean());
    assertEquals("predicted", option.at("/series/3/name").asText());
  }

  @Test
  void aCurveOfRoundingAloneIsNamedNotDrawn() {
    Series tiny = new Series("exact", Style.COMPUTED, List.of(Point.of(4, 1e-31), Point.of(8, 0)));
    Figure both = falling().withSeries(tiny);
    assertEquals(List.of("exact: below 1e-20 everywhere, not drawn."), both.notes());
    assertEquals(0, both.omittedCount());
    assertTrue(both.toSvg().contains("exact: below 1e-20 everywhere"));
    Figure alone = Figure.of("f", LENGTH, ERROR).withSeries(tiny);
    assertEquals(1, alone.drawnSeries().size());
    assertEquals(1, alone.omittedCount());
  }

  @Test
  void whatWasTrainedIsHollow() {
    Series trained = new Series("t", Style.TRAINED, List.of(Point.of(4, 1), Point.of(8, 0.1)));
    String hollow = "fill=\"#fff\" stroke=\"" + Ink.ofSeries(0).hex();
    assertTrue(Figure.of("f", LENGTH, ERROR).withSeries(trained).toSvg().contains(hollow));
    assertFalse(falling().toSvg().contains(hollow));
  }

  @Test
  void valuesWithoutAPlaceOnALogarithmicAxisAreCountedNotDrawn() {
    List<Point> points =
        List.of(
            Point.of(0, 1),
            Point.of(1, 0),
            Point.of(2, -1),
            Point.of(4, Double.NaN),
            Point.of(8, Double.POSITIVE_INFINITY),
            Point.of(16, 0.5));
    Figure figure =
        Figure.of("f", LENGTH, ERROR).withSeries(new Series("s", Style.COMPUTED, points));
    assertEquals(5, figure.omittedCount());
    assertTrue(figure.toSvg().contains("5 points (zero, negative or not a number)"));
    assertFalse(figure.toSvg().contains("NaN"));
  }

  @Test
  void oddFiguresAreDrawn() {
    List<List<Point>> shapes =
        List.of(
            List.of(),
            List.of(Point.of(4, 1)),
            List.of(new Point(4, 1, Double.NaN, Double.NaN), new Point(8, 1, -1, 3)),
            List.of(new Point(4, 1, 1, 1), new Point(8, 1, 1e-300, 1e300)),
            List.of(Point.of(4, 1e-300), Point.of(8, 1e300)),
            List.of(Point.of(4, 4.9e-324), Point.of(4, Double.MAX_VALUE)),
            List.of(Point.of(4, 1), Point.of(8, Double.NaN), Point.of(16, 1)),
            List.of(Point.of(4, 1.0000001), Point.of(8, 1.0000002)));
    for (List<Point> points : shapes) {
      for (Axis axis : List.of(ERROR, Axis.linear("y"))) {
        Figure figure =
            Figure.of("f", LENGTH, axis).withSeries(new Series("s", Style.COMPUTED, points));
        String svg = figure.toSvg();
        assertFalse(svg.contains("NaN") || svg.contains("Infinity"), points + "\n" + svg);
        assertTrue(svg.length() < 100_000, points + " gives " + svg.length());
      }
    }
    assertTrue(Figure.of("f", LENGTH, ERROR).toSvg().contains("nothing to draw"));
  }

  @Test
  void aWildIntervalDoesNotHideTheCurve() throws Exception {
    List<Point> points = new ArrayList<>();
    for (int length = 4; length <= 64; length *= 2) {
      points.add(new Point(length, 1.0 / length, length == 4 ? 1e-12 : 0.9 / length, 1.1 / length));
    }
    Document svg =
        parsed(Figure.of("f", LENGTH, ERROR).withSeries(new Series("s", Style.COMPUTED, points)));
    assertTrue(texts(svg).stream().noneMatch(t -> t.contains("10⁻")), "the axis reaches too far");
  }

  @Test
  void thePngIsTheSamePictureAtTwiceTheSize(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("plots").resolve("f.png");
    falling().writePng(file);
    var image = ImageIO.read(file.toFile());
    assertEquals(2 * ChartOption.WIDTH, image.getWidth());
    assertEquals(2 * ChartOption.height(falling(), false), image.getHeight());
    assertEquals(0xFFFFFFFF, image.getRGB(1, 1));
    boolean coloured = false;
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        coloured |= (image.getRGB(x, y) & 0xFFFFFF) == Ink.BLUE.rgb();
      }
    }
    assertTrue(coloured, "no pixel has the colour of the curve");
    byte[] first = Files.readAllBytes(file);
    falling().writePng(file);
    assertArrayEquals(first, Files.readAllBytes(file));
  }

  @Test
  void aPowerLawRefusesWhatHasNoLogarithm() {
    Exception error =
        assertThrows(
            IllegalArgumentException.class,
            () -> Series.powerLaw("p", Point.of(4, Double.NaN), -1, 8));
    assertTrue(String.valueOf(error.getMessage()).startsWith("powerLaw: expected positive"));
  }

  private static Document parsed(Figure figure) throws Exception {
    byte[] bytes = figure.toSvg().getBytes(StandardCharsets.UTF_8);
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(bytes));
  }

  private static List<String> texts(Document svg) {
    List<String> texts = new ArrayList<>();
    NodeList nodes = svg.getElementsByTagName("text");
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent());
    }
    return texts;
  }

  private static double[] numbers(String path) {
    return Pattern.compile("[ ML]")
        .splitAsStream(path)
        .filter(part -> !part.isEmpty())
        .mapToDouble(Double::parseDouble)
        .toArray();
  }
}
