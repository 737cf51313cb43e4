package dev.architect.review;

import dev.architect.check.Check;
import dev.architect.json.InvalidFieldException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a person says about a review, or about a line of one of its files.
 *
 * @param file the path of the file; empty for the whole
 * @param line the line, from 1; empty for all of it
 * @param text what is said, at most {@value #MAX_CHARACTERS} characters
 */
public record ReviewRemark(Optional<String> file, OptionalInt line, String text) {

    /** The most characters of a text. */
    public static final int MAX_CHARACTERS = 10_000;

    private static final int MAX_PATH = 4_096;

    /** Checks every field. */
    public ReviewRemark {
        Check.notNull("file", file).ifPresent(path -> Check.atMost("file", path, MAX_PATH));
        Check.notNull("line", line);
        Check.atMost("text", Check.notBlank("text", text), MAX_CHARACTERS);
        if (line.isPresent() && (line.getAsInt() < 1 || file.isEmpty())) {
            throw InvalidFieldException.value(
                    "line", "line is " + line.getAsInt() + ", expected 1 or more, beside the file that it is in");
        }
    }

    /** Returns a remark about the whole. */
    public static ReviewRemark of(String text) {
        return new ReviewRemark(Optional.empty(), OptionalInt.empty(), text);
    }

    /** Returns a remark about a line of a file. */
    public static ReviewRemark at(String file, int line, String text) {
        return new ReviewRemark(Optional.of(Check.notNull("file", file)), OptionalInt.of(line), text);
    }
}
