package org.definetti.layer;

import java.util.Arrays;
import org.definetti.attention.AnswerPlace;
import org.definetti.engine.Batch;
import org.definetti.engine.TokenRows;

/** Forward and backward of a {@link SequenceLayer} over the samples of a call, together. */
final class SequencePass extends SampleWorkspace {

  private final SequenceLayer layer;
  private final Places places;
  private final RowMixer mixer;
  private final int d;
  private final int dk;
  private final int dv;
  private final int p;
  private final int w; // of the mixer's rows
  private final float[][] tokens; // (dk + dv)(places)
  private final float[][] rows; // (d)(places + 1)
  private final float[][] outGradient; // (w)(places + 1)
  private final float[][] block; // (block + 1)(dk + dv)
  private final float[] answered; // (batch, outputs, w)
  private final float[] query; // (d)
  private final float[] answer; // (w)
  private final float[] answerGradient; // (w)

  SequencePass(SequenceLayer layer, int size, int length) {
    super(layer, size, length);
    this.layer = layer;
    this.places = new Places(size, length, layer.queryRows());
    this.mixer = layer.mixer(size, length);
    this.d = layer.width();
    this.dk = layer.widths().key();
    this.dv = layer.widths().value();
    this.p = layer.widths().target();
    this.w = layer.outWidth();
    tokens = new float[dk + dv][places.zero];
    rows = new float[d][places.zero + 1];
    outGradient = new float[w][places.zero + 1];
    block = new float[TokenRows.BLOCK + 1][dk + dv];
    answered = new float[Math.multiplyExact(Math.multiplyExact(size, layer.outputs(length)), w)];
    query = new float[d];
    answer = new float[w];
    answerGradient = new float[w];
  }

  void forward(float[] theta, Batch batch, int from, int to) {
    places.show(batch, from, to);
    for (int j = 0; j < dk + dv; j++) {
      float[] source = j < dk ? batch.keys(j) : batch.values(j - dk);
      for (int s = 0; s < places.samples(); s++) {
        int count = batch.length(from + s);
        int first = places.first(s);
        System.arraycopy(source, (from + s) * batch.length(), tokens[j], first, count);
        Arrays.fill(tokens[j], first + count, places.first(s + 1), 0f);
      }
    }
    int total = places.total();
    TokenRows.map(theta, layer.embedding, layer.embeddingBias, d, tokens, 0, total, rows);
    for (int s = 0; layer.query >= 0 && s < places.samples(); s++) {
      int place = queryPlace(s);
      SmallMatrix.multiply(theta, layer.query, d, dk, batch.queries(), (from + s) * dk, query, 0);
      for (int j = 0; j < d; j++) {
        rows[j][place] = query[j] + theta[layer.queryBias + j];
      }
    }
    float[][] out = mixer.forward(theta, places, rows);
    int answers = layer.outputs(batch.length());
    for (int s = 0; s < places.samples(); s++) {
      for (int i = 0; i < answers(batch.length(from + s)); i++) {
        read(out, s, i);
        int at = (from + s) * answers + i;
        System.arraycopy(answer, 0, answered, at * w, w);
        SmallMatrix.multiply(theta, layer.readout, p, w, answer, 0, output(), at * p);
        SmallMatrix.add(output(), at * p, p, theta, layer.readoutBias, 1f);
      }
    }
  }

  private int answers(int length) {
    return layer.answers() == AnswerPlace.EVERY_TOKEN ? length : 1;
  }

  private int queryPlace(int s) {
    return places.first(s) + places.count(s) - 1;
  }

  /** Writes the row that answer i of sample s is read from. */
  private void read(float[][] out, int s, int i) {
    int first = places.first(s);
    int count = places.count(s);
    for (int j = 0; j < w; j++) {
      answer[j] =
          switch (layer.answers()) {
            case QUERY -> out[j][first + count - 1];
            case EVERY_TOKEN -> out[j][first + i];
            case MEAN -> TokenRows.sum(out[j], first, first + count) / count;
          };
    }
  }

  /** Adds the gradient of that row to the places it was read from. */
  private void spread(int s, int i) {
    int first = places.first(s);
    int count = places.count(s);
    boolean mean = layer.answers() == AnswerPlace.MEAN;
    int at = layer.answers() == AnswerPlace.QUERY ? first + count - 1 : first + i;
    for (int j = 0; j < w; j++) {
      if (mean) {
        Arrays.fill(outGradient[j], first, first + count, answerGradient[j] / count);
      } else {
        outGradient[j][at] = answerGradient[j];
      }
    }
  }

  void backward(float[] theta, Batch batch, int from, int to, float[] gradient) {
    int total = places.total();
    for (float[] row : outGradient) {
      Arrays.fill(row, 0, total, 0f);
    }
    float[] dout = outputGradient();
    int answers = layer.outputs(batch.length());
    for (int s = 0; s < places.samples(); s++) {
      for (int i = 0; i < answers(batch.length(from + s)); i++) {
        int at = (from + s) * answers + i;
        SmallMatrix.addOuter(gradient, layer.readout, p, w, dout, at * p, answered, at * w, 1f);
        SmallMatrix.add(gradient, layer.readoutBias, p, dout, at * p, 1f);
        SmallMatrix.multiplyTransposed(theta, layer.readout, p, w, dout, at * p, answerGradient);
        spread(s, i);
      }
    }
    float[][] dx = mixer.backward(theta, places, rows, outGradient, gradient);
    for (int s = 0; layer.query >= 0 && s < places.samples(); s++) {
      int place = queryPlace(s);
      for (int j = 0; j < d; j++) {
        query[j] = dx[j][place];
        dx[j][place] = 0f;
      }
      int at = (from + s) * dk;
      SmallMatrix.addOuter(gradient, layer.query, d, dk, query, 0, batch.queries(), at, 1f);
      SmallMatrix.add(gradient, layer.queryBias, d, query, 0, 1f);
    }
    TokenRows.addGradient(
        gradient, layer.embedding, layer.embeddingBias, d, dx, tokens, 0, total, block);
  }
}
