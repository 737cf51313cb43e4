package dev.architect.planner.approval;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the commands of rules that deny in words of any kind, wherever a command may begin. Case of programs and folders before
 * them do not count, abbreviated and clustered options do. Immutable.
 */
final class CommandSearch {

    private final List<ApprovalRule> rules = new ArrayList<>();
    private final List<RuleTarget.Command> commands = new ArrayList<>();
    private final Map<String, List<Integer>> byProgram = new HashMap<>();
    private final Map<String, List<Integer>> byWord = new HashMap<>();
    private final Map<String, List<Integer>> byOption = new HashMap<>();
    private final Map<Character, List<Integer>> byLetter = new HashMap<>();

    CommandSearch(List<ApprovalRule> all) {
        for (ApprovalRule rule : all) {
            if (rule.target() instanceof RuleTarget.Command command) {
                add(rule, command);
            }
        }
    }

    private void add(ApprovalRule rule, RuleTarget.Command command) {
        int number = rules.size();
        rules.add(rule);
        commands.add(command);
        for (String program : command.run().get(0)) {
            put(byProgram, program.toLowerCase(Locale.ROOT), number);
        }
        for (int index = 1; index < command.run().size(); index++) {
            for (String word : command.run().get(index)) {
                put(byWord, word.toLowerCase(Locale.ROOT), number);
            }
        }
        for (String option : command.hasOption()) {
            if (option.length() == 2) {
                put(byLetter, option.charAt(1), number);
            } else if (option.startsWith("--")) {
                for (int end = 3; end <= option.length(); end++) {
                    put(byOption, option.substring(0, end), number);
                }
            } else {
                put(byOption, option, number);
            }
        }
    }

    private static <K> void put(Map<K, List<Integer>> map, K key, int number) {
        List<Integer> numbers = map.computeIfAbsent(key, any -> new ArrayList<>(1));
        if (!numbers.contains(number)) {
            numbers.add(number);
        }
    }

