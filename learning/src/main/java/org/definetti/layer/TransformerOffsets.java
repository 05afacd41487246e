package org.definetti.layer;

import java.util.List;
import org.definetti.engine.ParameterShape;
import org.definetti.engine.Parameters;

/** Where a transformer's parameters start in their storage; -1 where one does not exist. */
final class TransformerOffsets {

  final int embeddingMap;
  final int embeddingBias;
  final int queryMap;
  final int queryBias;
  final int positions;
  final int firstBlock;
  final int finalGain;
  final int finalBias;
  final int readoutMap;
  final int readoutBias;

  TransformerOffsets(List<ParameterShape> shapes) {
    Parameters layout = Parameters.zeros(shapes);
    embeddingMap = offset(layout, "embedding.map");
    embeddingBias = offset(layout, "embedding.bias");
    queryMap = offset(layout, "query.embedding.map");
    queryBias = offset(layout, "query.embedding.bias");
    positions = offset(layout, "positions");
    firstBlock = offset(layout, "block.0.query.map");
    finalGain = offset(layout, "final.norm.gain");
    finalBias = offset(layout, "final.norm.bias");
    readoutMap = offset(layout, "readout.map");
    readoutBias = offset(layout, "readout.bias");
  }

  private static int offset(Parameters layout, String name) {
    return layout.has(name) ? layout.offset(name) : -1;
  }
}
