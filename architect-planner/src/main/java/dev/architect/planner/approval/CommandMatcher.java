package dev.architect.planner.approval;

import dev.architect.planner.approval.shell.ShellCharacters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compares commands with one rule that allows: every word must be one of its first words, an option that it lists, the value of
 * one, or an operand of its kinds. Paths, references and addresses are returned, to be judged by other rules. Immutable.
 */
final class CommandMatcher {

    private static final Pattern NUMBER = Pattern.compile("\\+?[0-9]{1,18}");

    private static final Pattern REF = Pattern.compile("[A-Za-z0-9_@][A-Za-z0-9_./@^~+-]*");

    /** Options whose value takes the place of the first operand, as the pattern of grep and the script of sed. */
    private static final Set<String> FIRST_OPERAND_OPTIONS = Set.of("-e", "--regexp", "--expression", "-f", "--file");

    /** A word and what the rule takes it for. */
    record Operand(int index, OperandKind kind, String word) {}

    private final RuleTarget.Command command;
    private final Map<String, OptionPattern> options = new HashMap<>();
    private final Set<Character> letters = new HashSet<>();

    CommandMatcher(RuleTarget.Command command) {
        this.command = command;
        for (OptionPattern option : command.options()) {
            options.put(option.name(), option);
            if (option.isLetter() && option.value().isEmpty()) {
                letters.add(option.name().charAt(1));
            }
        }
    }

    /** Whether a rule of this verdict matches a command, without a look at paths. */
    static boolean matches(Verdict verdict, RuleTarget.Command command, List<String> argv) {
        if (verdict == Verdict.ALLOW) {
            return new CommandMatcher(command).match(argv) != null;
        }
        return CommandSearch.matchesAt(command, argv, 0);
    }

    /** Returns the operands and values of a command that the rule covers; null when it does not cover every word. */
    @Nullable
    List<Operand> match(List<String> argv) {
        int size = command.run().size();
        if (argv.size() < size || (command.isExact() && argv.size() > size)) {
            return null;
        }
        for (int index = 0; index < size; index++) {
            if (!command.run().get(index).contains(argv.get(index))) {
                return null;
            }
        }
        return command.isExact() ? List.of() : new Reading(argv).read(size);
    }

    private final class Reading {

        private final List<String> argv;
        private final List<Operand> found = new ArrayList<>();
        private int operands;
        private boolean isFirstReplaced;

        private Reading(List<String> argv) {
            this.argv = argv;
        }

        @Nullable
        List<Operand> read(int from) {
            boolean isBehindDashes = false;
            for (int index = from; index < argv.size(); index++) {
                String word = argv.get(index);
                if (!isBehindDashes && word.equals("--")) {
                    isBehindDashes = true;
                } else if (!isBehindDashes && word.length() > 1 && word.charAt(0) == '-') {
                    int taken = option(index);
                    if (taken < 0) {
                        return null;
                    }
                    index += taken;
                } else if (!operand(index, isBehindDashes)) {
                    return null;
                }
            }
            return isFirstReplaced && !readsFirstAsPath() ? null : found;
        }

        /** Returns how many further words an option takes, -1 when the rule does not list it. */
        private int option(int index) {
            String word = argv.get(index);
            if (!ShellCharacters.isAscii(word)) {
                return -1;
            }
            OptionPattern exact = options.get(word);
            if (exact != null && exact.value().isEmpty()) {
                return 0;
            }
            if (exact != null) {
                boolean hasValue =
                        index + 1 < argv.size() && !argv.get(index + 1).startsWith("-");
                return hasValue && value(index + 1, exact, argv.get(index + 1)) ? 1 : -1;
            }
            int equals = word.indexOf('=');
            if (equals > 0 && word.startsWith("--")) {
                OptionPattern named = options.get(word.substring(0, equals));
                return named != null && named.value().isPresent() && value(index, named, word.substring(equals + 1))
                        ? 0
                        : -1;
            }
            return isCluster(word) ? 0 : -1;
        }

        private boolean isCluster(String word) {
            return word.charAt(1) != '-' && word.chars().skip(1).allMatch(c -> letters.contains((char) c));
        }

        private boolean value(int index, OptionPattern option, String value) {
            if (option.name().startsWith("--include") || option.name().equals("--glob")) {
                // It chooses the files that are read, so it must not choose secret ones.
                return take(index, OperandKind.PATTERN, value);
            }
            isFirstReplaced |= FIRST_OPERAND_OPTIONS.contains(option.name());
            return take(index, option.value().orElseThrow(), value);
        }

        private boolean operand(int index, boolean isBehindDashes) {
            List<OperandKind> kinds = command.operands();
            if (kinds.isEmpty() || operands == command.most()) {
                return false;
            }
            OperandKind kind = kinds.get(Math.min(operands, kinds.size() - 1));
            OperandKind last = kinds.get(kinds.size() - 1);
            if (kind == OperandKind.REF && isBehindDashes && last.isPath()) {
                // What stands behind the dashes is a path for Git.
                kind = last;
            }
            operands++;
            if (kind == OperandKind.PATTERN
                    && !command.pattern().orElseThrow().matcher(argv.get(index)).matches()) {
                return false;
            }
            return take(index, kind == OperandKind.PATTERN ? OperandKind.TEXT : kind, argv.get(index));
        }

        /** Keeps a word for what it is; a value of the kind {@code PATTERN} here is a pattern of file names. */
        private boolean take(int index, OperandKind kind, String word) {
            boolean isOfKind = switch (kind) {
                case TEXT, PATTERN, PATH_READ, PATH_WRITE, URL -> true;
                case NUMBER -> NUMBER.matcher(word).matches();
                case REF -> REF.matcher(word).matches();
            };
            found.add(new Operand(index, kind, word));
            return isOfKind;
        }

        /** With {@code -e} the first operand is a file already, so it must be fit for both. */
        private boolean readsFirstAsPath() {
            List<OperandKind> kinds = command.operands();
            if (kinds.size() < 2 || (kinds.get(0) != OperandKind.TEXT && kinds.get(0) != OperandKind.PATTERN)) {
                return true;
            }
            List<Operand> both = new ArrayList<>();
            for (Operand operand : found) {
                boolean isOperand = operand.kind() == OperandKind.TEXT && !isValue(operand.index());
                both.add(isOperand ? new Operand(operand.index(), kinds.get(1), operand.word()) : operand);
            }
            found.clear();
            found.addAll(both);
            return true;
        }

        private boolean isValue(int index) {
            if (argv.get(index).startsWith("-")) {
                return true;
            }
            OptionPattern before = index > 0 ? options.get(argv.get(index - 1)) : null;
            return before != null && before.value().isPresent();
        }
    }
}
