package org.definetti.layer;

import java.util.Arrays;
import org.definetti.engine.Batch;

/**
 * Forward and backward of a {@link MessageLayer}, sample by sample.
 *
 * <p>The backward pass carries gradients of logs: that of the log of a product is that of the log
 * of each factor. What is heard is scaled by its largest, which changes no message, since a message
 * is normalised.
 */
final class MessagePass extends SampleWorkspace {

  private final MessageLayer layer;
  private final MessageSteps steps;
  private final int states; // K
  private final int categories; // W
  private final double[] edge; // M, (K, K), from sender to receiver
  private final double[] emission; // B, (K, W)
  private final double[] logEmission; // log B
  private final double[] prior; // log π, zero without
  private final double[][] own; // (batch)(places, K)
  private final double[][] heard; // (batch)(steps, K)
  private final double[][] messages; // (batch)(steps, K)
  private final double[][] sums; // (batch)(steps): what a message was divided by
  private final double[][] law; // (batch)(K): p
  private final double[][] out; // (batch)(W): exp of the output
  private final double[] ownGradient; // of logs, (places, K)
  private final double[] messageGradient; // of logs, (steps, K)
  private final double[] scratch; // (K)
  private final double[] row; // (max(K, W))
  private final double[] edgeGradient; // (K, K), as edge
  private final double[] emissionGradient; // of log B, (K, W)
  private final double[] priorGradient; // of log π, (K)

  MessagePass(MessageLayer layer, int size, int length) {
    super(layer, size, length);
    this.layer = layer;
    this.steps = layer.plan().steps(length);
    this.states = layer.states();
    this.categories = layer.widths().value();
    int count = steps.source.length;
    edge = new double[states * states];
    emission = new double[states * categories];
    logEmission = new double[states * categories];
    prior = new double[states];
    own = new double[size][steps.places * states];
    heard = new double[size][count * states];
    messages = new double[size][count * states];
    sums = new double[size][count];
    law = new double[size][states];
    out = new double[size][categories];
    ownGradient = new double[steps.places * states];
    messageGradient = new double[count * states];
    scratch = new double[states];
    row = new double[Math.max(states, categories)];
    edgeGradient = new double[edge.length];
    emissionGradient = new double[emission.length];
    priorGradient = new double[states];
  }

  private int edgeAt(int row, int column) {
    return layer.plan().isUpwards() ? column * states + row : row * states + column;
  }

  /** Writes the laws that rows of logits stand for. */
  private void read(float[] theta) {
    for (int k = 0; k < states; k++) {
      softmax(theta, layer.offset(MessageLayer.EDGE) + k * states, states, row);
      for (int j = 0; j < states; j++) {
        edge[edgeAt(k, j)] = row[j];
      }
      softmax(theta, layer.offset(MessageLayer.EMISSION) + k * categories, categories, row);
      for (int w = 0; w < categories; w++) {
        emission[k * categories + w] = row[w];
        logEmission[k * categories + w] = Math.log(row[w]);
      }
    }
    if (layer.plan().isRooted()) {
      softmax(theta, layer.offset(MessageLayer.PRIOR), states, row);
      for (int k = 0; k < states; k++) {
        prior[k] = Math.log(row[k]);
      }
    }
  }

