package dev.architect.planner.approval;

import dev.architect.planner.approval.path.ResolvedPath;
import dev.architect.planner.approval.shell.LooseReader;
import java.util.HashSet;
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

    private final CommandSearch search;
    private final PathJudge paths;
    private final PathJudge.View view;
    private final Predicate<ApprovalRule> isInForce;
    private final Set<String> seen = new HashSet<>();
    private List<String> seenFrom = List.of();
    private int looks;

    Suspicion(CommandSearch search, PathJudge paths, PathJudge.View view, Predicate<ApprovalRule> isInForce) {
        this.search = search;
        this.paths = paths;
        this.view = view;
        this.isInForce = isInForce;
    }

    /** Hunts in a text that the strict reader does not understand. */
    void ofText(String text, List<String> folders, Findings into) {
        ofText(text, LooseReader.Expansions.SEPARATE, folders, into);
        if (text.indexOf('$') >= 0 || text.indexOf('{') >= 0) {
            ofText(text, LooseReader.Expansions.VANISH, folders, into);
        }
    }

    private void ofText(String text, LooseReader.Expansions expansions, List<String> folders, Findings into) {
        CommandSearch.Suspects suspects = search.suspects(isInForce);
        LooseReader.read(text, expansions, (words, writes) -> {
            if (deny(suspects.find(words), text, into)) {
                return false;
            }
            boolean isReader = !words.isEmpty() && READERS.contains(words.get(0));
            for (String word : words) {
                path(word, !isReader, folders, text, into);
            }
            for (String word : writes) {
                path(word, true, folders, text, into);
            }
            return true;
        });
    }

    private static boolean deny(@Nullable ApprovalRule rule, String part, Findings into) {
        if (rule != null) {
            into.add(Verdict.DENY, rule.id(), part, "holds a command that is denied");
        }
        return rule != null;
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
            boolean isCode = runsWords || (runsSettings && (word.indexOf('=') >= 0 || word.startsWith("!")));
            if (isCode || isCompound(word)) {
                within(word, isCode, folders, part, into);
            }
            path(word, !isReader, folders, part, into);
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
        LooseReader.read(
                word,
                LooseReader.Expansions.SEPARATE,
                (words, writes) -> !deny(search.find(words, isInForce, index -> index > 0), part, into));
    }

    /** Looks at a word and at what stands behind signs in it, as in {@code --file=.env}, {@code -d@.env}, {@code HEAD:.env}. */
    private void path(String word, boolean mayWrite, List<String> folders, String part, Findings into) {
        if (!paths.literals().mayName(word.toLowerCase(Locale.ROOT))) {
            return;
        }
        if (!folders.equals(seenFrom)) {
            seen.clear();
            seenFrom = folders;
        }
        if (!seen.add((mayWrite ? "w" : "r") + word)) {
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
