package org.definetti.lab.claims;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.definetti.lab.claims.OracleCase.Data;
import org.definetti.lab.oracle.GaussianTokens;
import org.definetti.lab.oracle.JointGaussian;
import org.definetti.lab.oracle.LatentSum;
import org.definetti.lab.oracle.Oracle;
import org.definetti.lab.oracle.SimplexQuadrature;
import org.definetti.lab.oracle.TokenByToken;
import org.definetti.latent.Tokens;

/** An oracle for every model of the catalogue, in its order. */
final class OracleCases {

  private static final String JOINT = "conditioning of the joint Gaussian of all values";
  private static final String SIMPLEX = "quadrature over the simplex, token by token";
  private static final String LIST = "sum over all latents of plain products";
  private static final String LINE = "quadrature over z of plain products";

  private static final double TWO_PI = 2 * Math.PI;

  static final List<OracleCase> ALL =
      List.of(
          new OracleCase(
              "gaussian-mean:dimension=2,prior-variance=0.7,noise-variance=1.9",
              "gaussian-mean:dimension=2,prior-variance=0.7,noise-variance=2.1",
              JOINT,
              OracleCases::gaussianMean),
          new OracleCase(
              "beta-bernoulli:a=0.6,b=2.3",
              "beta-bernoulli:a=0.7,b=2.3",
              SIMPLEX,
              OracleCases::coin),
          new OracleCase(
              "dirichlet-categorical:alpha=0.8/1/2.5",
              "dirichlet-categorical:alpha=0.8/1/2.7",
              SIMPLEX,
              OracleCases::die),
          new OracleCase(
              "multivariate-gaussian-mean",
              "multivariate-gaussian-mean:noise-correlation=-0.4",
              JOINT,
              OracleCases::multivariateMean),
          new OracleCase(
              "normal-inverse-wishart:dimension=1,prior-count=1.7,scale=4,degrees-of-freedom=7",
              "normal-inverse-wishart:dimension=1,prior-count=1.7,scale=5,degrees-of-freedom=7",
              "quadrature over mean and variance (one dimension)",
              OracleCases::meanAndVariance),
          new OracleCase(
              "gamma-poisson:shape=2.5,rate=0.8",
              "gamma-poisson:shape=2.5,rate=0.9",
              LINE,
              OracleCases::counts),
          new OracleCase(
              "gaussian-process:key-width=2,prior-variance=1.3",
              "gaussian-process:key-width=2,prior-variance=1.5",
              JOINT,
              d -> kernelValues(d, OracleCases::rbf)),
          new OracleCase(
              "linear-regression:key-width=3,value-width=2,noise-variance=0.4",
              "linear-regression:key-width=3,value-width=2,noise-variance=0.8",
              JOINT,
              d -> kernelValues(d, JointGaussian::dot)),
          new OracleCase(
              "categorical-concepts:prior=1/2/3",
              "categorical-concepts:prior=1/2/3,separation=0.9",
              LIST,
              OracleCases::dice),
          new OracleCase(
              "gaussian-concepts:prior=1/2/3,variances=1/2/0.5",
              "gaussian-concepts:prior=1/2/3,variances=1/2/0.6",
              LIST,
              OracleCases::points),
          new OracleCase(
              "regression-concepts:prior=1/2/3",
              "regression-concepts:prior=1/2/3,noise-variance=0.3",
              LIST,
              OracleCases::maps),
          new OracleCase("topics", "topics:separation=0.9", LIST, OracleCases::topics),
          new OracleCase(
              "equal-mean-clusters:prior=1/2/3",
              "equal-mean-clusters:prior=1/2/4",
              LIST,
              OracleCases::clusters),
          new OracleCase(
              "sparse-boolean:rule=parity,positions=6,relevant=3,noise=0.2",
              "sparse-boolean:rule=parity,positions=6,relevant=3,noise=0.25",
              LIST,
              OracleCases::sparse),
          new OracleCase(
              "von-mises-fisher-mean",
              "von-mises-fisher-mean:concentration=2.2",
              "quadrature over the sphere of plain products",
              OracleCases::direction),
          new OracleCase(
              "directional",
              "directional:concentration=2.2",
              "quadrature over the circle of rotations",
              OracleCases::rotation),
          new OracleCase(
              "finite-directional",
              "finite-directional:concentration=2.2",
              LIST,
              OracleCases::signedPermutations),
          new OracleCase(
              "two-topics:a=1.4,b=0.7", "two-topics:a=1.4,b=0.8", LINE, OracleCases::twoTopics),
          new OracleCase(
              "dirichlet-process:concentration=2.5,base-variance=1.7",
              "dirichlet-process:concentration=2.7,base-variance=1.7",
              "counting equal tokens, token by token",
              OracleCases::restaurant),
          new OracleCase(
              "shown-atoms:dimension=2,prior-variance=1.3",
              "shown-atoms:dimension=2,prior-variance=1.5",
              "sum over the points and the line of each coordinate of plain products",
              OracleCases::shownAtoms),
          new OracleCase(
              "contaminated-mean",
              "contaminated-mean:outlier-probability=0.25",
              LINE,
              OracleCases::contaminated),
          new OracleCase(
              "student-mean:prior-variance=1.4,scale=0.6",
              "student-mean:prior-variance=1.4,scale=0.7",
              LINE,
              OracleCases::student),
          new OracleCase(
              "logistic-regression",
              "logistic-regression:prior-variance=4.5",
              "quadrature over the plane of plain products",
              OracleCases::logistic),
          new OracleCase(
              "hidden-markov:initial=0.3/0.7",
              "hidden-markov:initial=0.3/0.7,transition=0.8/0.2/0.2/0.8",
              "sum over all paths of states",
              OracleCases::paths),
          new OracleCase(
              "markov-chain:alpha=1/2/0.7/1/1/1/0.9/0.8/3",
              "markov-chain:alpha=1/3/0.7/1/1/2/0.9/0.8/2",
              SIMPLEX,
              OracleCases::chain),
          new OracleCase(
              "autoregression:memory=0.6,prior-mean=0.3",
              "autoregression:memory=0.5,prior-mean=0.3",
              JOINT,
              OracleCases::autoregression),
          new OracleCase(
              "index-tied:prior=0.3/0.7", "index-tied:prior=0.4/0.6", LIST, OracleCases::indexTied),
          new OracleCase(
              "urn:balls=8/5/9", "urn:balls=8/5/10", "counting arrangements", OracleCases::urn),
          new OracleCase("latent-tree", "latent-tree:stay=0.85", LIST, OracleCases::tree),
          new OracleCase(
              "latent-grid:coupling=0.7", "latent-grid:coupling=0.6", LIST, OracleCases::grid),
          new OracleCase(
              "gaussian-groups:groups=3,prior-variance=1.3,group-variance=0.6",
              "gaussian-groups:groups=3,prior-variance=1.3,group-variance=0.7",
              JOINT,
              OracleCases::groups));