  private static void softmax(float[] logits, int at, int count, double[] law) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < count; j++) {
      largest = Math.max(largest, logits[at + j]);
    }
    double sum = 0;
    for (int j = 0; j < count; j++) {
      law[j] = Math.exp(logits[at + j] - largest);
      sum += law[j];
    }
    for (int j = 0; j < count; j++) {
      law[j] /= sum;
    }
  }

  void forward(float[] theta, Batch batch, int from, int to) {
    read(theta);
    for (int b = from; b < to; b++) {
      see(batch, b);
      int tokens = batch.length(b);
      for (int step = 0; step < steps.count(tokens); step++) {
        send(b, step);
      }
      answer(b, tokens);
      for (int w = 0; w < categories; w++) {
        output()[b * categories + w] = (float) Math.log(out[b][w]);
      }
    }
  }

  /** Writes the likelihoods at every place, each scaled by its largest. */
  private void see(Batch batch, int b) {
    double[] likelihoods = own[b];
    Arrays.fill(likelihoods, 0);
    System.arraycopy(prior, 0, likelihoods, 0, states);
    for (int l = 0; l < batch.length(b); l++) {
      int at = steps.placeOf[l] * states;
      for (int w = 0; w < categories; w++) {
        float value = batch.values(w)[b * batch.length() + l];
        for (int k = 0; k < states; k++) {
          likelihoods[at + k] += value * logEmission[k * categories + w];
        }
      }
    }
    for (int at = 0; at < likelihoods.length; at += states) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < states; k++) {
        largest = Math.max(largest, likelihoods[at + k]);
      }
      for (int k = 0; k < states; k++) {
        likelihoods[at + k] = Math.exp(likelihoods[at + k] - largest);
      }
    }
  }

  /** Writes the product of what a place saw and heard, scaled by its largest. */
  private void product(int b, int place, int[] incoming, double[] product, int at) {
    double largest = 0;
    for (int k = 0; k < states; k++) {
      double weight = own[b][place * states + k];
      for (int step : incoming) {
        weight *= messages[b][step * states + k];
      }
      product[at + k] = weight;
      largest = Math.max(largest, weight);
    }
    for (int k = 0; k < states; k++) {
      product[at + k] /= largest;
    }
  }

  private void send(int b, int step) {
    int at = step * states;
    product(b, steps.source[step], steps.heard[step], heard[b], at);
    double sum = 0;
    for (int j = 0; j < states; j++) {
      double weight = 0;
      for (int i = 0; i < states; i++) {
        weight += heard[b][at + i] * edge[i * states + j];
      }
      messages[b][at + j] = weight;
      sum += weight;
    }
    sums[b][step] = sum;
    for (int j = 0; j < states; j++) {
      messages[b][at + j] /= sum;
    }
  }

  private void answer(int b, int tokens) {
    product(b, steps.answer(tokens), steps.heardAtAnswer(tokens), law[b], 0);
    double sum = 0;
    for (int k = 0; k < states; k++) {
      sum += law[b][k];
    }
    Arrays.fill(out[b], 0);
    for (int k = 0; k < states; k++) {
      law[b][k] /= sum;
      for (int w = 0; w < categories; w++) {
        out[b][w] += law[b][k] * emission[k * categories + w];
      }
    }
  }

  void backward(Batch batch, int from, int to, float[] gradient) {
    Arrays.fill(edgeGradient, 0);
    Arrays.fill(emissionGradient, 0);
    Arrays.fill(priorGradient, 0);
    for (int b = from; b < to; b++) {
      int tokens = batch.length(b);
      Arrays.fill(ownGradient, 0);
      Arrays.fill(messageGradient, 0);
      fromAnswer(b, tokens);
      for (int step = steps.count(tokens) - 1; step >= 0; step--) {
        fromMessage(b, step);
      }
      fromEvidence(batch, b);
    }
    addEdges(gradient, layer.offset(MessageLayer.EDGE));
    int at = layer.offset(MessageLayer.EMISSION);
    for (int k = 0; k < states; k++) {
      addLogs(emissionGradient, logEmission, k * categories, categories, gradient, at);
    }
    if (layer.plan().isRooted()) {
      addLogs(priorGradient, prior, 0, states, gradient, layer.offset(MessageLayer.PRIOR));
    }
  }

  /** Adds the gradient of a log of a product to those of its factors' logs. */
  private void spread(int place, int[] incoming) {
    for (int k = 0; k < states; k++) {
      ownGradient[place * states + k] += scratch[k];
      for (int step : incoming) {
        messageGradient[step * states + k] += scratch[k];
      }
    }
  }

  private void fromAnswer(int b, int tokens) {
    double mean = 0;
    for (int k = 0; k < states; k++) {
      scratch[k] = 0;
      for (int w = 0; w < categories; w++) {
        int at = k * categories + w;
        double share = outputGradient()[b * categories + w] * emission[at] / out[b][w];
        emissionGradient[at] += law[b][k] * share;
        scratch[k] += share;
      }
      mean += law[b][k] * scratch[k];
    }
    for (int k = 0; k < states; k++) {
      scratch[k] = law[b][k] * (scratch[k] - mean);
    }
    spread(steps.answer(tokens), steps.heardAtAnswer(tokens));
  }

  private void fromMessage(int b, int step) {
    int at = step * states;
    double total = 0;
    for (int j = 0; j < states; j++) {
      total += messageGradient[at + j];
    }
    Arrays.fill(scratch, 0);
    for (int j = 0; j < states; j++) {
      double message = messages[b][at + j];
      double before = (messageGradient[at + j] / message - total) / sums[b][step];
      for (int i = 0; i < states; i++) {
        edgeGradient[i * states + j] += heard[b][at + i] * before;
        scratch[i] += edge[i * states + j] * before;
      }
    }
    for (int i = 0; i < states; i++) {
      scratch[i] *= heard[b][at + i];
    }
    spread(steps.source[step], steps.heard[step]);
  }

  private void fromEvidence(Batch batch, int b) {
    for (int l = 0; l < batch.length(b); l++) {
      int at = steps.placeOf[l] * states;
      for (int w = 0; w < categories; w++) {
        float value = batch.values(w)[b * batch.length() + l];
        for (int k = 0; k < states; k++) {
          emissionGradient[k * categories + w] += value * ownGradient[at + k];
        }
      }
    }
    for (int k = 0; k < states; k++) {
      priorGradient[k] += ownGradient[k];
    }
  }

  /** Adds the gradient of the logits of M, given that of M. */
  private void addEdges(float[] gradient, int at) {
    for (int i = 0; i < states; i++) {
      double mean = 0;
      for (int j = 0; j < states; j++) {
        mean += edge[edgeAt(i, j)] * edgeGradient[edgeAt(i, j)];
      }
      for (int j = 0; j < states; j++) {
        gradient[at + i * states + j] +=
            (float) (edge[edgeAt(i, j)] * (edgeGradient[edgeAt(i, j)] - mean));
      }
    }
  }

  /** Adds the gradient of a row of logits, given that of the logs of its law. */
  private static void addLogs(
      double[] logGradient, double[] logs, int from, int count, float[] gradient, int at) {
    double total = 0;
    for (int j = from; j < from + count; j++) {
      total += logGradient[j];
    }
    for (int j = from; j < from + count; j++) {
      gradient[at + j] += (float) (logGradient[j] - Math.exp(logs[j]) * total);
    }
  }
}
