package org.definetti.experiment;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A line of a journal: a JSON record wrapped in a JSON object that holds its checksum.
 *
 * <pre>{@code  {"crc32c":"0123abcd","record":{...}} }</pre>
 *
 * <p>The checksum is over the UTF-8 bytes of the record.
 */
final class JournalLine {

  private static final int CHECKSUM_HEX_DIGITS = 8;
  private static final byte[] BEFORE = "{\"crc32c\":\"".getBytes(StandardCharsets.UTF_8);
  private static final byte[] BETWEEN = "\",\"record\":".getBytes(StandardCharsets.UTF_8);
  private static final int RECORD_START = BEFORE.length + CHECKSUM_HEX_DIGITS + BETWEEN.length;

  private JournalLine() {}

  /** Returns the line with its line feed. */
  static byte[] encode(String record) {
    return (prefix(record.getBytes(StandardCharsets.UTF_8)) + record + "}\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the record of a line without its line feed, or null if the checksum does not match. */
  static @Nullable String decode(byte[] line) {
    if (line.length < RECORD_START + 1 || line[line.length - 1] != '}') {
      return null;
    }
    byte[] record = Arrays.copyOfRange(line, RECORD_START, line.length - 1);
    byte[] expected = prefix(record).getBytes(StandardCharsets.UTF_8);
    boolean matches = Arrays.equals(expected, Arrays.copyOf(line, RECORD_START));
    return matches ? new String(record, StandardCharsets.UTF_8) : null;
  }

  private static String prefix(byte[] record) {
    CRC32C checksum = new CRC32C();
    checksum.update(record, 0, record.length);
    return new String(BEFORE, StandardCharsets.UTF_8)
        + HexFormat.of().toHexDigits((int) checksum.getValue())
        + new String(BETWEEN, StandardCharsets.UTF_8);
  }
}