  private OracleCases() {}

  private static double normal(double x, double mean, double variance) {
    double gap = x - mean;
    return Math.exp(-0.5 * gap * gap / variance) / Math.sqrt(TWO_PI * variance);
  }

  private static double square(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum;
  }

  private static double[] normalised(double[] weights) {
    double sum = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(w -> w / sum).toArray();
  }

  /** Latents that are the nodes of a trapezoid rule on a line, with prior density times step. */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves this class
  private record Nodes(double[] places, double[] weights) {

    static Nodes of(double low, double high, double step, DoubleUnaryOperator density) {
      int count = (int) Math.ceil((high - low) / step) + 1;
      double[] places = IntStream.range(0, count).mapToDouble(k -> low + k * step).toArray();
      double[] weights = Arrays.stream(places).map(u -> step * density.applyAsDouble(u)).toArray();
      return new Nodes(places, weights);
    }

    static Nodes normal(double variance, double step) {
      double reach = 10 * Math.sqrt(variance);
      return of(-reach, reach, step, z -> OracleCases.normal(z, 0, variance));
    }

    double[] map(DoubleUnaryOperator f) {
      return Arrays.stream(places).map(f).toArray();
    }
  }

  private static Oracle gaussianMean(Data d) {
    double t2 = d.number("prior-variance");
    double s2 = d.number("noise-variance");
    int width = (int) d.number("dimension");
    return new GaussianTokens(0, width, (i, p, a, j, q, b) -> a == b ? t2 + (i == j ? s2 : 0) : 0);
  }