    /** Whether a rule matches the command that begins at a word. */
    static boolean matchesAt(RuleTarget.Command command, List<String> argv, int from) {
        if (from >= argv.size() || !containsIgnoringCase(command.run().get(0), programOf(argv.get(from)))) {
            return false;
        }
        int at = from + 1;
        for (int index = 1; index < command.run().size(); index++) {
            // Options and their values may stand before a subcommand: git -C folder push.
            boolean isAfterOption = false;
            while (at < argv.size() && !containsIgnoringCase(command.run().get(index), argv.get(at))) {
                boolean isOption = argv.get(at).startsWith("-");
                if (!isOption && !isAfterOption) {
                    return false;
                }
                isAfterOption = isOption;
                at++;
            }
            if (at == argv.size()) {
                return false;
            }
            at++;
        }
        if (command.hasOption().isEmpty()) {
            return !command.isExact() || argv.size() - from == command.run().size();
        }
        for (int index = from + 1; index < argv.size() && !argv.get(index).equals("--"); index++) {
            String word = argv.get(index);
            if (word.length() > 1 && word.charAt(0) == '-' && isAny(word, command.hasOption())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAny(String word, List<String> options) {
        for (String option : options) {
            if (mayBe(word, option)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a word that begins with a dash may be an option: itself, abbreviated, with a value, or a letter in a cluster. */
    private static boolean mayBe(String word, String option) {
        if (option.length() == 2) {
            return word.charAt(1) != '-' && word.indexOf(option.charAt(1), 1) > 0;
        }
        int equals = word.indexOf('=');
        int length = equals < 0 ? word.length() : equals;
        boolean isPrefix = length <= option.length() && option.regionMatches(0, word, 0, length);
        return isPrefix && (length == option.length() || (length > 2 && option.startsWith("--")));
    }

    /** The program that a word may hold: behind the equals sign of an assignment, a folder, or signs such as an exclamation mark. */
    private static String bareProgram(String word) {
        int from = Math.max(word.lastIndexOf('='), word.lastIndexOf('/')) + 1;
        while (from < word.length() && "!@+-%".indexOf(word.charAt(from)) >= 0) {
            from++;
        }
        return word.substring(from);
    }

    private static boolean containsIgnoringCase(List<String> words, String word) {
        for (String candidate : words) {
            if (candidate.equalsIgnoreCase(word)) {
                return true;
            }
        }
        return false;
    }

    private static String programOf(String word) {
        return word.substring(word.lastIndexOf('/') + 1);
    }

    /**
     * Returns the rule that matches some suffix of an understood command.
     *
     * @param isFree words that are text, and begin no command
     */
    @Nullable
    ApprovalRule find(List<String> argv, Predicate<ApprovalRule> isInForce, IntPredicate isFree) {
        for (int index = 0; index < argv.size(); index++) {
            List<Integer> numbers = byProgram.get(programOf(argv.get(index)).toLowerCase(Locale.ROOT));
            if (numbers == null || isFree.test(index)) {
                continue;
            }
            for (int number : numbers) {
                if (matchesAt(commands.get(number), argv, index) && isInForce.test(rules.get(number))) {
                    return rules.get(number);
                }
            }
        }
        return null;
    }

    /** Begins a look at words of unknown meaning. */
    Suspects suspects(Predicate<ApprovalRule> isInForce) {
        return new Suspects(isInForce);
    }

    /** Finds rules that words of unknown meaning may match. Linear: each word is looked at once, from the last one on. Used by one thread. */
    final class Suspects {

        private final Predicate<ApprovalRule> isInForce;

        private final Set<Integer> touched = new HashSet<>();
        private final boolean[] hasOption = new boolean[rules.size()];
        private final int[] missing = new int[rules.size()];

        private Suspects(Predicate<ApprovalRule> isInForce) {
            this.isInForce = isInForce;
            for (int number = 0; number < rules.size(); number++) {
                missing[number] = commands.get(number).run().size() - 1;
            }
        }

        private void clear() {
            for (int number : touched) {
                hasOption[number] = false;
                missing[number] = commands.get(number).run().size() - 1;
            }
            touched.clear();
        }

        /** Returns the rule that these words may match; null for none. */
        @Nullable
        ApprovalRule find(List<String> words) {
            for (int index = words.size() - 1; index >= 0; index--) {
                ApprovalRule rule = step(words.get(index));
                if (rule != null) {
                    return rule;
                }
            }
            if (!touched.isEmpty()) {
                clear();
            }
            return null;
        }

        private @Nullable ApprovalRule step(String word) {
            if (word.charAt(0) == '-' && word.length() > 1) {
                option(word);
            }
            String lower = word.toLowerCase(Locale.ROOT);
            String program = bareProgram(lower);
            for (int number : byProgram.getOrDefault(program, List.of())) {
                boolean isComplete = missing[number] == 0
                        && (hasOption[number]
                                || commands.get(number).hasOption().isEmpty());
                if (isComplete && isInForce.test(rules.get(number))) {
                    return rules.get(number);
                }
            }
            for (int number : byWord.getOrDefault(lower, List.of())) {
                if (missing[number] > 0
                        && containsIgnoringCase(commands.get(number).run().get(missing[number]), lower)) {
                    missing[number]--;
                    touched.add(number);
                }
            }
            return null;
        }

        private void option(String word) {
            if (word.charAt(1) == '-') {
                int equals = word.indexOf('=');
                optionSeen(byOption.get(equals < 0 ? word : word.substring(0, equals)));
                return;
            }
            optionSeen(byOption.get(word));
            for (int index = 1; index < word.length(); index++) {
                optionSeen(byLetter.get(word.charAt(index)));
            }
        }

        private void optionSeen(@Nullable List<Integer> numbers) {
            if (numbers != null) {
                for (int number : numbers) {
                    hasOption[number] = true;
                    touched.add(number);
                }
            }
        }
    }
}
