package dev.architect.router.verification;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the arithmetic expression beside an equals sign. */
final class ArithmeticText {

    private static final Pattern NUMBER = Pattern.compile("(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)?");

    /** A number of more digits is passed over: it is no claim of an answer, and its arithmetic would take long. */
    private static final int MOST_DIGITS = 60;

    /** A year, a month and a day look like two differences. */
    private static final Pattern DATE = Pattern.compile("\\d{4}[-−–/]\\d{1,2}[-−–/]\\d{1,2}|\\d{1,2}/\\d{1,2}/\\d{4}");

    private ArithmeticText() {}

    /**
     * A number, an operator or a parenthesis.
     *
     * @param symbol {@code n} for a number, else {@code + - * / ( )}
     * @param number the number, zero otherwise
     */
    record Token(char symbol, BigDecimal number) {
        boolean isNumber() {
            return symbol == 'n';
        }
    }

    /** Whether a character may be part of an expression. */
    static boolean belongs(char c) {
        return (c >= '0' && c <= '9')
                || c == '.'
                || c == ','
                || c == ' '
                || c == '\u00a0'
                || c == '$'
                || c == '€'
                || symbol(c) != 0;
    }

    private static char symbol(char c) {
        return switch (c) {
            case '+', '(', ')' -> c;
            case '-', '−', '–' -> '-';
            case '*', '×', '·', '∙', '⋅' -> '*';
            case '/', '÷' -> '/';
            default -> 0;
        };
    }

    /**
     * Returns the expression that {@code text} ends with; empty when it has none, or none that is clear.
     *
     * @param before the character that precedes it
     */
    static List<Token> left(String text, char before) {
        List<Token> tokens = tokens(text);
        if (tokens.isEmpty()) {
            return List.of();
        }
        int start = startOfLast(tokens);
        if (start < 0) {
            return List.of();
        }
        // Signs before it: a bullet or the stars of bold text, unless what they belong to is not seen.
        while (start < tokens.size() && "+*/".indexOf(tokens.get(start).symbol()) >= 0) {
            if (isOfName(text, before)) {
                return List.of();
            }
            start++;
        }
        if (start < tokens.size() && tokens.get(start).symbol() == '-') {
            String head = text.stripLeading();
            if (isOfName(text, before)) {
                return List.of();
            }
            // A dash with a space behind it, at the beginning, is a bullet.
            if (start == 0 && head.length() > 1 && head.charAt(1) == ' ') {
                start++;
            }
        }
        if (start == 0 && !text.startsWith(" ") && isWordLike(before)) {
            return List.of();
        }
        return balanced(tokens.subList(start, tokens.size()));
    }

    /**
     * Returns the expression that {@code text} begins with; empty when it has none, or none that is clear.
     *
     * @param after the character that follows it
     */
    static List<Token> right(String text, char after) {
        List<Token> tokens = tokens(text);
        int end = 0;
        boolean wantsOperand = true;
        int open = 0;
        int last = 0;
        while (end < tokens.size()) {
            char symbol = tokens.get(end).symbol();
            boolean fits = wantsOperand
                    ? symbol == 'n' || symbol == '(' || (symbol == '-' && end == 0)
                    : "+-*/)".indexOf(symbol) >= 0 && (symbol != ')' || open > 0);
            if (!fits) {
                break;
            }
            open += symbol == '(' ? 1 : symbol == ')' ? -1 : 0;
            wantsOperand = symbol != 'n' && symbol != ')';
            end++;
            if (!wantsOperand && open == 0) {
                last = end;
            }
        }
        boolean isAll = last == tokens.size() && !text.endsWith(" ");
        if (last == 0 || (isAll && isWordLike(after)) || goesOn(tokens.subList(last, tokens.size()), after)) {
            return List.of();
        }
        return tokens.subList(0, last);
    }

    /** Whether the expression goes on with a name behind its operator; two stars end bold text. */
    private static boolean goesOn(List<Token> rest, char after) {
        boolean isBold =
                rest.size() == 2 && rest.get(0).symbol() == '*' && rest.get(1).symbol() == '*';
        return isWordLike(after)
                && !isBold
                && !rest.isEmpty()
                && "+-*/".indexOf(rest.get(0).symbol()) >= 0;
    }

    /** Whether a name may stand before the expression, such as in {@code x - 3 = 7}. */
    private static boolean isOfName(String text, char before) {
        return isWordLike(before) && !text.isEmpty();
    }

    private static boolean isWordLike(char c) {
        return Character.isLetterOrDigit(c) || "_^%°)]}'\\".indexOf(c) >= 0;
    }

    /** The tokens; none when the text has what is not clear: a decimal comma, a date, a number that is none. */
    private static List<Token> tokens(String text) {
        if (DATE.matcher(text).find()) {
            return List.of();
        }
        List<Token> tokens = new ArrayList<>();
        Matcher number = NUMBER.matcher(text);
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c >= '0' && c <= '9') {
                number.region(at, text.length());
                if (!number.lookingAt() || !isClear(text, number)) {
                    return List.of();
                }
                tokens.add(new Token('n', new BigDecimal(number.group().replace(",", ""))));
                at = number.end();
                continue;
            }
            char symbol = symbol(c);
            if (symbol != 0) {
                tokens.add(new Token(symbol, BigDecimal.ZERO));
            } else if (c == '.' || c == ',') {
                // The end of a sentence or of an item: what comes next is no part of what came before.
                tokens.add(new Token(',', BigDecimal.ZERO));
            }
            at++;
        }
        return tokens;
    }

    private static boolean isClear(String text, Matcher number) {
        String digits = number.group();
        if (digits.length() > MOST_DIGITS
                || (digits.length() > 1 && digits.charAt(0) == '0' && digits.charAt(1) != '.')) {
            return false;
        }
        if (number.end() + 1 >= text.length()) {
            return true;
        }
        char next = text.charAt(number.end());
        return (next != ',' && next != '.') || !Character.isDigit(text.charAt(number.end() + 1));
    }

    /** Where the last expression starts: behind the last place at which two numbers meet; -1 when a factor may be meant there. */
    private static int startOfLast(List<Token> tokens) {
        for (int at = tokens.size() - 1; at > 0; at--) {
            Token token = tokens.get(at);
            Token before = tokens.get(at - 1);
            if (token.symbol() == ',') {
                return at + 1;
            }
            boolean begins = token.isNumber() || token.symbol() == '(';
            boolean ends = before.isNumber() || before.symbol() == ')';
            if (begins && ends) {
                return token.isNumber() && before.isNumber() ? at : -1;
            }
        }
        return tokens.get(0).symbol() == ',' ? 1 : 0;
    }

    /** Without parentheses at the beginning that are closed behind the claim. */
    private static List<Token> balanced(List<Token> tokens) {
        int open = 0;
        for (Token token : tokens) {
            open += token.symbol() == '(' ? 1 : token.symbol() == ')' ? -1 : 0;
        }
        int from = 0;
        while (open > 0 && from < tokens.size() && tokens.get(from).symbol() == '(') {
            from++;
            open--;
        }
        return tokens.subList(from, tokens.size());
    }
}
