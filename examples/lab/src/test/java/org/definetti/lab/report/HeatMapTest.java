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
}
