package org.definetti.layer;

import java.util.Map;
import java.util.Objects;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.latent.LogSumExp;
import org.definetti.latent.ShapeMismatchException;
import org.ejml.simple.SimpleMatrix;

/** What a {@link MessageLayer} computes, in double precision, every weight kept as its log. */
final class MessageReference implements Attention {

  private final MessagePlan plan;
  private final double[][] edge; // log M, from sender to receiver
  private final double[][] emission; // log B
  private final double[] prior; // log π

  MessageReference(MessagePlan plan, Map<String, SimpleMatrix> parameters) {
    this.plan = plan;
    SimpleMatrix logits = Objects.requireNonNull(parameters.get(MessageLayer.EDGE), "edge");
    double[][] laws = laws(logits);
    this.edge = new double[laws.length][laws.length];
    for (int i = 0; i < laws.length; i++) {
      for (int j = 0; j < laws.length; j++) {
        edge[i][j] = plan.isUpwards() ? laws[j][i] : laws[i][j];
      }
    }
    this.emission = laws(Objects.requireNonNull(parameters.get(MessageLayer.EMISSION), "emission"));
    SimpleMatrix first = parameters.get(MessageLayer.PRIOR);
    this.prior = first == null ? new double[laws.length] : laws(first)[0];
  }

  private static double[][] laws(SimpleMatrix logits) {
    double[][] laws = new double[logits.getNumRows()][];
    for (int i = 0; i < laws.length; i++) {
      laws[i] = logits.extractVector(true, i).getDDRM().data.clone();
      double total = LogSumExp.of(laws[i]);
      for (int j = 0; j < laws[i].length; j++) {
        laws[i][j] -= total;
      }
    }
    return laws;
  }

  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    int tokens = context.length();
    if (tokens > plan.most()) {
      throw new IllegalArgumentException(
          "context: expected at most " + plan.most() + " tokens, got " + tokens);
    }
    if (context.values().getNumCols() != emission[0].length) {
      throw new ShapeMismatchException(
          "context: expected values of width "
              + emission[0].length
              + ", got "
              + context.values().getNumCols());
    }
    MessageSteps steps = plan.steps(tokens);
    double[][] own = new double[steps.places][prior.length];
    own[0] = prior.clone();
    for (int l = 0; l < tokens; l++) {
      for (int k = 0; k < prior.length; k++) {
        for (int w = 0; w < emission[k].length; w++) {
          own[steps.placeOf[l]][k] += context.values().get(l, w) * emission[k][w];
        }
      }
    }
    double[][] messages = new double[steps.count(tokens)][];
    for (int step = 0; step < messages.length; step++) {
      double[] heard = heard(own[steps.source[step]], steps.heard[step], messages);
      messages[step] = new double[prior.length];
      for (int j = 0; j < prior.length; j++) {
        double[] terms = heard.clone();
        for (int i = 0; i < terms.length; i++) {
          terms[i] += edge[i][j];
        }
        messages[step][j] = LogSumExp.of(terms);
      }
    }
    double[] law =
        LogSumExp.softmax(heard(own[steps.answer(tokens)], steps.heardAtAnswer(tokens), messages));
    double[] out = new double[emission[0].length];
    for (int w = 0; w < out.length; w++) {
      for (int k = 0; k < law.length; k++) {
        out[w] += law[k] * Math.exp(emission[k][w]);
      }
    }
    double[] rows = new double[queries.getNumRows() * out.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Math.log(out[i % out.length]);
    }
    return new SimpleMatrix(queries.getNumRows(), out.length, true, rows);
  }

  private static double[] heard(double[] own, int[] steps, double[][] messages) {
    double[] heard = own.clone();
    for (int step : steps) {
      for (int k = 0; k < heard.length; k++) {
        heard[k] += messages[step][k];
      }
    }
    return heard;
  }
}
