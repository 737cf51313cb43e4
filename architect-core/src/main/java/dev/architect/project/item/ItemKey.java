package dev.architect.project.item;

import dev.architect.check.Check;
import dev.architect.project.Project;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What people call an item, as {@code WEB-12}. No key is given twice, not even after its item was deleted.
 *
 * @param prefix the prefix of its project
 * @param number 1 or more
 */
public record ItemKey(String prefix, long number) {

    private static final Pattern KEY = Pattern.compile("([A-Za-z]{2,6})-([1-9][0-9]{0,11})");

    /** Checks every field. */
    public ItemKey {
        Project.checkPrefix(prefix);
        if (number < 1) {
            throw new IllegalArgumentException("number is " + number + ", expected 1 or more");
        }
    }

    /** Whether a text has the form of a key, in any case. */
    public static boolean isKey(String text) {
        return KEY.matcher(Check.notNull("text", text)).matches();
    }

    /**
     * Reads a key, in any case.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    public static ItemKey parse(String text) {
        Matcher parts = KEY.matcher(Check.notNull("key", text));
        if (!parts.matches()) {
            throw new IllegalArgumentException("key is '" + text + "', expected one as WEB-12");
        }
        return new ItemKey(parts.group(1).toUpperCase(Locale.ROOT), Long.parseLong(parts.group(2)));
    }

    @Override
    public String toString() {
        return prefix + "-" + number;
    }
}
