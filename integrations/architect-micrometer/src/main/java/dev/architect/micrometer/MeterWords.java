package dev.architect.micrometer;

import java.util.Locale;

/** How constants are written in tags. */
final class MeterWords {

    /** The value of a tag that says what went wrong, when nothing did: all meters of one name have the same tags. */
    static final String NONE = "none";

    private MeterWords() {}

    /** Returns the name in lower case with dashes, as in JSON. */
    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
