package dev.architect.planner.approval.shell;

import dev.architect.planner.check.ArgumentCheck;
import java.util.OptionalInt;

/** Which characters a person sees for what they are, and a shell reads as the same. */
public final class ShellCharacters {

    private ShellCharacters() {}

    /**
     * Returns the index of the first character that is refused wherever it stands, quoted or not; empty when there is none. Refused
     * are control characters but tab and newline, format and private characters, unpaired surrogates, characters that are not
     * assigned or have no shape, and every blank but space and tab.
     */
    public static OptionalInt firstRefused(String text) {
        ArgumentCheck.notNull("text", text);
        for (int index = 0; index < text.length(); index++) {
            char c = text.charAt(index);
            if ((c >= ' ' && c < 0x7f) || c == '\t' || c == '\n') {
                continue;
            }
            if (c < 0x80 || isRefused(text.codePointAt(index))) {
                return OptionalInt.of(index);
            }
            if (Character.isHighSurrogate(c)) {
                index++;
            }
        }
        return OptionalInt.empty();
    }

    /** Whether every character is a printable one of ASCII. */
    public static boolean isAscii(String word) {
        ArgumentCheck.notNull("word", word);
        for (int index = 0; index < word.length(); index++) {
            if (word.charAt(index) <= ' ' || word.charAt(index) > '~') {
                return false;
            }
        }
        return true;
    }

    private static boolean isRefused(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> hasNoShape(c);
        };
    }

    /** Letters and marks that are drawn as nothing or as a blank: DerivedCoreProperties, Default_Ignorable_Code_Point (Unicode 15). */
    private static boolean hasNoShape(int c) {
        return c == 0x034f
                || c == 0x115f
                || c == 0x1160
                || c == 0x17b4
                || c == 0x17b5
                || (c >= 0x180b && c <= 0x180f)
                || c == 0x2800
                || c == 0x3164
                || (c >= 0xfe00 && c <= 0xfe0f)
                || c == 0xffa0
                || (c >= 0xe0100 && c <= 0xe01ef);
    }

    /** Returns a code point as {@code U+0085}. */
    static String nameOf(int codePoint) {
        return String.format("U+%04X", codePoint);
    }
}