  private static Oracle multivariateMean(Data d) {
    double[] prior = d.array("prior-covariance");
    double[] noise = d.array("noise-covariance");
    int w = d.columns("prior-mean");
    return new GaussianTokens(
        0, w, (i, p, a, j, q, b) -> prior[a * w + b] + (i == j ? noise[a * w + b] : 0));
  }

  private static Oracle kernelValues(Data d, ToDoubleBiFunction<double[], double[]> kernel) {
    double t2 = d.number("prior-variance");
    double s2 = d.number("noise-variance");
    return new GaussianTokens(
        0,
        (int) d.number("value-width"),
        (i, p, a, j, q, b) -> a == b ? t2 * kernel.applyAsDouble(p, q) + (i == j ? s2 : 0) : 0);
  }

  // The length scale of the catalogue's default.
  private static double rbf(double[] p, double[] q) {
    return Math.exp(-square(p, q) / (2 * 0.7 * 0.7));
  }

  private static Oracle autoregression(Data d) {
    double memory = d.number("memory");
    double t2 = d.number("prior-variance");
    double stationary = d.number("noise-variance") / (1 - memory * memory);
    return new GaussianTokens(
        d.number("prior-mean"),
        1,
        (i, p, a, j, q, b) -> t2 + stationary * Math.pow(memory, Math.abs(i - j)));
  }

  private static Oracle groups(Data d) {
    double t2 = d.number("prior-variance");
    double b2 = d.number("group-variance");
    double s2 = d.number("noise-variance");
    return new GaussianTokens(
        0, 1, (i, p, a, j, q, b) -> t2 + (p[0] == q[0] ? b2 : 0) + (i == j ? s2 : 0));
  }

  /** A law of categories by quadrature over the simplex, from what was counted in the past. */
  private static Oracle simplex(Function<Tokens, double[]> law, UnaryOperator<double[]> mean) {
    return new TokenByToken(
        new TokenByToken.Law() {
          @Override
          public double next(Tokens past, double[] token) {
            return law.apply(past)[(int) token[0]];
          }

          @Override
          public double[] mean(Tokens past) {
            return mean.apply(law.apply(past));
          }
        });
  }

  private static double[] count(Tokens tokens, int categories) {
    double[] counts = new double[categories];
    for (int l = 0; l < tokens.length(); l++) {
      counts[(int) tokens.at(l, 0)]++;
    }
    return counts;
  }

  private static Oracle coin(Data d) {
    double[] alpha = {d.number("b"), d.number("a")};
    return simplex(
        past -> SimplexQuadrature.posteriorMean(alpha, count(past, 2)),
        law -> new double[] {law[1]});
  }

  private static Oracle die(Data d) {
    double[] alpha = d.array("alpha");
    return simplex(
        past -> SimplexQuadrature.posteriorMean(alpha, count(past, alpha.length)), law -> law);
  }

  private static Oracle chain(Data d) {
    double[] initial = d.array("initial");
    return simplex(
        past -> {
          if (past.length() == 0) {
            return initial;
          }
          double now = past.at(past.length() - 1, 0);
          double[] counts = new double[initial.length];
          for (int l = 1; l < past.length(); l++) {
            counts[(int) past.at(l, 0)] += past.at(l - 1, 0) == now ? 1 : 0;
          }
          return SimplexQuadrature.posteriorMean(d.row("alpha", (int) now), counts);
        },
        law -> law);
  }

  private static BigInteger arrangements(int[] balls) {
    BigInteger ways = BigInteger.ONE;
    int placed = 0;
    for (int count : balls) {
      for (int n = 1; n <= count; n++) {
        placed++;
        ways = ways.multiply(BigInteger.valueOf(placed)).divide(BigInteger.valueOf(n));
      }
    }
    return ways;
  }

