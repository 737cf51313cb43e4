package dev.architect.planner.approval.history;

import dev.architect.planner.approval.OperandKind;
import dev.architect.planner.approval.OptionPattern;
import dev.architect.planner.approval.RuleTarget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What several commands of one program and subcommand have in common: the options that were seen, and the kinds of the operands. Text is
 * one of them only for programs that are known to search for it or print it: to others it could be a path. Used by one thread.
 */
final class CommandShape {

    private static final Pattern SUBCOMMAND = Pattern.compile("[a-z][a-z0-9-]{0,30}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final Pattern OPTION = Pattern.compile("--?[A-Za-z0-9][A-Za-z0-9-]*");

    /** Programs that only read the files that they are given; what others do with theirs is not known. */
    private static final Set<String> READERS = Set.of(
            "cat",
            "tac",
            "nl",
            "head",
            "tail",
            "wc",
            "ls",
            "grep",
            "egrep",
            "fgrep",
            "sort",
            "cut",
            "diff",
            "cmp",
            "stat",
            "file",
            "du",
            "tree",
            "md5sum",
            "sha256sum",
            "column",
            "od",
            "strings",
            "comm");

    /** Options with which a program may write: {@code sort -o}, {@code tree -o}, {@code git diff --output}, {@code file -C}. */
    private static final Pattern WRITING_OPTION = Pattern.compile("-[^-]*[oOTC].*|--(o|temp|comp|make).*");

    /** Subcommands of Git that take references and change nothing. */
    private static final Set<String> REFERENCE_READERS =
            Set.of("diff", "log", "show", "rev-parse", "rev-list", "merge-base", "describe", "shortlog", "blame");

    /** Subcommands of Git that take files and change none of them. */
    private static final Set<String> FILE_READERS =
            Set.of("diff", "log", "show", "blame", "status", "ls-files", "grep", "add");

    /** Programs whose first operand is what they look for. */
    private static final Set<String> SEARCHERS = Set.of("grep", "egrep", "fgrep");

    private final List<String> run;
    private final boolean isGit;
    private final boolean isReader;
    private final boolean takesReferences;
    private final Map<String, OptionPattern> options = new LinkedHashMap<>();
    private final List<OperandKind> operands = new ArrayList<>();
    private int most;
    private boolean isDescribable = true;

    private CommandShape(List<String> run, boolean mayWrite) {
        this.run = run;
        String subcommand = run.size() > 1 ? run.get(1) : "";
        isGit = run.get(0).equals("git");
        isReader = !mayWrite && (isGit ? FILE_READERS.contains(subcommand) : READERS.contains(run.get(0)));
        takesReferences = isGit && !mayWrite && REFERENCE_READERS.contains(subcommand);
    }

    /** Returns the program and the subcommand of a command, by which commands are alike. */
    static List<String> keyOf(List<String> argv) {
        boolean hasSubcommand = argv.size() > 1
                && !READERS.contains(argv.get(0))
                && !argv.get(0).equals("echo")
                && SUBCOMMAND.matcher(argv.get(1)).matches();
        return hasSubcommand ? List.copyOf(argv.subList(0, 2)) : List.of(argv.get(0));
    }

    /** Returns what covers exactly the kinds of words that were seen; empty when a rule cannot say it. */
    static Optional<RuleTarget.Command> of(List<List<String>> commands) {
        boolean mayWrite = commands.stream()
                .flatMap(List::stream)
                .anyMatch(word -> WRITING_OPTION.matcher(word).matches());
        CommandShape shape = new CommandShape(keyOf(commands.get(0)), mayWrite);
        commands.forEach(shape::add);
        if (!shape.isDescribable) {
            return Optional.empty();
        }
        return Optional.of(new RuleTarget.Command(
                shape.run.stream().map(List::of).toList(),
                false,
                List.copyOf(shape.options.values()),
                shape.operands,
                shape.most,
                Optional.empty(),
                List.of()));
    }

    private void add(List<String> argv) {
        int count = 0;
        for (int index = run.size(); index < argv.size(); index++) {
            String word = argv.get(index);
            boolean isOption = word.startsWith("-") && word.length() > 1;
            boolean hasNumber = isOption
                    && word.indexOf('=') < 0
                    && index + 1 < argv.size()
                    && NUMBER.matcher(argv.get(index + 1)).matches();
            if (hasNumber) {
                option(word, Optional.of(OperandKind.NUMBER));
                index++;
            } else if (isOption) {
                int equals = word.indexOf('=');
                option(
                        equals < 0 ? word : word.substring(0, equals),
                        equals < 0 ? Optional.empty() : kindOf(word.substring(equals + 1)));
                isDescribable &=
                        equals < 0 || kindOf(word.substring(equals + 1)).isPresent();
            } else {
                operand(count, isText(count) ? Optional.of(OperandKind.TEXT) : kindOf(word));
                count++;
            }
        }
        most = Math.max(most, count);
    }

    private void option(String name, Optional<OperandKind> value) {
        if (!OPTION.matcher(name).matches() || value.equals(Optional.of(OperandKind.REF))) {
            isDescribable = false;
            return;
        }
        OptionPattern seen = options.putIfAbsent(name, new OptionPattern(name, value));
        isDescribable &= seen == null || seen.value().equals(value);
    }

    private boolean isText(int operand) {
        return run.get(0).equals("echo") || (operand == 0 && SEARCHERS.contains(run.get(0)));
    }

    private void operand(int index, Optional<OperandKind> kind) {
        if (kind.isEmpty()) {
            isDescribable = false;
        } else if (index == operands.size()) {
            operands.add(kind.get());
        } else if (operands.get(index) != kind.get()) {
            boolean isReadOrReference =
                    Set.of(operands.get(index), kind.get()).equals(Set.of(OperandKind.REF, OperandKind.PATH_READ));
            isDescribable &= isReadOrReference;
            operands.set(index, OperandKind.PATH_READ);
        }
    }

    private Optional<OperandKind> kindOf(String word) {
        if (NUMBER.matcher(word).matches()) {
            return Optional.of(OperandKind.NUMBER);
        }
        if (takesReferences && !word.contains("/") && word.matches("[A-Za-z0-9_@][A-Za-z0-9_.@^~+-]*")) {
            return Optional.of(OperandKind.REF);
        }
        // What is no path by its look may be anything to a program that does more than read.
        boolean isPath = word.matches("[A-Za-z0-9_./@+-]+")
                && ((isReader && !isGit) || word.indexOf('/') >= 0 || word.indexOf('.') >= 0);
        return isPath ? Optional.of(isReader ? OperandKind.PATH_READ : OperandKind.PATH_WRITE) : Optional.empty();
    }
}
