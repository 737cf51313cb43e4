package dev.architect.planner.approval;

import dev.architect.json.JsonFields;
import dev.architect.planner.check.ArgumentCheck;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What an operand, or the value of an option, may be. */
public enum OperandKind {
    /** Any text: the program does nothing with it but search, compare or print. */
    TEXT,
    /** A whole number, with a plus sign at most. */
    NUMBER,
    /** A commit, branch or tag of Git, or a range of them; as a path it must be neither secret nor outside. */
    REF,
    /** A file or folder that is read, judged as such. */
    PATH_READ,
    /** A file or folder that is written, judged as such. */
    PATH_WRITE,
    /** An address that is fetched, judged as such. */
    URL,
    /** A text that the rule's pattern matches as a whole. */
    PATTERN;

    /** Whether it is judged by the rules about paths. */
    boolean isPath() {
        return this == PATH_READ || this == PATH_WRITE;
    }

    /** Returns the kind of a word such as {@code path-read}. */
    static OperandKind ofWord(String field, String word) {
        ArgumentCheck.notNull("word", word);
        return Arrays.stream(values())
                .filter(kind -> JsonFields.wordOf(kind).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(field + " is '" + JsonFields.shorten(word)
                        + "', expected one of none, "
                        + Arrays.stream(values()).map(JsonFields::wordOf).collect(Collectors.joining(", "))));
    }
}