  // Of the arrangements that begin with the past, the share that goes on with each colour.
  private static Oracle urn(Data d) {
    int[] balls = Arrays.stream(d.array("balls")).mapToInt(b -> (int) b).toArray();
    return simplex(
        past -> {
          int[] left = balls.clone();
          for (int l = 0; l < past.length(); l++) {
            left[(int) past.at(l, 0)]--;
          }
          double[] law = new double[left.length];
          for (int w = 0; w < law.length; w++) {
            int[] after = left.clone();
            after[w]--;
            law[w] =
                after[w] < 0
                    ? 0
                    : new BigDecimal(arrangements(after))
                        .divide(new BigDecimal(arrangements(left)), MathContext.DECIMAL64)
                        .doubleValue();
          }
          return law;
        },
        law -> law);
  }

  private static Oracle restaurant(Data d) {
    double nu = d.number("concentration");
    double variance = d.number("base-variance");
    return new TokenByToken(
        new TokenByToken.Law() {
          @Override
          public double next(Tokens past, double[] token) {
            int equal = 0;
            for (int l = 0; l < past.length(); l++) {
              equal += past.at(l, 0) == token[0] ? 1 : 0;
            }
            double weight = equal > 0 ? equal : nu * normal(token[0], 0, variance);
            return weight / (nu + past.length());
          }

          @Override
          public double[] mean(Tokens past) {
            double sum = 0;
            for (int l = 0; l < past.length(); l++) {
              sum += past.at(l, 0);
            }
            return new double[] {sum / (nu + past.length())};
          }
        });
  }

  /**
   * Points shown are products of densities; a point not shown is integrated, coordinate by
   * coordinate, by a trapezoid rule.
   */
  private static Oracle shownAtoms(Data d) {
    Nodes nodes = Nodes.normal(d.number("prior-variance"), 0.02);
    return new AtomSum(
        (int) d.number("atoms"), d.number("prior-variance"), d.number("noise-variance"), nodes);
  }

  /** Bayes' rule over which of the points, shown or not, is measured. */
  private record AtomSum(int atoms, double t2, double s2, Nodes nodes) implements Oracle {

    private static boolean isShown(Tokens tokens, int l) {
      return tokens.at(l, 0) == 0;
    }

    /** Returns probability times density, then that times the mean, for one point at a time. */
    private double[] terms(Tokens tokens) {
      int width = tokens.space().width() - 1;
      double[] terms = new double[1 + width];
      int shown = 0;
      for (int l = 0; l < tokens.length(); l++) {
        if (isShown(tokens, l)) {
          shown++;
          double product = 1.0 / atoms;
          for (int i = 0; i < width; i++) {
            product *= likelihood(tokens, i, tokens.at(l, 1 + i));
          }
          terms[0] += product;
          for (int i = 0; i < width; i++) {
            terms[1 + i] += product * tokens.at(l, 1 + i);
          }
        }
      }
      double[] masses = new double[width];
      double[] moments = new double[width];
      double product = (atoms - shown) / (double) atoms;
      for (int i = 0; i < width; i++) {
        for (int k = 0; k < nodes.places().length; k++) {
          double place = nodes.places()[k];
          double term = nodes.weights()[k] * likelihood(tokens, i, place);
          masses[i] += term;
          moments[i] += term * place;
        }
        product *= masses[i];
      }
      terms[0] += product;
      for (int i = 0; i < width; i++) {
        terms[1 + i] += product * moments[i] / masses[i];
      }
      return terms;
    }

    private double likelihood(Tokens tokens, int coordinate, double z) {
      double product = 1;
      for (int l = 0; l < tokens.length(); l++) {
        product *= isShown(tokens, l) ? 1 : normal(tokens.at(l, 1 + coordinate), z, s2);
      }
      return product;
    }

    @Override
    public double logEvidence(Tokens tokens) {
      double log = Math.log(terms(tokens)[0]);
      for (int l = 0; l < tokens.length(); l++) {
        for (int i = 1; i < tokens.space().width() && isShown(tokens, l); i++) {
          log += Math.log(normal(tokens.at(l, i), 0, t2));
        }
      }
      return log;
    }

