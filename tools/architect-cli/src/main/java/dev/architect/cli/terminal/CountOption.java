package dev.architect.cli.terminal;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how many there shall be from the command line: 1 to a million. */
public final class CountOption implements ITypeConverter<Integer> {

    private static final int MOST = 1_000_000;

    /** Creates the converter. */
    public CountOption() {}

    @Override
    public Integer convert(String text) {
        if (text.matches("\\d{1,7}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= MOST) {
            return Integer.valueOf(text);
        }
        throw new TypeConversionException("'" + text + "' is not a number that fits here, expected 1.." + MOST);
    }
}
