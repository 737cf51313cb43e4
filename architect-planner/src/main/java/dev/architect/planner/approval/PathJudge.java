package dev.architect.planner.approval;

import dev.architect.planner.approval.path.LiteralFilter;
import dev.architect.planner.approval.path.PathPattern;
import dev.architect.planner.approval.path.PathResolver;
import dev.architect.planner.approval.path.ResolvedPath;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Judges the reading and writing of files: secret and protected ones first, then the rules about paths. Immutable. */
final class PathJudge {

    private record PathRule(ApprovalRule rule, boolean isWrite, List<PathPattern> patterns) {}

    /** Both readings of a path; the same object when they are equal. */
    private record Reading(PathPattern.Subject lexical, PathPattern.Subject physical) {

        boolean isInside() {
            return lexical.isInside() && physical.isInside();
        }
    }

    private final List<String> workspace;
    private final String workspaceText;
    private final String home;
    private final List<PathPattern> secret;
    private final List<PathPattern> protectedPaths;
    private final List<PathRule> denied = new ArrayList<>();
    private final List<PathRule> asked = new ArrayList<>();
    private final List<PathRule> allowed = new ArrayList<>();
    private final LiteralFilter literals;

    PathJudge(ApprovalPolicy policy) {
        workspaceText = policy.workspace();
        workspace = PathResolver.resolve("/", workspaceText, path -> java.util.Optional.empty())
                .lexical();
        home = policy.home();
        secret = wide(policy.secret());
        protectedPaths = wide(policy.protectedPaths());
        for (ApprovalRule rule : policy.rules()) {
            if (rule.target() instanceof RuleTarget.Paths paths) {
                PathRule compiled = new PathRule(rule, paths.isWrite(), patterns(rule.verdict(), paths));
                switch (rule.verdict()) {
                    case ALLOW -> allowed.add(compiled);
                    case ASK -> asked.add(compiled);
                    case DENY -> denied.add(compiled);
                }
            }
        }
        Set<String> found = new LinkedHashSet<>();
        secret.forEach(pattern -> pattern.literal().ifPresent(found::add));
        protectedPaths.forEach(pattern -> pattern.literal().ifPresent(found::add));
        denied.forEach(
                rule -> rule.patterns().forEach(pattern -> pattern.literal().ifPresent(found::add)));
        literals = new LiteralFilter(found);
    }

    private List<PathPattern> wide(List<String> patterns) {
        return patterns.stream()
                .map(pattern -> PathPattern.of(pattern, home, PathPattern.Reach.WIDE))
                .toList();
    }

    private List<PathPattern> patterns(Verdict verdict, RuleTarget.Paths paths) {
        List<PathPattern> patterns = new ArrayList<>();
        for (String pattern : paths.patterns()) {
            if (pattern.equals(RuleTarget.SECRET)) {
                patterns.addAll(secret);
            } else if (pattern.equals(RuleTarget.PROTECTED)) {
                patterns.addAll(protectedPaths);
            } else {
                patterns.add(PathPattern.of(
                        pattern, home, verdict == Verdict.ALLOW ? PathPattern.Reach.NARROW : PathPattern.Reach.WIDE));
            }
        }
        return patterns;
    }

    /** Texts of which every secret, protected or denied path has one in an element, in lower case. */
    LiteralFilter literals() {
        return literals;
    }

    String home() {
        return home;
    }

    /** The places of one decision. */
    View view(Context context) {
        return new View(context);
    }

    /** Judges paths for one context; the workspace is resolved once. Used by one thread. */
    final class View {

        private final Context context;
        private final List<List<String>> workspaces;

        private View(Context context) {
            this.context = context;
            List<String> real =
                    PathResolver.resolve("/", workspaceText, context.links()).physical();
            workspaces = real.equals(workspace) ? List.of(workspace) : List.of(workspace, real);
        }

        private Reading read(ResolvedPath path) {
            PathPattern.Subject lexical = new PathPattern.Subject(path.lexical(), workspaces);
            return new Reading(
                    lexical, path.isUnambiguous() ? lexical : new PathPattern.Subject(path.physical(), workspaces));
        }

        ResolvedPath resolve(String folder, String path) {
            return PathResolver.resolve(folder, path, context.links());
        }