    @Override
    public double[] predictiveMean(Tokens tokens, double[] query) {
      double[] terms = terms(tokens);
      return Arrays.stream(terms, 1, terms.length).map(sum -> sum / terms[0]).toArray();
    }
  }

  private static Oracle meanAndVariance(Data d) {
    double nu = d.number("prior-count");
    double shape = 0.5 * d.number("degrees-of-freedom");
    double scale = 0.5 * d.array("scale")[0];
    // C = e^u inverse gamma up to a constant, m = t √(C / ν) with t standard normal.
    Nodes logs = Nodes.of(-5, 15, 0.08, u -> Math.exp(-shape * u - scale * Math.exp(-u)));
    Nodes offsets = Nodes.normal(1, 0.1);
    double[] logWeights = normalised(logs.weights());
    int inner = offsets.places().length;
    double[] weights = new double[logWeights.length * inner];
    for (int k = 0; k < weights.length; k++) {
      weights[k] = logWeights[k / inner] * offsets.weights()[k % inner];
    }
    double[] variances = logs.map(Math::exp);
    return new LatentSum(
        weights,
        new LatentSum.Law() {
          private double centre(int k) {
            return offsets.places()[k % inner] * Math.sqrt(variances[k / inner] / nu);
          }

          @Override
          public double density(int k, int index, double[] token) {
            return normal(token[0], centre(k), variances[k / inner]);
          }

          @Override
          public double[] mean(int k, int index, double[] query) {
            return new double[] {centre(k)};
          }
        });
  }

  /** A law of one number whose mean is what is predicted. */
  private interface LineLaw {
    double density(double z, double x);
  }

  private static Oracle onLine(double[] weights, double[] latents, LineLaw law) {
    return new LatentSum(
        weights,
        new LatentSum.Law() {
          @Override
          public double density(int k, int index, double[] token) {
            return law.density(latents[k], token[0]);
          }

          @Override
          public double[] mean(int k, int index, double[] query) {
            return new double[] {latents[k]};
          }
        });
  }

  private static Oracle counts(Data d) {
    double shape = d.number("shape");
    double rate = d.number("rate");
    Nodes logs = Nodes.of(-25, 5, 0.04, u -> Math.exp(shape * u - rate * Math.exp(u)));
    return onLine(
        normalised(logs.weights()),
        logs.map(Math::exp),
        (z, x) -> {
          double p = Math.exp(-z);
          for (int n = 1; n <= x; n++) {
            p *= z / n;
          }
          return p;
        });
  }

  private static Oracle contaminated(Data d) {
    double p = d.number("outlier-probability");
    double s1 = d.number("noise-variance");
    double s2 = d.number("outlier-variance");
    Nodes nodes = Nodes.normal(d.number("prior-variance"), 0.02);
    return onLine(
        nodes.weights(),
        nodes.places(),
        (z, x) -> (1 - p) * normal(x, z, s1) + p * normal(x, z, s2));
  }

  private static Oracle student(Data d) {
    double s2 = d.number("scale");
    double f = d.number("freedom");
    // The constant of Student's law of 4 degrees of freedom is 3 / 8.
    if (f != 4) {
      throw new IllegalArgumentException("freedom: expected 4, got " + f);
    }
    Nodes nodes = Nodes.normal(d.number("prior-variance"), 0.03);
    return onLine(
        nodes.weights(),
        nodes.places(),
        (z, x) -> 0.375 / Math.sqrt(s2) * Math.pow(1 + (x - z) * (x - z) / (f * s2), -2.5));
  }

  private static Oracle logistic(Data d) {
    Nodes nodes = Nodes.normal(d.number("prior-variance"), 0.15);
    int side = nodes.places().length;
    double[] weights = new double[side * side];
    for (int k = 0; k < weights.length; k++) {
      weights[k] = nodes.weights()[k / side] * nodes.weights()[k % side];
    }
    return new LatentSum(
        weights,
        new LatentSum.Law() {
          private double one(int k, double[] key) {
            double logit = nodes.places()[k / side] * key[0] + nodes.places()[k % side] * key[1];
            return 1 / (1 + Math.exp(-logit));
          }

          @Override
          public double density(int k, int index, double[] token) {
            double one = one(k, token);
            return token[2] == 1 ? one : 1 - one;
          }

          @Override
          public double[] mean(int k, int index, double[] query) {
            return new double[] {one(k, query)};
          }
        });
  }

