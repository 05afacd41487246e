package org.definetti.interop

import java.lang.reflect.Executable
import java.lang.reflect.Modifier
import java.nio.file.Files
import java.nio.file.Path
import java.util.jar.JarFile
import kotlin.io.path.invariantSeparatorsPathString
import kotlin.streams.asSequence
import org.definetti.attention.Attention
import org.definetti.experiment.Sweep
import org.definetti.latent.LatentModel

/** Every public class of the three library modules, as a user of their jars sees them. */
object PublicApi {

  val classes: List<Class<*>> =
    listOf(LatentModel::class.java, Attention::class.java, Sweep::class.java)
      .flatMap { names(Path.of(it.protectionDomain.codeSource.location.toURI())) }
      .map { Class.forName(it, false, javaClass.classLoader) }
      .filter(::isPublic)

  /** Public constructors and methods that the class itself declares. */
  fun executables(type: Class<*>): List<Executable> =
    (type.declaredConstructors.toList() + type.declaredMethods).filter {
      Modifier.isPublic(it.modifiers) && !it.isSynthetic
    }

  private fun isPublic(type: Class<*>): Boolean =
    Modifier.isPublic(type.modifiers) && (type.declaringClass?.let(::isPublic) ?: true)

  /** A module is a folder of classes in the reactor, else a jar. */
  private fun names(place: Path): List<String> {
    val files =
      if (Files.isDirectory(place)) {
        Files.walk(place).use { walk ->
          walk.asSequence().map { place.relativize(it).invariantSeparatorsPathString }.toList()
        }
      } else {
        JarFile(place.toFile()).use { jar -> jar.entries().asSequence().map { it.name }.toList() }
      }
    return files
      .filter { it.endsWith(".class") && !it.endsWith("-info.class") }
      .map { it.removeSuffix(".class").replace('/', '.') }
      .sorted()
  }
}