        /** Judges one path from each folder that the action may be in. */
        void judge(String path, boolean isWrite, List<String> folders, String part, Findings into) {
            if (isWrite) {
                into.change();
            }
            for (String folder : folders) {
                ResolvedPath resolved = resolve(folder, path);
                Reading reading = read(resolved);
                String shown = (isWrite ? "writes " : "reads ") + ResolvedPath.text(resolved.physical());
                String deny = denial(reading, isWrite, false);
                if (deny != null) {
                    into.add(Verdict.DENY, deny, part, shown);
                }
                resolved.refused().ifPresent(why -> into.ask(part, why));
                for (PathRule rule : asked) {
                    if (counts(rule, isWrite) && matchesEither(rule.patterns(), reading, false)) {
                        into.add(Verdict.ASK, rule.rule().id(), part, shown);
                    }
                }
                allow(reading, isWrite, part, shown, into);
            }
        }

        private void allow(Reading reading, boolean isWrite, String part, String shown, Findings into) {
            PathRule lexical = allowing(reading.lexical(), isWrite);
            PathRule physical =
                    reading.physical() == reading.lexical() ? lexical : allowing(reading.physical(), isWrite);
            if (lexical == null || physical == null) {
                into.ask(part, shown + (reading.isInside() ? ", which no rule allows" : ", outside the workspace"));
            } else {
                into.add(Verdict.ALLOW, physical.rule().id(), part, shown);
            }
        }

        private @Nullable PathRule allowing(PathPattern.Subject path, boolean isWrite) {
            for (PathRule rule : allowed) {
                if (counts(rule, isWrite) && matches(rule.patterns(), path, false)) {
                    return rule;
                }
            }
            return null;
        }

        /** A reference of Git is no path, unless there is a file of its name. */
        void judgeReference(String word, List<String> folders, String part, Findings into) {
            for (String folder : folders) {
                ResolvedPath resolved = resolve(folder, word);
                Reading reading = read(resolved);
                String deny = denial(reading, false, false);
                if (deny != null) {
                    into.add(Verdict.DENY, deny, part, "reads " + ResolvedPath.text(resolved.physical()));
                } else if (!reading.isInside()) {
                    into.ask(part, word + " leads outside the workspace");
                }
            }
        }

        /**
         * Returns the rule that denies a path whatever else says, {@code @secret} and {@code @protected} where the policy has no rule of
         * its own for these; null for none.
         *
         * @param isGlob whether wildcards of a shell stand in it
         */
        @Nullable
        String denial(ResolvedPath path, boolean isWrite, boolean isGlob) {
            return denial(read(path), isWrite, isGlob);
        }

        private @Nullable String denial(Reading path, boolean isWrite, boolean isGlob) {
            if (matchesEither(secret, path, isGlob)) {
                return named(RuleTarget.SECRET);
            }
            if (isWrite && matchesEither(protectedPaths, path, isGlob)) {
                return named(RuleTarget.PROTECTED);
            }
            for (PathRule rule : denied) {
                if (counts(rule, isWrite) && matchesEither(rule.patterns(), path, isGlob)) {
                    return rule.rule().id();
                }
            }
            return null;
        }

        private String named(String set) {
            return denied.stream()
                    .filter(rule -> rule.rule().target() instanceof RuleTarget.Paths paths
                            && paths.patterns().contains(set)
                            && rule.rule().scope().covers(context))
                    .map(rule -> rule.rule().id())
                    .findFirst()
                    .orElse(set);
        }

        private boolean counts(PathRule rule, boolean isWrite) {
            return rule.isWrite() == isWrite && rule.rule().scope().covers(context);
        }

        private boolean matchesEither(List<PathPattern> patterns, Reading path, boolean isGlob) {
            return matches(patterns, path.lexical(), isGlob)
                    || (path.physical() != path.lexical() && matches(patterns, path.physical(), isGlob));
        }

        private boolean matches(List<PathPattern> patterns, PathPattern.Subject path, boolean isGlob) {
            for (PathPattern pattern : patterns) {
                if (isGlob ? pattern.mayMatch(path) : pattern.matches(path)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Returns what a shell makes of a tilde at the start of a word. */
    String expandHome(String word) {
        if (!word.startsWith("~")) {
            return word;
        }
        int slash = word.indexOf('/');
        String user = word.substring(1, slash < 0 ? word.length() : slash).toLowerCase(Locale.ROOT);
        String rest = slash < 0 ? "" : word.substring(slash);
        return (user.isEmpty() ? home : user.equals("root") ? "/root" : "/home/" + user) + rest;
    }
}