  /** Latents that are laws of categories: row k of a table. */
  private static Oracle tables(double[] weights, double[][] rows) {
    return new LatentSum(
        weights,
        new LatentSum.Law() {
          @Override
          public double density(int k, int index, double[] token) {
            return rows[k][(int) token[0]];
          }

          @Override
          public double[] mean(int k, int index, double[] query) {
            return rows[k];
          }
        });
  }

  private static double[][] rows(Data d, String key) {
    return IntStream.range(0, d.array(key).length / d.columns(key))
        .mapToObj(k -> d.row(key, k))
        .toArray(double[][]::new);
  }

  // Σ_t w_t rows_t
  private static double[] mixed(double[] weights, double[][] rows) {
    double[] sum = new double[rows[0].length];
    for (int t = 0; t < rows.length; t++) {
      for (int w = 0; w < sum.length; w++) {
        sum[w] += weights[t] * rows[t][w];
      }
    }
    return sum;
  }

  private static Oracle dice(Data d) {
    return tables(d.array("prior"), rows(d, "likelihoods"));
  }

  private static Oracle topics(Data d) {
    double[][] topics = rows(d, "topics");
    return tables(
        d.array("prior"),
        Arrays.stream(rows(d, "mixtures")).map(m -> mixed(m, topics)).toArray(double[][]::new));
  }

  private static Oracle twoTopics(Data d) {
    double a = d.number("a");
    double b = d.number("b");
    double[][] topics = rows(d, "topics");
    // The logit u of z: the Beta density times z (1 - z).
    Nodes nodes =
        Nodes.of(
            -70, 70, 0.1, u -> 1 / (Math.pow(1 + Math.exp(-u), a) * Math.pow(1 + Math.exp(u), b)));
    return tables(
        normalised(nodes.weights()),
        Arrays.stream(nodes.places())
            .mapToObj(u -> new double[] {1 / (1 + Math.exp(-u)), 1 / (1 + Math.exp(u))})
            .map(shares -> mixed(shares, topics))
            .toArray(double[][]::new));
  }

  private static Oracle points(Data d) {
    double[][] means = rows(d, "means");
    double[][] covariances = rows(d, "covariances"); // stacked, each a multiple of the identity
    int width = means[0].length;
    return new LatentSum(
        d.array("prior"),
        new LatentSum.Law() {
          @Override
          public double density(int k, int index, double[] token) {
            double product = 1;
            for (int i = 0; i < width; i++) {
              product *= normal(token[i], means[k][i], covariances[k * width][0]);
            }
            return product;
          }

          @Override
          public double[] mean(int k, int index, double[] query) {
            return means[k];
          }
        });
  }

  private static Oracle maps(Data d) {
    double[][] maps = rows(d, "maps");
    double s2 = d.number("noise-variance");
    int width = d.columns("maps");
    return new LatentSum(
        d.array("prior"),
        new LatentSum.Law() {
          @Override
          public double density(int k, int index, double[] token) {
            return normal(token[width], mean(k, index, token)[0], s2);
          }

          @Override
          public double[] mean(int k, int index, double[] query) {
            return new double[] {JointGaussian.dot(maps[k], query)};
          }
        });
  }

  private static Oracle clusters(Data d) {
    double[] deviations = d.array("deviations");
    return new LatentSum(
        d.array("prior"),
        new LatentSum.Law() {
          @Override
          public double density(int k, int index, double[] token) {
            return normal(token[0], 0, deviations[k] * deviations[k]);
          }

          @Override
          public double[] mean(int k, int index, double[] query) {
            return new double[1];
          }
        });
  }

