package dev.architect.store.jdbi;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Texts of callers as columns keep them. A Java string may hold what no database column of text can: the character zero, and halves of
 * surrogate pairs. Each is kept as an escape character with four hexadecimal digits, and so is the escape character itself, a code point
 * that Unicode reserves for such use inside of a program. Every other text is kept as it is.
 */
public final class StoredText {

    private static final char ESCAPE = '\uFDD0';
    private static final int DIGITS = 4;
    private static final int HEX = 16;

    private StoredText() {}

    /** Returns the text to store; null for null. */
    public static @Nullable String encode(@Nullable String text) {
        if (text == null) {
            return null;
        }
        for (int i = 0; i < text.length(); i++) {
            if (isEscaped(text, i)) {
                return encodeFrom(text, i);
            }
        }
        return text;
    }

    private static boolean isEscaped(String text, int i) {
        char c = text.charAt(i);
        if (c == 0 || c == ESCAPE) {
            return true;
        }
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }

    private static String encodeFrom(String text, int first) {
        StringBuilder encoded = new StringBuilder(text.length() + DIGITS).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            if (isEscaped(text, i)) {
                String digits = Integer.toHexString(text.charAt(i));
                encoded.append(ESCAPE)
                        .append("0".repeat(DIGITS - digits.length()))
                        .append(digits);
            } else {
                encoded.append(text.charAt(i));
            }
        }
        return encoded.toString();
    }

    /** Returns the text that was stored; null for null. */
    public static @Nullable String decode(@Nullable String stored) {
        if (stored == null || stored.indexOf(ESCAPE) < 0) {
            return stored;
        }
        StringBuilder text = new StringBuilder(stored.length());
        int i = 0;
        while (i < stored.length()) {
            char c = stored.charAt(i);
            if (c == ESCAPE && i + DIGITS < stored.length()) {
                text.append((char) Integer.parseInt(stored.substring(i + 1, i + 1 + DIGITS), HEX));
                i += 1 + DIGITS;
            } else {
                text.append(c);
                i++;
            }
        }
        return text.toString();
    }

    /** Reads a column of such a text. */
    public static @Nullable String read(ResultSet row, String column) throws SQLException {
        return decode(row.getString(column));
    }
}
