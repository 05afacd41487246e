package org.definetti.benchmarks.compare;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The smallest file that PyTorch loads as a TorchScript module: a module of one class, without
 * parameters of its own.
 *
 * <p>A stored (not compressed) zip archive of one folder: the {@code code}, the module as a pickle
 * that makes an object of that class, an empty tuple of constants, and the version of the format.
 * Python is not needed to write one.
 */
final class TorchArchive {

  private static final String FOLDER = "peer/";

  /** {@code __torch__.Peer()} with {@code training = False}. */
  private static final String MODULE =
      "\u0080\u0002" // protocol 2
          + "c__torch__\nPeer\n)\u0081" // the class, no arguments, a new object
          + "}(X\b\0\0\0training\u0089u" // a dictionary of one entry: the 8 letters, False
          + "b."; // set as the object's attributes, end

  private static final String NO_CONSTANTS = "\u0080\u0002).";

  private TorchArchive() {}

  /**
   * Returns the archive of a module.
   *
   * @param code TorchScript as PyTorch writes it, holding the class {@code Peer}
   */
  static byte[] of(String code) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      add(zip, "data.pkl", MODULE.getBytes(StandardCharsets.ISO_8859_1));
      add(zip, "code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
      add(zip, "constants.pkl", NO_CONSTANTS.getBytes(StandardCharsets.ISO_8859_1));
      add(zip, "version", "3\n".getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry(FOLDER + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
