package org.definetti.lab.command;

import java.util.Locale;
import org.definetti.objective.Objective;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an objective by its label, {@code next-token}, in any case. */
final class ObjectiveLabel implements ITypeConverter<Objective> {

  @Override
  public Objective convert(String value) {
    try {
      return Objective.ofLabel(value.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