  /** Every word of T bits of which s are set is a latent. */
  private static Oracle sparse(Data d) {
    int positions = (int) d.number("positions");
    int[] words =
        IntStream.range(0, 1 << positions)
            .filter(word -> Integer.bitCount(word) == (int) d.number("relevant"))
            .toArray();
    double[] weights = new double[words.length];
    Arrays.fill(weights, 1.0 / words.length);
    boolean parity = "parity".equals(d.description().choices().get("rule"));
    double noise = d.number("noise");
    return new LatentSum(
        weights,
        new LatentSum.Law() {
          @Override
          public double density(int k, int index, double[] token) {
            double one = mean(k, index, token)[0];
            return token[positions] == 1 ? one : 1 - one;
          }

          @Override
          public double[] mean(int k, int index, double[] query) {
            int ones = 0;
            for (int t = 0; t < positions; t++) {
              ones += (words[k] >> t & 1) * (int) query[t];
            }
            boolean said = parity ? ones % 2 == 1 : ones == Integer.bitCount(words[k]);
            return new double[] {said ? 1 - noise : noise};
          }
        });
  }

  /** Values around a turned key, or around the latent itself where there is no key. */
  private interface Centre {
    double[] at(int latent, double[] key);
  }

  private static Oracle turned(
      double[] weights, double kappa, double constant, double shrinkage, int width, Centre centre) {
    return new LatentSum(
        weights,
        new LatentSum.Law() {
          @Override
          public double density(int k, int index, double[] token) {
            double[] value = Arrays.copyOfRange(token, token.length - width, token.length);
            return constant * Math.exp(kappa * JointGaussian.dot(centre.at(k, token), value));
          }

          @Override
          public double[] mean(int k, int index, double[] query) {
            return Arrays.stream(centre.at(k, query)).map(x -> shrinkage * x).toArray();
          }
        });
  }

  private static Oracle direction(Data d) {
    double kappa = d.number("concentration");
    int turns = 96;
    // cos θ = tanh u; the azimuth is periodic.
    Nodes heights = Nodes.of(-20, 20, 0.1, u -> 0.5 / (Math.cosh(u) * Math.cosh(u)));
    int count = heights.places().length * turns;
    double[] weights = new double[count];
    double[][] directions = new double[count][];
    for (int k = 0; k < count; k++) {
      double u = heights.places()[k / turns];
      double angle = TWO_PI * (k % turns) / turns;
      double across = 1 / Math.cosh(u);
      weights[k] = heights.weights()[k / turns] / turns;
      directions[k] =
          new double[] {Math.tanh(u), across * Math.cos(angle), across * Math.sin(angle)};
    }
    return turned(weights, kappa, onSphere(kappa), shrinkage(kappa), 3, (k, key) -> directions[k]);
  }

  // κ / (4π sinh κ) and coth κ - 1/κ: the sphere in space.
  private static double onSphere(double kappa) {
    return kappa / (2 * TWO_PI * Math.sinh(kappa));
  }

  private static double shrinkage(double kappa) {
    return 1 / Math.tanh(kappa) - 1 / kappa;
  }

  private static Oracle signedPermutations(Data d) {
    double kappa = d.number("concentration");
    double[][] maps = rows(d, "maps"); // stacked, (3, 3) each
    return turned(
        d.array("prior"),
        kappa,
        onSphere(kappa),
        shrinkage(kappa),
        3,
        (k, key) ->
            IntStream.range(0, 3)
                .mapToDouble(i -> JointGaussian.dot(maps[3 * k + i], key))
                .toArray());
  }

  private static Oracle rotation(Data d) {
    double kappa = d.number("concentration");
    int turns = 256;
    double[] angles = IntStream.range(0, turns).mapToDouble(k -> TWO_PI * k / turns).toArray();
    double mass = Arrays.stream(angles).map(t -> Math.exp(kappa * Math.cos(t))).average().orElse(0);
    double first =
        Arrays.stream(angles)
            .map(t -> Math.cos(t) * Math.exp(kappa * Math.cos(t)))
            .average()
            .orElse(0);
    double[] weights = new double[turns];
    Arrays.fill(weights, 1.0 / turns);
    return turned(
        weights,
        kappa,
        1 / (TWO_PI * mass),
        first / mass,
        2,
        (k, key) -> {
          double cos = Math.cos(angles[k]);
          double sin = Math.sin(angles[k]);
          return new double[] {cos * key[0] - sin * key[1], sin * key[0] + cos * key[1]};
        });
  }

