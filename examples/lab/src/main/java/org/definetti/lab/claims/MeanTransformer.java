package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.List;
import org.definetti.attention.Attention;
import org.definetti.attention.Context;
import org.definetti.attention.Transformer;
import org.definetti.attention.TransformerBlock;
import org.definetti.latent.conjugate.GaussianMean;
import org.ejml.simple.SimpleMatrix;

/**
 * A transformer that is the posterior mean of a Gaussian mean at every length: the row of the query
 * is the null token.
 *
 * <pre>{@code
 * row of a token   signals x_l          row of the query   signals m, and a mark
 * one head         logit 0 for tokens, log ν for the marked row;  value: the signals
 *                  Σ_l x_l/(L + ν) + m ν/(L + ν), which replaces m
 * }</pre>
 *
 * <ul>
 *   <li>Where: m the prior mean, ν the prior count. Blocks after the first change nothing.
 *   <li>Accuracy: set by the constants of {@link MirroredRows}; measured, below 1e-6.
 *   <li>Widths: at most six coordinates.
 *   <li>Source: [derived] (check B2 in a block with norms and residuals).
 * </ul>
 *
 * @param model the model, of at most six coordinates
 * @param depth the number of blocks
 * @param count ν; another number is the control
 */
record MeanTransformer(GaussianMean model, int depth, double count) implements Attention {

  private static final int MARK = MirroredRows.SIGNALS - 1;

  /** Returns the transformer with this number of blocks. */
  static MeanTransformer of(GaussianMean model, int depth) {
    return new MeanTransformer(model, depth, model.priorCount());
  }

  /** Returns this transformer with another prior count. */
  MeanTransformer withCount(double other) {
    return new MeanTransformer(model, depth, other);
  }

  @Override
  public SimpleMatrix attend(SimpleMatrix queries, Context context) {
    int width = MirroredRows.BLOCK.width();
    int keys = context.keys().getNumCols();
    int coordinates = context.values().getNumCols();
    double[][] tokens = new double[width][keys + coordinates];
    double[][] query = MirroredRows.constants();
    double[][] readout = new double[coordinates][width];
    for (int i = 0; i < coordinates; i++) {
      MirroredRows.write(tokens, i, keys + i, 1);
      MirroredRows.add(query, i, model.priorMean().get(0, i));
      readout[i][i] = 1;
    }
    MirroredRows.add(query, MARK, 1);
    List<TransformerBlock> blocks = new ArrayList<>();
    blocks.add(block(coordinates));
    while (blocks.size() < depth) {
      blocks.add(new MirroredBlock().build());
    }
    Transformer transformer =
        MirroredRows.transformer(blocks, readout)
            .withEmbedding(new SimpleMatrix(tokens), new SimpleMatrix(MirroredRows.constants()))
            .withQueryEmbedding(
                new SimpleMatrix(width, queries.getNumCols()), new SimpleMatrix(query));
    return transformer.attend(queries, context);
  }

  private TransformerBlock block(int coordinates) {
    MirroredBlock block = new MirroredBlock();
    double root = Math.sqrt(MirroredRows.BLOCK.headWidth()); // undone by the block's temperature
    block.bias("query", 0, Math.log(count) * root);
    block.map("key", 0, MARK, 1);
    for (int i = 0; i < coordinates; i++) {
      block.map("value", i, i, 1);
      block.write("output", i, i, 1);
      block.add("output", i, -model.priorMean().get(0, i));
    }
    return block.build();
  }
}
