/* The null token, once derived from the model and once learned from its sequences.
 *
 * A coin with a Beta(2, 1) prior: what the prior says is worth three tosses with mean 2/3. That is
 * what the derived null token holds. A softmax head with a free null token never sees the model,
 * only tosses of which one is hidden, and training finds the same two numbers.
 *
 * $ ./definetti run examples/scripts/NullTokenTrained.kt   # numbers vary a little
 * derived: worth 3.0 tosses, mean 0.67
 * trained: worth 3.0 tosses, mean 0.68
 */
import org.definetti.attention.Context
import org.definetti.attention.SoftmaxAttention
import org.definetti.attention.SoftmaxHead
import org.definetti.attention.WeightedAttention
import org.definetti.derivation.Derivation
import org.definetti.latent.conjugate.BetaBernoulli
import org.definetti.layer.SoftmaxHeadLayer
import org.definetti.objective.Loss
import org.definetti.objective.Objective
import org.definetti.random.Seed
import org.definetti.train.FreshSamples
import org.definetti.train.Lengths
import org.definetti.train.Trainer
import org.definetti.train.TrainingOptions

fun main() {
  val coin = BetaBernoulli.of(2.0, 1.0)
  val tosses = FreshSamples.of(coin, Objective.MASKED, Lengths.uniform(1, 16), Seed.of(1))
  val layer = SoftmaxHeadLayer.of(tosses.widths()).withNullToken().withIdentityValues()
  val options = TrainingOptions.withDefaults().withSteps(2000)
  val trained =
    Trainer.of(layer, tosses, Loss.squaredError()).withOptions(options).fit(Seed.of(2)).attention()
  val derived = Derivation.of(coin).attention()

  val seen = Context.of(coin, coin.sample(10, Seed.of(3).generator()).tokens())
  for ((name, attention) in mapOf("derived" to derived, "trained" to trained)) {
    val weight = (attention as WeightedAttention).nullWeight(coin.labelQuery(), seen)[0]
    val token =
      if (attention is SoftmaxHead) attention.nullToken()
      else (attention as SoftmaxAttention).nullToken()
    println(
      "%s: worth %.1f tosses, mean %.2f"
        .format(name, seen.length() * weight / (1 - weight), token?.value()?.get(0))
    )
  }
}
