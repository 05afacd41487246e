/* How heavy is the next bird of a colony? The posterior of a CSV file, bird by bird.
 *
 * What colonies have in common is fitted to all but the last, which is what the prior is for. Then
 * the birds of the last one are shown one after the other. Attention with one null token, derived
 * from the fitted model, gives the same numbers: the null token is the prior.
 *
 * $ ./definetti run examples/scripts/PosteriorOfCsv.kt examples/data/penguins.csv
 * Gentoo Biscoe 2009 male: 21 birds
 * seen   next bird    attention
 *    0   3929 ± 659     3929 g
 *    1   5117 ± 418     5117 g
 *    2   5219 ± 375     5219 g
 *    4   5327 ± 346     5327 g
 *   21   5490 ± 315     5490 g
 */
import java.nio.file.Path
import kotlin.math.sqrt
import org.definetti.attention.Context
import org.definetti.derivation.Derivation
import org.definetti.lab.data.UnknownSpace
import org.definetti.lab.fit.FitOptions
import org.definetti.lab.fit.GaussianFit
import org.definetti.lab.fit.GaussianFit.Family

fun main(arguments: Array<String>) {
  val colonies = UnknownSpace.readNumbers(Path.of(arguments[0]))
  val others = colonies.dropLast(1).map { it.tokens() }
  val colony = colonies.last()
  val family = Family.NORMAL_INVERSE_WISHART // a mean and a covariance for each colony
  val model = GaussianFit.of(others, family, FitOptions.withDefaults()).model()
  val attention = Derivation.of(model).attention()
  val last = model.tokenSpace().width() - 1 // the last column: grams

  println("${colony.name()}: ${colony.tokens().length()} birds")
  println("seen   next bird    attention")
  for (seen in listOf(0, 1, 2, 4, colony.tokens().length())) {
    val birds = colony.tokens().prefix(seen)
    val next = model.prior().observe(birds).predictive(model.labelQuery())
    val deviation = sqrt(next.covariance()[last, last])
    val attended = attention.attend(model.labelQuery(), Context.of(model, birds))[last]
    println("%4d %6.0f ± %3.0f %8.0f g".format(seen, next.mean()[last], deviation, attended))
  }
}
