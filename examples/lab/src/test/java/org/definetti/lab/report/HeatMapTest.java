package org.definetti.lab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.parsers.DocumentBuilderFactory;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class HeatMapTest {

  private static HeatMap map(double... values) {
    return new HeatMap("a <b> & c", "row", "column", new SimpleMatrix(2, 2, true, values));
  }

  private static NodeList elements(String svg, String tag) throws Exception {
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    return document.getElementsByTagName(tag);
  }

  @Test
  void zeroIsTheOnlyCellWithADigit() throws Exception {
    String svg = map(1, 1e-3, 1e-6, 0).toSvg();
    // Ground, four cells, and three colours: full, half way, palest.
    assertEquals(8, elements(svg, "rect").getLength());
    assertTrue(svg.contains("fill-opacity=\"1.000\""));
    assertTrue(svg.contains("fill-opacity=\"0.560\""));
    assertTrue(svg.contains("fill-opacity=\"0.120\""));
    assertTrue(svg.contains(">0</text>"));
    assertFalse(map(1, 1, 1, 1).toSvg().contains(">0</text>"));
  }

  @Test
  void nothingAtAllIsDrawnToo() throws Exception {
    assertEquals(5, elements(map(0, 0, 0, 0).toSvg(), "rect").getLength());
  }

  @Test
  void theSignIsAColourAndTheSizeItsShade() {
    String svg = map(1, -1, 0.5, 0).toSvg();
    assertTrue(svg.contains("fill=\"#0072b2\" fill-opacity=\"1.000\""), svg);
    assertTrue(svg.contains("fill=\"#d55e00\" fill-opacity=\"1.000\""), svg);
    assertTrue(svg.contains("orange below zero"), svg);
  }

  @Test
  void everyCellLiesInThePicture() throws Exception {
    HeatMap wide = new HeatMap("w", "row", "column", SimpleMatrix.ones(2, 30));
    NodeList cells = elements(wide.toSvg(), "rect");
    int width = Integer.parseInt(attribute(cells, 0, "width"));
    for (int i = 1; i < cells.getLength(); i++) {
      int end =
          Integer.parseInt(attribute(cells, i, "x"))
              + Integer.parseInt(attribute(cells, i, "width"));
      assertTrue(end <= width, end + " of " + width);
    }
  }

  private static String attribute(NodeList elements, int i, String name) {
    return elements.item(i).getAttributes().getNamedItem(name).getNodeValue();
  }

  @Test
  void theNumbersAreATable() {
    assertEquals("row,column,value\n0,0,1\n0,1,-0.25\n1,0,0\n1,1,3\n", map(1, -.25, 0, 3).toCsv());
  }
}
