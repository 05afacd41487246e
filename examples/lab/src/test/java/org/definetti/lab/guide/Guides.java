package org.definetti.lab.guide;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The Markdown pages of the repository and their fenced blocks. */
final class Guides {

  private static final String FENCE = "```";

  private Guides() {}

  /**
   * A fenced block.
   *
   * @param language the word after the fence, empty if there is none
   * @param text the lines between the fences, each with its line end
   */
  record Block(String language, String text) {}

  /** Returns the folder with the launcher, wherever the tests run. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("definetti"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  /** Returns README, CONTRIBUTING and every page under {@code docs}, in order. */
  static List<Path> pages() {
    List<Path> pages = new ArrayList<>();
    pages.add(root().resolve("README.md"));
    pages.add(root().resolve("CONTRIBUTING.md"));
    try (Stream<Path> docs = Files.walk(root().resolve("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pages;
  }

  /** Returns the fenced blocks of a page, in order. */
  static List<Block> blocks(Path page) {
    return blocks(read(page));
  }

  static List<Block> blocks(String markdown) {
    List<Block> blocks = new ArrayList<>();
    String language = null;
    StringBuilder text = new StringBuilder();
    for (String line : markdown.lines().toList()) {
      if (!line.startsWith(FENCE)) {
        text.append(line).append('\n');
      } else if (language == null) {
        language = line.substring(FENCE.length()).strip();
        text.setLength(0);
      } else {
        blocks.add(new Block(language, text.toString()));
        language = null;
      }
    }
    return blocks;
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
