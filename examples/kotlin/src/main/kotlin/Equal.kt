import org.definetti.attention.Context
import org.definetti.derivation.Derivation
import org.definetti.latent.conjugate.GaussianMean
import org.definetti.random.Seed

fun main() {
  val model = GaussianMean.of(3, 2.0, 0.5)
  val tokens = model.sample(100, Seed.of(1).generator()).tokens()
  val query = model.labelQuery()
  val exact = model.prior().observe(tokens).predictive(query).mean()
  val attention = Derivation.of(model).attention().attend(query, Context.of(model, tokens))
  println(if (attention.isIdentical(exact, 1e-12)) "equal to 1e-12" else "different")
}
