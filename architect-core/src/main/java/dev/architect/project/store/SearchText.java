package dev.architect.project.store;

import dev.architect.check.Check;
import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How texts are made searchable, alike in every store: they become words of letters and digits, in lower case and without accents. What people
 * type is cut into words in the same way, so that no sign of theirs means anything to a database.
 */
public final class SearchText {

    private static final int MAX_WORD_CHARACTERS = 64;
    private static final int MAX_WORDS = 20;

    private SearchText() {}

    /** Returns the distinct words of some texts, in the order of their first use, each cut to 64 characters. */
    public static Set<String> words(Iterable<String> texts) {
        Set<String> words = new LinkedHashSet<>();
        for (String text : Check.notNull("texts", texts)) {
            addAll(words, text);
        }
        return words;
    }

    /** Returns the words that a person asks for, at most 20. */
    public static List<String> asked(String text) {
        return words(List.of(Check.notNull("text", text))).stream()
                .limit(MAX_WORDS)
                .toList();
    }

    private static void addAll(Set<String> words, String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKD).toLowerCase(Locale.ROOT);
        StringBuilder word = new StringBuilder();
        plain.codePoints().forEach(point -> {
            if (Character.isLetterOrDigit(point)) {
                if (word.length() < MAX_WORD_CHARACTERS) {
                    word.appendCodePoint(point);
                }
            } else if (Character.getType(point) != Character.NON_SPACING_MARK) {
                end(words, word);
            }
        });
        end(words, word);
    }

    private static void end(Set<String> words, StringBuilder word) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }
}
