package dev.architect.benchmarks.failover.server;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one answer that every healthy model gives: sixty words, each of them a token. */
public final class CanonicalAnswer {

    /** The text. */
    public static final String TEXT =
            "A river begins as many small streams that meet in the hills and grow with every valley"
                    + " they pass. It carries sand and seeds and the warmth of summer towards the sea, slows where the land is flat, and"
                    + " leaves its islands behind. Whoever follows it long enough finds that no part of the water stays what it was yesterday.";

    /** The number of words. */
    public static final int TOKENS = 60;

    private static final Pattern NUMBER = Pattern.compile("#(\\d{1,4})");
    private static final Pattern TOKEN = Pattern.compile("\\s*\\S+");

    private CanonicalAnswer() {}

    /** Returns what follows after {@code prefix}; the whole text when it is empty or no beginning of the text. */
    public static String after(String prefix) {
        return after(TEXT, prefix);
    }

    /** Returns what of {@code whole} follows after {@code prefix}; all of it when it is empty or no beginning. */
    static String after(String whole, String prefix) {
        if (whole.startsWith(prefix)) {
            return whole.substring(prefix.length());
        }
        String trimmed = prefix.stripTrailing();
        return whole.startsWith(trimmed) ? whole.substring(trimmed.length()) : whole;
    }

    /** Returns the answer to a prompt with a number, {@code #7}: the text with that number in each word; else the text. */
    public static String to(String prompt) {
        Matcher number = NUMBER.matcher(prompt);
        return number.find() ? TEXT.replaceAll("(\\S+)", "$1~" + number.group(1)) : TEXT;
    }

    /** Splits a text into tokens, which joined are the text. */
    public static List<String> tokens(String text) {
        return TOKEN.matcher(text).results().map(MatchResult::group).toList();
    }

    /** Whether {@code text} is the whole answer, however its words are separated. */
    public static boolean isComplete(String text) {
        return text.strip().replaceAll("\\s+", " ").equals(TEXT);
    }
}
