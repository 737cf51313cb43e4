package dev.architect.simulator.gemini;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The traits that follow from the name of a Gemini model.
 *
 * @param version the version times ten; a name without one counts as the latest
 * @param pro whether it is the large one of its version
 */
record GeminiModelTraits(int version, boolean pro) {

    private static final Pattern NAME = Pattern.compile("gemini-(\\d)(?:\\.(\\d))?(?:-.*)?");

    static GeminiModelTraits of(String id) {
        Matcher name = NAME.matcher(id);
        if (!name.matches()) {
            return new GeminiModelTraits(99, id.contains("-pro"));
        }
        int minor = name.group(2) == null ? 0 : Integer.parseInt(name.group(2));
        return new GeminiModelTraits(Integer.parseInt(name.group(1)) * 10 + minor, id.contains("-pro"));
    }

    /** Whether calls must come back signed, tools go with JSON, and effort is a level. */
    boolean isThirdGeneration() {
        return version >= 30;
    }

    /** Whether the model can reason. */
    boolean thinks() {
        return version >= 25;
    }
}
