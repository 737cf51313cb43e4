package dev.architect.planner.approval;

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

    private final List<String> workspace;
    private final String workspaceText;
    private final String home;
    private final List<PathPattern> secret;
    private final List<PathPattern> protectedPaths;
    private final List<PathRule> denied = new ArrayList<>();
    private final List<PathRule> asked = new ArrayList<>();
    private final List<PathRule> allowed = new ArrayList<>();
    private final List<String> literals;

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
        literals = List.copyOf(found);
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
    List<String> literals() {
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
        private final List<String> realWorkspace;

        private View(Context context) {
            this.context = context;
            realWorkspace =
                    PathResolver.resolve("/", workspaceText, context.links()).physical();
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
                String shown = (isWrite ? "writes " : "reads ") + ResolvedPath.text(resolved.physical());
                String deny = denial(resolved, isWrite, false);
                if (deny != null) {
                    into.add(Verdict.DENY, deny, part, shown);
                }
                resolved.refused().ifPresent(why -> into.ask(part, why));
                for (PathRule rule : asked) {
                    if (counts(rule, isWrite) && matches(rule, resolved, false)) {
                        into.add(Verdict.ASK, rule.rule().id(), part, shown);
                    }
                }
                allow(resolved, isWrite, part, shown, into);
            }
        }

        private void allow(ResolvedPath resolved, boolean isWrite, String part, String shown, Findings into) {
            PathRule lexical = allowing(resolved.lexical(), isWrite);
            PathRule physical = resolved.isUnambiguous() ? lexical : allowing(resolved.physical(), isWrite);
            if (lexical == null || physical == null) {
                into.ask(part, shown + (isInside(resolved) ? ", which no rule allows" : ", outside the workspace"));
            } else {
                into.add(Verdict.ALLOW, physical.rule().id(), part, shown);
            }
        }

        private @Nullable PathRule allowing(List<String> path, boolean isWrite) {
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
                String deny = denial(resolved, false, false);
                if (deny != null) {
                    into.add(Verdict.DENY, deny, part, "reads " + ResolvedPath.text(resolved.physical()));
                } else if (!isInside(resolved)) {
                    into.ask(part, word + " leads outside the workspace");
                }
            }
        }

        boolean isInside(ResolvedPath path) {
            return isInside(path.lexical()) && isInside(path.physical());
        }

        private boolean isInside(List<String> path) {
            return PathPattern.isWithin(path, workspace) || PathPattern.isWithin(path, realWorkspace);
        }

        /**
         * Returns the rule that denies a path whatever else says, {@code @secret} and {@code @protected} where the policy has no rule of
         * its own for these; null for none.
         *
         * @param isGlob whether wildcards of a shell stand in it
         */
        @Nullable
        String denial(ResolvedPath path, boolean isWrite, boolean isGlob) {
            if (matchesEither(secret, path, isGlob)) {
                return named(RuleTarget.SECRET);
            }
            if (isWrite && matchesEither(protectedPaths, path, isGlob)) {
                return named(RuleTarget.PROTECTED);
            }
            for (PathRule rule : denied) {
                if (counts(rule, isWrite) && matches(rule, path, isGlob)) {
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

        private boolean matches(PathRule rule, ResolvedPath path, boolean isGlob) {
            return matchesEither(rule.patterns(), path, isGlob);
        }

        private boolean matchesEither(List<PathPattern> patterns, ResolvedPath path, boolean isGlob) {
            return matches(patterns, path.lexical(), isGlob)
                    || !path.isUnambiguous() && matches(patterns, path.physical(), isGlob);
        }

        private boolean matches(List<PathPattern> patterns, List<String> path, boolean isGlob) {
            for (PathPattern pattern : patterns) {
                boolean isMatch = isGlob
                        ? pattern.mayMatch(path, workspace) || pattern.mayMatch(path, realWorkspace)
                        : pattern.matches(path, workspace) || pattern.matches(path, realWorkspace);
                if (isMatch) {
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
