package dev.architect.planner.approval.shell;

import dev.architect.planner.check.ArgumentCheck;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The loose reader: it takes words out of any text, as a shell might come to see them, and understands nothing. Quotes,
 * backslashes and what is not visible are left out; groups, substitutions and every blank separate words; operators and newlines
 * separate commands, also within quotes. {@code $HOME} is read as a tilde. It may see a command where none is, so its words are good
 * for suspicion only. Linear in the length of the text, which has no limit. Used once, by one thread.
 */
public final class LooseReader {

    /** What takes the place of an expansion whose value is not known. */
    public enum Expansions {
        /** A blank: {@code rm$IFS-r} is two words. Commas within words stay. */
        SEPARATE,
        /** Nothing: {@code r${x}m} is one word. Commas separate, as those of {@code {rm,-r}} do. */
        VANISH
    }

    private static final String HOME = "HOME";

    /** Longer values are no names of programs; they could double with every assignment. */
    private static final int MAX_VALUE = 64;

    private final String text;
    private final Expansions expansions;
    private final Visitor visitor;
    private final StringBuilder word = new StringBuilder();
    private final Map<String, String> variables = new HashMap<>(Map.of(HOME, "~"));
    private final List<String> words = new ArrayList<>();
    private final List<String> writes = new ArrayList<>();
    private boolean isWrite;
    private boolean hasEquals;
    private int at;

    /** Gets the commands of a text, one after the other. */
    @FunctionalInterface
    public interface Visitor {

        /**
         * Takes a command that has a word. Both lists are reused when it returns.
         *
         * @param words every word but the targets of writes, in their order
         * @param writes the words behind {@code >}, which may be files that are written
         * @return whether to go on
         */
        boolean command(List<String> words, List<String> writes);
    }

    private LooseReader(String text, Expansions expansions, Visitor visitor) {
        this.text = text;
        this.expansions = expansions;
        this.visitor = visitor;
    }

    /** Reads a text until its end, or until the visitor has seen enough. */
    public static void read(String text, Expansions expansions, Visitor visitor) {
        new LooseReader(
                        ArgumentCheck.notNull("text", text),
                        ArgumentCheck.notNull("expansions", expansions),
                        ArgumentCheck.notNull("visitor", visitor))
                .read();
    }

    private void read() {
        while (at < text.length()) {
            int plain = at;
            while (plain < text.length() && isPlain(text.charAt(plain))) {
                plain++;
            }
            if (plain > at) {
                word.append(text, at, plain);
                at = plain;
                continue;
            }
            char c = text.charAt(at);
            at++;
            switch (c) {
                case '\n', ';', '&', '|' -> endCommand();
                case '>' -> {
                    endWord();
                    // What stands behind the operator's other characters is the target: >> >| >&.
                    while (at < text.length() && ">|&".indexOf(text.charAt(at)) >= 0) {
                        at++;
                    }
                    isWrite = true;
                }
                case '<', '(', ')', '{', '}', '`' -> endWord();
                case '\'', '"' -> {
                    // Quotes separate nothing: what they hold may be part of the word around them.
                }
                case '\\' -> escape();
                case '$' -> expansion();
                case ',' -> comma();
                default -> character(c);
            }
        }
        endCommand();
    }

    /** Characters that are always part of a word, of which a run is taken at once. */
    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '-' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' || c == '~';
    }

    private void comma() {
        if (expansions == Expansions.VANISH) {
            endWord();
        } else {
            word.append(',');
        }
    }

    private void character(char c) {
        if (c > ' ' && c < 0x7f) {
            word.append(c);
            hasEquals |= c == '=';
        } else if (Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c)) {
            if (c == '\r' || c == '\u0085' || c == '\u2028') {
                endCommand();
            } else {
                endWord();
            }
        } else if (Character.getType(c) != Character.FORMAT) {
            word.append(c);
        }
    }

    private void escape() {
        if (at < text.length()) {
            char next = text.charAt(at);
            if (next == '\n') {
                at++;
            } else if (next > ' ' && next < 0x7f && next != '$' && next != '`') {
                word.append(next);
                at++;
            }
        }
    }

    private void expansion() {
        if (at >= text.length()) {
            return;
        }
        char c = text.charAt(at);
        if (c == '\'') {
            at++;
            ansiQuoted();
        } else if (c == '{') {
            at++;
            int from = at;
            nameEnd();
            String name = text.substring(from, at);
            // What is more than a name, such as ${x:-rm}, is read as any other characters.
            if (!name.isEmpty() && at < text.length() && text.charAt(at) == '}') {
                at++;
            }
            value(name);
        } else if (isName(c)) {
            int from = at;
            nameEnd();
            value(text.substring(from, at));
        } else if ("@*#?-$!".indexOf(c) >= 0) {
            at++;
            unknown();
        } else {
            // $( and $" go on as groups and quotes do.
            unknown();
        }
    }

    private void value(String name) {
        String value = variables.get(name);
        if (value == null) {
            unknown();
        } else {
            word.append(value);
        }
    }

    /** Remembers {@code NAME=value}, since the value may be used as a program further on. */
    private void remember() {
        int equals = word.indexOf("=");
        if (equals > 0 && equals < MAX_VALUE && word.length() - equals <= MAX_VALUE) {
            variables.put(word.substring(0, equals), word.substring(equals + 1));
        }
    }

    private void unknown() {
        if (expansions == Expansions.SEPARATE) {
            endWord();
        }
    }

    private void nameEnd() {
        while (at < text.length() && isName(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isName(char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** {@code $'…'} of bash with its escapes; a quote within it ends it. */
    private void ansiQuoted() {
        while (at < text.length() && text.charAt(at) != '\'') {
            char c = text.charAt(at);
            at++;
            if (c != '\\' || at >= text.length()) {
                decoded(c);
                continue;
            }
            char kind = text.charAt(at);
            at++;
            switch (kind) {
                case 'x' -> number(16, 2);
                case 'u' -> number(16, 4);
                case 'U' -> number(16, 8);
                case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                    at--;
                    number(8, 3);
                }
                case 'n' -> endCommand();
                case 't', 'r', 'v', 'f', 'a', 'b', 'e', 'E' -> endWord();
                default -> decoded(kind);
            }
        }
        at++;
    }

    private void number(int radix, int digits) {
        int value = 0;
        int end = Math.min(text.length(), at + digits);
        while (at < end && Character.digit(text.charAt(at), radix) >= 0) {
            value = value * radix + Character.digit(text.charAt(at), radix);
            at++;
        }
        decoded((char) value);
    }

    private void decoded(char c) {
        if (c == '\n' || c == ';' || c == '&' || c == '|') {
            endCommand();
        } else {
            character(c);
        }
    }

    private void endWord() {
        if (word.length() > 0) {
            if (hasEquals) {
                remember();
                hasEquals = false;
            }
            (isWrite ? writes : words).add(word.toString());
            word.setLength(0);
            isWrite = false;
        }
    }

    private void endCommand() {
        endWord();
        isWrite = false;
        if (!words.isEmpty() || !writes.isEmpty()) {
            if (!visitor.command(words, writes)) {
                at = text.length();
            }
            words.clear();
            writes.clear();
        }
    }
}
