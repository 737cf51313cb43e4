package dev.architect.cli.terminal;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a port from the command line: 0 to 65535, 0 for any free one. */
public final class Port implements ITypeConverter<Integer> {

    private static final int HIGHEST = 65_535;

    /** Creates the converter. */
    public Port() {}

    @Override
    public Integer convert(String text) {
        if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= HIGHEST) {
            return Integer.valueOf(text);
        }
        throw new TypeConversionException("'" + text + "' is not a port, expected 0.." + HIGHEST);
    }
}
