package dev.architect.planner.approval;

import dev.architect.planner.approval.path.ResolvedPath;
import dev.architect.planner.approval.shell.LooseCommand;
import dev.architect.planner.approval.shell.LooseReader;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Hunts denied commands and paths in what no rule allows: there, to be mentioned is enough. Used by one thread, for one decision. */
final class Suspicion {

    /** Programs that write to no operand of theirs. */
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
            "rg",
            "less",
            "more",
            "cmp",
            "stat",
            "file",
            "du",
            "md5sum",
            "sha1sum",
            "sha256sum",
            "sha512sum",
            "od",
            "hexdump",
            "strings",
            "readlink",
            "realpath",
            "basename",
            "dirname",
            "echo",
            "cut",
            "comm",
            "jq");

    /** More than a text of 16 kB can hold; each costs some microseconds. */
    private static final int MAX_LOOKS = 5_000;

    private static final int LONG_TEXT = 4_096;

    private final CommandSearch search;
    private final PathJudge paths;
    private final PathJudge.View view;
    private final Predicate<ApprovalRule> isInForce;
    private int looks;

    Suspicion(CommandSearch search, PathJudge paths, PathJudge.View view, Predicate<ApprovalRule> isInForce) {
        this.search = search;
        this.paths = paths;
        this.view = view;
        this.isInForce = isInForce;
    }

    /** Hunts in a text that the strict reader does not understand. */
    void ofText(String text, List<String> folders, Findings into) {
        List<LooseCommand> separate = LooseReader.read(text, LooseReader.Expansions.SEPARATE);
        if (deny(search.suspect(separate, isInForce), text, into)) {
            return;
        }
        boolean hasVanishing = text.indexOf('$') >= 0 || text.indexOf('{') >= 0;
        List<LooseCommand> vanish = hasVanishing ? LooseReader.read(text, LooseReader.Expansions.VANISH) : List.of();
        if (deny(search.suspect(vanish, isInForce), text, into)) {
            return;
        }
        pathsOf(separate, text, folders, into);
        pathsOf(vanish, text, folders, into);
    }

    private static boolean deny(@Nullable ApprovalRule rule, String part, Findings into) {
        if (rule != null) {
            into.add(Verdict.DENY, rule.id(), part, "holds a command that is denied");
        }
        return rule != null;
    }

    private void pathsOf(List<LooseCommand> commands, String text, List<String> folders, Findings into) {
        List<String> literals = literalsIn(commands, text);
        for (LooseCommand command : commands) {
            boolean isReader = !command.words().isEmpty()
                    && READERS.contains(command.words().get(0));
            for (String word : command.words()) {
                path(word, !isReader, literals, folders, text, into);
            }
            for (String word : command.writes()) {
                path(word, true, literals, folders, text, into);
            }
        }
    }

    /** In a long text, looks once for each literal in all of it, so that most words need no look at all. */
    private List<String> literalsIn(List<LooseCommand> commands, String text) {
        if (text.length() < LONG_TEXT) {
            return paths.literals();
        }
        StringBuilder all = new StringBuilder(text.length());
        for (LooseCommand command : commands) {
            command.words().forEach(word -> all.append(word).append(' '));
            command.writes().forEach(word -> all.append(word).append(' '));
        }
        String lower = all.toString().toLowerCase(Locale.ROOT);
        return paths.literals().stream().filter(lower::contains).toList();
    }

    /** Hunts in a command that was understood and that no rule allows. */
    void ofWords(List<String> argv, List<String> folders, String part, Findings into) {
        if (deny(search.find(argv, isInForce, index -> false), part, into)) {
            return;
        }
        String program = argv.get(0).substring(argv.get(0).lastIndexOf('/') + 1);
        boolean isReader = READERS.contains(program);
        boolean runsWords = BannedPrograms.standard().runsItsWords(program);
        boolean runsSettings = BannedPrograms.standard().runsItsSettings(program);
        for (int index = 1; index < argv.size(); index++) {
            String word = argv.get(index);
            if (word.isEmpty()) {
                continue;
            }
            boolean isCode = runsWords || runsSettings && (word.indexOf('=') >= 0 || word.startsWith("!"));
            if (isCode || isCompound(word)) {
                within(word, isCode, folders, part, into);
            }
            path(word, !isReader, paths.literals(), folders, part, into);
        }
    }

    private static boolean isCompound(String word) {
        for (int index = 0; index < word.length(); index++) {
            if (" \t\n;|&<>()`$".indexOf(word.charAt(index)) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** A word that may be a text of commands: of code every word may begin one, of other text only the first of each command. */
    private void within(String word, boolean isCode, List<String> folders, String part, Findings into) {
        if (isCode) {
            ofText(word, folders, into);
            return;
        }
        for (LooseCommand command : LooseReader.read(word, LooseReader.Expansions.SEPARATE)) {
            if (deny(search.find(command.words(), isInForce, index -> index > 0), part, into)) {
                return;
            }
        }
    }

    /** Looks at a word and at what stands behind signs in it, as in {@code --file=.env}, {@code -d@.env}, {@code HEAD:.env}. */
    private void path(
            String word, boolean mayWrite, List<String> literals, List<String> folders, String part, Findings into) {
        String lower = word.toLowerCase(Locale.ROOT);
        if (!isHinted(lower, literals)) {
            return;
        }
        if (++looks > MAX_LOOKS) {
            into.add(Verdict.DENY, RuleTarget.SECRET, part, "names more than " + MAX_LOOKS + " paths like secret ones");
            return;
        }
        candidate(word, mayWrite, folders, part, into);
        if (word.startsWith("-") && word.length() > 2) {
            candidate(word.substring(2), mayWrite, folders, part, into);
        }
        for (int index = 0; index < word.length() - 1; index++) {
            char c = word.charAt(index);
            if (c == '=' || c == ':' || c == '@' || c == ',') {
                candidate(word.substring(index + 1), mayWrite, folders, part, into);
            }
        }
    }

    private static boolean isHinted(String lower, List<String> literals) {
        for (int index = 0; index < lower.length(); index++) {
            char c = lower.charAt(index);
            if (c >= 0x80 || c == '*' || c == '?' || c == '[' || c == '~') {
                return true;
            }
        }
        for (String literal : literals) {
            if (lower.contains(literal)) {
                return true;
            }
        }
        return false;
    }

    private void candidate(String path, boolean mayWrite, List<String> folders, String part, Findings into) {
        boolean isGlob = path.indexOf('*') >= 0 || path.indexOf('?') >= 0 || path.indexOf('[') >= 0;
        for (String folder : folders) {
            ResolvedPath resolved = view.resolve(folder, paths.expandHome(path));
            String rule = view.denial(resolved, false, isGlob);
            if (rule == null && mayWrite) {
                rule = view.denial(resolved, true, isGlob);
            }
            if (rule != null) {
                into.add(Verdict.DENY, rule, part, "names " + ResolvedPath.text(resolved.physical()));
            }
        }
    }
}