  private static Oracle indexTied(Data d) {
    int period = (int) d.number("period");
    return new LatentSum(
        d.array("prior"),
        new LatentSum.Law() {
          @Override
          public double density(int k, int index, double[] token) {
            return mean(k, index, token)[(int) token[0]];
          }

          @Override
          public double[] mean(int k, int index, double[] query) {
            return d.row("law-" + index % period, k);
          }
        });
  }

  /** Every path of states, the next token's included; state s of place l is digit l of the path. */
  private static Oracle paths(Data d) {
    double[] initial = d.array("initial");
    double[][] moves = rows(d, "transition");
    double[][] laws = rows(d, "emission");
    int states = initial.length;
    return new Oracle() {
      private LatentSum over(int length) {
        double[] weights = {1};
        for (int l = 0; l < length; l++) {
          double[] longer = new double[weights.length * states];
          for (int path = 0; path < longer.length; path++) {
            int before = path % weights.length;
            int state = path / weights.length;
            double[] from = l == 0 ? initial : moves[state(before, l - 1)];
            longer[path] = weights[before] * from[state];
          }
          weights = longer;
        }
        return new LatentSum(
            weights,
            new LatentSum.Law() {
              @Override
              public double density(int k, int index, double[] token) {
                return laws[state(k, index)][(int) token[0]];
              }

              @Override
              public double[] mean(int k, int index, double[] query) {
                return laws[state(k, index)];
              }
            });
      }

      private int state(int path, int place) {
        int rest = path;
        for (int l = 0; l < place; l++) {
          rest /= states;
        }
        return rest % states;
      }

      @Override
      public double logEvidence(Tokens tokens) {
        return over(tokens.length()).logEvidence(tokens);
      }

      @Override
      public double[] predictiveMean(Tokens tokens, double[] query) {
        return over(tokens.length() + 1).predictiveMean(tokens, query);
      }
    };
  }

  /** Every configuration of states on nodes, weighed by a product over edges. */
  private static Oracle network(
      int nodes, double[] first, List<int[]> edges, double[][] moves, double[][] laws) {
    int states = moves.length;
    List<int[]> configurations = new ArrayList<>();
    int count = (int) Math.round(Math.pow(states, nodes));
    double[] weights = new double[count];
    for (int c = 0; c < count; c++) {
      int[] z = new int[nodes];
      for (int i = 0, rest = c; i < nodes; i++, rest /= states) {
        z[i] = rest % states;
      }
      configurations.add(z);
      weights[c] = first[z[0]];
      for (int[] edge : edges) {
        weights[c] *= moves[z[edge[0]]][z[edge[1]]];
      }
    }
    return new LatentSum(
        normalised(weights),
        new LatentSum.Law() {
          private int node(double[] row) {
            int node = 0;
            while (row[node] == 0) {
              node++;
            }
            return node;
          }

          @Override
          public double density(int k, int index, double[] token) {
            double[] value = Arrays.copyOfRange(token, nodes, token.length);
            return JointGaussian.dot(mean(k, index, token), value);
          }

          @Override
          public double[] mean(int k, int index, double[] query) {
            return laws[configurations.get(k)[node(query)]];
          }
        });
  }

  private static Oracle tree(Data d) {
    double[] parents = d.array("parents");
    List<int[]> edges = new ArrayList<>();
    for (int i = 1; i < parents.length; i++) {
      edges.add(new int[] {(int) parents[i], i});
    }
    return network(
        parents.length, d.array("initial"), edges, rows(d, "transition"), rows(d, "emission"));
  }

  private static Oracle grid(Data d) {
    int rows = (int) d.number("rows");
    int columns = (int) d.number("columns");
    List<int[]> edges = new ArrayList<>();
    for (int i = 0; i < rows * columns; i++) {
      if (i % columns < columns - 1) {
        edges.add(new int[] {i, i + 1});
      }
      if (i + columns < rows * columns) {
        edges.add(new int[] {i, i + columns});
      }
    }
    double[][] potential = rows(d, "potential");
    double[] flat = new double[potential.length];
    Arrays.fill(flat, 1);
    return network(rows * columns, flat, edges, potential, rows(d, "emission"));
  }
}
