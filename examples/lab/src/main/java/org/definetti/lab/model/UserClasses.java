package org.definetti.lab.model;

import java.io.File;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Users' own classes, by full name, from the class path and from {@code --class-path}. */
public final class UserClasses {

  private final ClassLoader loader;

  private UserClasses(ClassLoader loader) {
    this.loader = loader;
  }

  /**
   * Returns the classes on the given path besides those of the library.
   *
   * @param classPath jars and folders, separated as the operating system separates them; null for
   *     none
   * @throws IllegalArgumentException if an entry does not exist
   */
  public static UserClasses of(@Nullable String classPath) {
    ClassLoader parent = UserClasses.class.getClassLoader();
    if (classPath == null) {
      return new UserClasses(parent);
    }
    URL[] entries =
        Arrays.stream(classPath.split(File.pathSeparator))
            .map(UserClasses::url)
            .toArray(URL[]::new);
    // Lives as long as the command: closing it would break lazy loading of the user's classes.
    return new UserClasses(new URLClassLoader(entries, parent));
  }

  private static URL url(String entry) {
    Path path = Path.of(entry);
    if (!Files.exists(path)) {
      throw new IllegalArgumentException("class-path: expected a jar or folder, got " + entry);
    }
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("class-path: expected a jar or folder, got " + entry, e);
    }
  }

  /** Returns whether a name is written like a class: it has a dot or begins with a capital. */
  public static boolean looksLikeClass(String name) {
    return name.contains(".") || (!name.isEmpty() && Character.isUpperCase(name.charAt(0)));
  }

  /**
   * Returns a new instance of a class by its constructor without arguments, public or not.
   *
   * @param argument the option to name in errors
   * @throws IllegalArgumentException if there is no such class, it is not of the type, or it cannot
   *     be made
   */
  public <T> T make(String argument, String name, Class<T> type) {
    Class<?> found;
    try {
      found = Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      throw new IllegalArgumentException(
          argument + ": expected a class on the class path (see --class-path), got " + name, e);
    }
    if (!type.isAssignableFrom(found) || Modifier.isAbstract(found.getModifiers())) {
      throw new IllegalArgumentException(
          argument + ": expected a class that is a " + type.getName() + ", got " + name);
    }
    try {
      Constructor<?> constructor = found.getDeclaredConstructor();
      constructor.setAccessible(true);
      return type.cast(constructor.newInstance());
    } catch (InvocationTargetException | LinkageError e) {
      throw new IllegalArgumentException(
          argument + ": expected a class that can be made, got " + name + ": " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          argument + ": expected a class with a constructor without arguments, got " + name, e);
    }
  }
}
