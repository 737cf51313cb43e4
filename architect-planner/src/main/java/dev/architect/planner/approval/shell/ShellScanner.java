package dev.architect.planner.approval.shell;

import dev.architect.planner.check.ArgumentCheck;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The strict reader. It reads the part of the shell language in which bash, dash and a person see the same words, in one pass
 * without recursion, and calls everything else unclear. For every text that it takes as clear, a POSIX shell runs exactly these
 * programs with exactly these arguments.
 *
 * <p>It takes words of plain characters, {@code '…'}, {@code "…"} without {@code $}, {@code `} and {@code !}, a backslash before one
 * character or a newline; commands joined by {@code &&}, {@code ||}, {@code ;}, {@code |} and newlines; comments;
 * {@code NAME=value} before a command; {@code 2>&1}, {@code >&2}, and {@code <}, {@code >}, {@code >>} with a literal target. A text has
 * at most 16 kB, 50 commands and 200 words in each.
 *
 * <p>The rules are those of POSIX.1-2017, XCU 2.2 (quoting), 2.3 (token recognition), 2.4 (reserved words), 2.7 (redirection)
 * and 2.9 (commands); where bash 5.2 differs, the text is unclear. Used once, by one thread.
 */
public final class ShellScanner {

    /** The most bytes of a text in UTF-8. */
    public static final int MAX_BYTES = 16 * 1024;

    /** The most commands of a text. */
    public static final int MAX_COMMANDS = 50;

    /** The most words of a command, its program among them. */
    public static final int MAX_WORDS = 200;

    private static final String NEEDS_EXPANSION = "$`";
    private static final String SPECIAL = "$`(){}*?[!";

    /** Reserved words of POSIX and of bash; {@code !}, braces and brackets are unclear before they are looked up. */
    private static final Set<String> RESERVED = Set.of(
            "if",
            "then",
            "else",
            "elif",
            "fi",
            "do",
            "done",
            "case",
            "esac",
            "while",
            "until",
            "for",
            "in",
            "select",
            "function",
            "time",
            "coproc");

    private final String text;
    private final List<ShellCommand> commands = new ArrayList<>();
    private int at;

    private ShellJoint joint = ShellJoint.FIRST;
    private int start = -1;
    private int end;
    private List<ShellAssignment> assignments = new ArrayList<>();
    private List<String> words = new ArrayList<>();
    private List<ShellRedirection> redirections = new ArrayList<>();

    private ShellScanner(String text) {
        this.text = text;
    }

    /** Reads a text. Linear in its length; a text that is too long is unclear at once. */
    public static ShellText scan(String text) {
        ArgumentCheck.notNull("text", text);
        // UTF-8 has at least as many bytes as there are characters.
        if (text.length() > MAX_BYTES || text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return unclear("the text has more than " + MAX_BYTES + " bytes");
        }
        OptionalInt refused = ShellCharacters.firstRefused(text);
        if (refused.isPresent()) {
            return unclear("character " + refused.getAsInt() + " is "
                    + ShellCharacters.nameOf(text.codePointAt(refused.getAsInt())));
        }
        ShellScanner scanner = new ShellScanner(text);
        String problem = scanner.list();
        return problem == null ? new ShellText(scanner.commands, Optional.empty()) : unclear(problem);
    }

    private static ShellText unclear(String why) {
        return new ShellText(List.of(), Optional.of(why));
    }

    /** Reads all commands; returns what is unclear, or null. */
    private @Nullable String list() {
        while (true) {
            skipBlanks();
            if (at >= text.length()) {
                return atEnd();
            }
            char c = text.charAt(at);
            String problem = switch (c) {
                case '\n', ';', '|', '&' -> operator(c);
                case '<', '>' -> redirection('-');
                default -> part();
            };
            if (problem != null) {
                return problem;
            }
        }
    }

    private @Nullable String atEnd() {
        if (start >= 0) {
            return endCommand();
        }
        // A text may end after a semicolon or a newline, and not after an operator that wants a command.
        return joint == ShellJoint.FIRST || joint == ShellJoint.SEQUENCE ? null : "a command is missing at the end";
    }

    private @Nullable String operator(char c) {
        boolean isDouble = at + 1 < text.length() && text.charAt(at + 1) == c;
        if (c == '\n') {
            at++;
            if (start < 0) {
                // Newlines may stand before the first command, after operators, and in a row.
                return null;
            }
            return endCommand(ShellJoint.SEQUENCE);
        }
        if (start < 0) {
            return "a command is missing before '" + c + "'" + place();
        }
        if (c == '&' && !isDouble) {
            return "'&'" + place();
        }
        if (c == '|' && !isDouble && at + 1 < text.length() && text.charAt(at + 1) == '&') {
            return "'|&'" + place();
        }
        if (c == ';' && isDouble) {
            return "';;'" + place();
        }
        at += isDouble ? 2 : 1;
        return endCommand(
                switch (c) {
                    case '&' -> ShellJoint.AND;
                    case '|' -> isDouble ? ShellJoint.OR : ShellJoint.PIPE;
                    default -> ShellJoint.SEQUENCE;
                });
    }

    private @Nullable String endCommand(ShellJoint next) {
        String problem = endCommand();
        joint = next;
        return problem;
    }

    private @Nullable String endCommand() {
        if (words.isEmpty()) {
            return "a command without a program" + place();
        }
        if (commands.size() == MAX_COMMANDS) {
            return "the text has more than " + MAX_COMMANDS + " commands";
        }
        commands.add(new ShellCommand(joint, assignments, words, redirections, text.substring(start, end)));
        start = -1;
        assignments = new ArrayList<>();
        words = new ArrayList<>();
        redirections = new ArrayList<>();
        return null;
    }

    /** A word, an assignment, or the number before a redirection. */
    private @Nullable String part() {
        int from = at;
        Word word = new Word();
        String problem = word.read();
        if (problem != null) {
            return problem;
        }
        if (start < 0) {
            start = from;
        }
        end = at;
        boolean isBeforeRedirection = at < text.length() && (text.charAt(at) == '<' || text.charAt(at) == '>');
        if (isBeforeRedirection && word.isContinued) {
            return "a line that goes on before a redirection" + place();
        }
        if (isBeforeRedirection && !word.isQuoted && isDigits(word.value)) {
            return word.value.length() == 1 ? redirection(word.value.charAt(0)) : "a long number" + place();
        }
        String value = word.value.toString();
        if (words.isEmpty() && word.equalsAt >= 0) {
            assignments.add(new ShellAssignment(value.substring(0, word.equalsAt), value.substring(word.equalsAt + 1)));
            return null;
        }
        if (words.isEmpty()) {
            if (!word.isQuoted && RESERVED.contains(value)) {
                return "the reserved word '" + value + "'";
            }
            if (value.startsWith("%") || value.startsWith("^")) {
                return "a program that begins with '" + value.charAt(0) + "'";
            }
        }
        if (words.size() == MAX_WORDS) {
            return "a command has more than " + MAX_WORDS + " words";
        }
        words.add(value);
        return null;
    }

    private static boolean isDigits(CharSequence value) {
        return value.length() > 0 && value.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Reads a redirection; {@code descriptor} is the digit before it, a dash where there is none. */
    private @Nullable String redirection(char descriptor) {
        if (start < 0) {
            start = at;
        }
        boolean isRead = text.charAt(at) == '<';
        if (isRead
                ? descriptor != '-' && descriptor != '0'
                : descriptor != '-' && descriptor != '1' && descriptor != '2') {
            return "a redirection of descriptor " + descriptor + place();
        }
        at++;
        char next = at < text.length() ? text.charAt(at) : '\n';
        if (!isRead && next == '&') {
            return joining();
        }
        ShellRedirection.Mode mode = isRead ? ShellRedirection.Mode.READ : ShellRedirection.Mode.WRITE;
        if (!isRead && next == '>') {
            mode = ShellRedirection.Mode.APPEND;
            at++;
        } else if (next == '<' || next == '>' || next == '&' || next == '|') {
            return "'" + (isRead ? '<' : '>') + next + "'" + place();
        }
        skipBlanksInside();
        Word target = new Word();
        if (at < text.length() && text.charAt(at) != '#') {
            String problem = target.read();
            if (problem != null) {
                return problem;
            }
        }
        if (target.value.length() == 0) {
            return "a redirection without a target" + place();
        }
        boolean isBeforeRedirection = at < text.length() && (text.charAt(at) == '<' || text.charAt(at) == '>');
        if (isBeforeRedirection && (target.isContinued || isDigits(target.value))) {
            return "a number between two redirections" + place();
        }
        redirections.add(new ShellRedirection(mode, target.value.toString()));
        end = at;
        return null;
    }

    /** {@code >&1} or {@code >&2}, and nothing that goes on. */
    private @Nullable String joining() {
        at++;
        char descriptor = at < text.length() ? text.charAt(at) : ' ';
        char after = at + 1 < text.length() ? text.charAt(at + 1) : '\n';
        if ((descriptor != '1' && descriptor != '2') || " \t\n;|".indexOf(after) < 0) {
            return "'>&' before something other than 1 or 2" + place();
        }
        at++;
        end = at;
        return null;
    }

    /** Skips blanks, continued lines and a comment. */
    private void skipBlanks() {
        skipBlanksInside();
        if (at < text.length() && text.charAt(at) == '#') {
            int newline = text.indexOf('\n', at);
            at = newline < 0 ? text.length() : newline;
        }
    }

    private void skipBlanksInside() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\t') {
                at++;
            } else if (isContinuation()) {
                at += 2;
            } else {
                return;
            }
        }
    }

    private boolean isContinuation() {
        return text.charAt(at) == '\\' && at + 1 < text.length() && text.charAt(at + 1) == '\n';
    }

    private String place() {
        return " at character " + at;
    }

    /** A word from its first character to the blank or operator behind it. */
    private final class Word {

        private final StringBuilder value = new StringBuilder();
        private boolean isQuoted;
        private boolean isContinued;
        private boolean isName = true;
        private int equalsAt = -1;

        @Nullable
        String read() {
            while (at < text.length()) {
                char c = text.charAt(at);
                if (" \t\n;|&<>".indexOf(c) >= 0) {
                    return null;
                }
                String problem = switch (c) {
                    case '\'' -> singleQuoted();
                    case '"' -> doubleQuoted();
                    case '\\' -> escaped();
                    default -> plain(c);
                };
                if (problem != null) {
                    return problem;
                }
            }
            return null;
        }

        private @Nullable String plain(char c) {
            if (SPECIAL.indexOf(c) >= 0) {
                return "'" + c + "'" + place();
            }
            if (c == '~' && isTildePlace()) {
                return "'~'" + place();
            }
            if (isName && equalsAt < 0) {
                if (c == '=' && value.length() > 0) {
                    equalsAt = value.length();
                } else if (c == '+' && at + 1 < text.length() && text.charAt(at + 1) == '=' && value.length() > 0) {
                    return "'+='" + place();
                }
                isName = isNameCharacter(c) || equalsAt >= 0;
            }
            value.append(c);
            at++;
            return null;
        }

        private boolean isNameCharacter(char c) {
            return c == '_'
                    || (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9' && value.length() > 0);
        }

        /** A tilde expands at the start of a word, and in words that look like assignments after the equals sign and colons. */
        private boolean isTildePlace() {
            if (value.length() == 0) {
                return true;
            }
            char before = value.charAt(value.length() - 1);
            return before == '=' || before == ':';
        }

        private @Nullable String singleQuoted() {
            quote();
            int close = text.indexOf('\'', at + 1);
            if (close < 0) {
                return "a quote without its end" + place();
            }
            value.append(text, at + 1, close);
            at = close + 1;
            return null;
        }

        private @Nullable String doubleQuoted() {
            quote();
            int open = at;
            at++;
            while (at < text.length()) {
                char c = text.charAt(at);
                if (c == '"') {
                    at++;
                    return null;
                }
                if (NEEDS_EXPANSION.indexOf(c) >= 0 || c == '!') {
                    return "'" + c + "' in double quotes" + place();
                }
                if (c == '\\' && at + 1 < text.length()) {
                    char next = text.charAt(at + 1);
                    if (next == '\n') {
                        at += 2;
                        continue;
                    }
                    if (next == '"' || next == '\\') {
                        value.append(next);
                        at += 2;
                        continue;
                    }
                }
                value.append(c);
                at++;
            }
            at = open;
            return "a quote without its end" + place();
        }

        private @Nullable String escaped() {
            if (at + 1 >= text.length()) {
                return "a backslash at the end";
            }
            char next = text.charAt(at + 1);
            if (next == '\n') {
                isContinued = true;
                at += 2;
                return null;
            }
            quote();
            int length = Character.charCount(text.codePointAt(at + 1));
            value.append(text, at + 1, at + 1 + length);
            at += 1 + length;
            return null;
        }

        /** A name with a quoted character in it is no longer that of a variable. */
        private void quote() {
            isQuoted = true;
            if (equalsAt < 0) {
                isName = false;
            }
        }
    }
}
