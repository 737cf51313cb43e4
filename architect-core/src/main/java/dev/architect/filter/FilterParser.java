package dev.architect.filter;

import dev.architect.filter.FilterValue.Comparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the text of a filter from left to right, without looking back. */
final class FilterParser {

    private static final Pattern FIELD = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");

    private static final String RANGE = "..";

    private final String text;
    private int at;

    FilterParser(String text) {
        this.text = text;
    }

    static boolean isFieldName(String name) {
        return FIELD.matcher(name).matches();
    }

    /** Whether an end of a range is what it says without quotes. */
    static boolean isBare(String text) {
        return isPlain(text)
                && !text.contains(RANGE)
                && !text.startsWith(".")
                && !text.endsWith(".")
                && !isComparison(text.charAt(0));
    }

    private static boolean isPlain(String text) {
        return !text.isEmpty() && text.chars().noneMatch(FilterParser::endsBare);
    }

    private static boolean endsBare(int character) {
        return Character.isWhitespace(character) || character == ',' || character == '"';
    }

    private static boolean isComparison(char character) {
        return character == '<' || character == '>';
    }

    /** A value that stands alone, with quotes where it needs them. */
    static String value(String value) {
        return isPlain(value) && !value.contains(RANGE) && !isComparison(value.charAt(0)) ? value : quoted(value);
    }

    /** What stands behind a comparison. */
    static String operand(Comparison comparison, String value) {
        boolean isTaken = value.startsWith("=") && !comparison.sign().endsWith("=");
        return isPlain(value) && !isTaken ? value : quoted(value);
    }

    /** A word without a field. */
    static String word(String word) {
        return isPlain(word) && word.indexOf(':') < 0 && word.charAt(0) != '-' ? word : quoted(word);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    Filter parse() {
        if (text.length() > Filter.MAX_CHARACTERS) {
            throw InvalidFilterException.syntax(
                    Filter.MAX_CHARACTERS + 1,
                    text.length() + " characters",
                    "at most " + Filter.MAX_CHARACTERS + " characters");
        }
        List<FilterTerm> terms = new ArrayList<>();
        skipBlanks();
        while (at < text.length()) {
            if (terms.size() == Filter.MAX_TERMS) {
                throw InvalidFilterException.syntax(at + 1, rest(), "at most " + Filter.MAX_TERMS + " terms");
            }
            terms.add(term());
            if (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
                throw InvalidFilterException.syntax(at + 1, rest(), "a blank between two terms");
            }
            skipBlanks();
        }
        return new Filter(terms);
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private FilterTerm term() {
        int position = at + 1;
        boolean isNegated = take('-');
        if (is('"')) {
            return new FilterTerm(position, isNegated, Optional.empty(), List.of(new FilterValue.Exactly(quoted())));
        }
        int begin = at;
        while (at < text.length() && !endsBare(text.charAt(at)) && text.charAt(at) != ':') {
            at++;
        }
        String name = text.substring(begin, at);
        if (!take(':')) {
            if (name.isEmpty() || name.charAt(0) == '-') {
                throw InvalidFilterException.syntax(begin + 1, text.substring(begin), "a field or a word");
            }
            return new FilterTerm(position, isNegated, Optional.empty(), List.of(new FilterValue.Exactly(name)));
        }
        if (!isFieldName(name)) {
            throw InvalidFilterException.syntax(
                    begin + 1,
                    name + ":",
                    "the name of a field in front of the colon, or quotes around a word that has one");
        }
        List<FilterValue> values = new ArrayList<>();
        do {
            values.add(value());
        } while (take(','));
        return new FilterTerm(position, isNegated, Optional.of(name), values);
    }

    private FilterValue value() {
        if (is('"')) {
            return new FilterValue.Exactly(quoted());
        }
        if (at < text.length() && isComparison(text.charAt(at))) {
            boolean isLess = text.charAt(at++) == '<';
            boolean isEqual = take('=');
            Comparison comparison = isLess
                    ? isEqual ? Comparison.AT_MOST : Comparison.LESS
                    : isEqual ? Comparison.AT_LEAST : Comparison.MORE;
            return new FilterValue.Compared(comparison, is('"') ? quoted() : bare());
        }
        int begin = at;
        String bare = bare();
        int dots = bare.indexOf(RANGE);
        if (dots < 0) {
            return new FilterValue.Exactly(bare);
        }
        String first = bare.substring(0, dots);
        String last = bare.substring(dots + RANGE.length());
        if (!isBare(first) || !isBare(last)) {
            throw InvalidFilterException.syntax(
                    begin + 1,
                    bare,
                    "a value at both ends of '..', or quotes around a text that has it; '>=' and '<=' have one end");
        }
        return new FilterValue.Between(first, last);
    }

    private String bare() {
        int begin = at;
        while (at < text.length() && !endsBare(text.charAt(at))) {
            at++;
        }
        if (at == begin) {
            throw InvalidFilterException.syntax(at + 1, rest(), "a value");
        }
        return text.substring(begin, at);
    }

    private String quoted() {
        int begin = at++;
        StringBuilder quoted = new StringBuilder();
        while (at < text.length()) {
            char next = text.charAt(at++);
            if (next == '"') {
                return quoted.toString();
            }
            if (next == '\\') {
                if (!is('"') && !is('\\')) {
                    throw InvalidFilterException.syntax(at + 1, rest(), "'\"' or '\\' behind a '\\' in quotes");
                }
                next = text.charAt(at++);
            }
            quoted.append(next);
        }
        throw InvalidFilterException.syntax(begin + 1, text.substring(begin), "a '\"' at the end of the quoted text");
    }

    private boolean is(char wanted) {
        return at < text.length() && text.charAt(at) == wanted;
    }

    private boolean take(char wanted) {
        boolean isThere = is(wanted);
        at += isThere ? 1 : 0;
        return isThere;
    }

    private String rest() {
        return text.substring(at);
    }
}
