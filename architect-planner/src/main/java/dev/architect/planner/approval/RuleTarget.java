package dev.architect.planner.approval;

import dev.architect.planner.check.ArgumentCheck;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a rule is about. Immutable. */
public sealed interface RuleTarget {

    /** In place of patterns: the secret paths of the policy. */
    String SECRET = "@secret";

    /** In place of patterns: the protected paths of the policy. */
    String PROTECTED = "@protected";

    /**
     * Commands that begin with given words.
     *
     * @param run the first words, each a list of alternatives; the program by its bare name
     * @param isExact whether these words must be all
     * @param options what may occur, for allow
     * @param operands the kinds of the operands, of which the last repeats; empty when there may be none
     * @param most the most operands
     * @param pattern what operands of the kind {@link OperandKind#PATTERN} are matched with
     * @param hasOption options of which one must occur, for ask and deny; empty when none must
     */
    record Command(
            List<List<String>> run,
            boolean isExact,
            List<OptionPattern> options,
            List<OperandKind> operands,
            int most,
            Optional<Pattern> pattern,
            List<String> hasOption)
            implements RuleTarget {

        /** The most operands unless a rule states another number. */
        public static final int USUAL_MOST = 20;

        /** Checks the words and copies the lists. */
        public Command {
            run = ArgumentCheck.noNulls("run", run).stream().map(List::copyOf).toList();
            options = List.copyOf(ArgumentCheck.noNulls("options", options));
            operands = List.copyOf(ArgumentCheck.noNulls("operands", operands));
            ArgumentCheck.range("most", most, 0, 200);
            ArgumentCheck.notNull("pattern", pattern);
            hasOption = List.copyOf(ArgumentCheck.noNulls("hasOption", hasOption));
            if (run.isEmpty() || run.stream().anyMatch(List::isEmpty)) {
                throw new IllegalArgumentException("run has no word, expected a program and words behind it");
            }
            for (String program : run.get(0)) {
                if (program.isBlank() || program.indexOf('/') >= 0) {
                    throw new IllegalArgumentException(
                            "run[0] is '" + program + "', expected the bare name of a program");
                }
            }
            if (operands.contains(OperandKind.PATTERN) != pattern.isPresent()) {
                throw new IllegalArgumentException(
                        pattern.isPresent()
                                ? "pattern is there and operands have no pattern, expected both or neither"
                                : "pattern is missing, expected a regular expression for the operands");
            }
            if (new HashSet<>(options.stream().map(OptionPattern::name).toList()).size() < options.size()) {
                throw new IllegalArgumentException("options has a name twice, expected each once");
            }
        }
    }

    /**
     * Files that are read or written.
     *
     * @param isWrite whether it is about writing
     * @param patterns patterns of paths, or one of {@link #SECRET} and {@link #PROTECTED}
     */
    record Paths(boolean isWrite, List<String> patterns) implements RuleTarget {
        /** Copies the list. */
        public Paths {
            patterns = List.copyOf(ArgumentCheck.noNulls("patterns", patterns));
            if (patterns.isEmpty()) {
                throw new IllegalArgumentException(
                        (isWrite ? "write" : "read") + " has no pattern, expected one or more");
            }
        }
    }

    /**
     * Requests over HTTP. Each field must be equal.
     *
     * @param scheme {@code https} or {@code http}
     * @param host the host in lower case
     * @param port the port, 1..65535
     * @param method the method, such as {@code GET}
     */
    record Fetch(String scheme, String host, int port, String method) implements RuleTarget {
        /** Checks every field. */
        public Fetch {
            ArgumentCheck.notNull("scheme", scheme);
            ArgumentCheck.notNull("host", host);
            ArgumentCheck.range("port", port, 1, 65_535);
            ArgumentCheck.notBlank("method", method);
            if (!scheme.equals("https") && !scheme.equals("http")) {
                throw new IllegalArgumentException("scheme is '" + scheme + "', expected https or http");
            }
            if (!host.matches("[a-z0-9]([a-z0-9.-]*[a-z0-9])?")) {
                throw new IllegalArgumentException(
                        "host is '" + host + "', expected a name of letters, digits, dots and dashes in lower case");
            }
        }
    }

    /**
     * Calls of tools, whatever their arguments are.
     *
     * @param names the tools
     */
    record Tool(List<String> names) implements RuleTarget {
        /** Copies the list. */
        public Tool {
            names = List.copyOf(ArgumentCheck.noNulls("names", names));
            if (names.isEmpty()) {
                throw new IllegalArgumentException("tool has no name, expected one or more");
            }
        }
    }
}
