package dev.architect.planner.approval.history;

import dev.architect.planner.approval.Action;
import dev.architect.planner.approval.ApprovalPolicy;
import dev.architect.planner.approval.ApprovalRule;
import dev.architect.planner.approval.Approvals;
import dev.architect.planner.approval.Context;
import dev.architect.planner.approval.InvalidRuleException;
import dev.architect.planner.approval.RuleScope;
import dev.architect.planner.approval.RuleTarget;
import dev.architect.planner.approval.Verdict;
import dev.architect.planner.approval.path.PathPattern;
import dev.architect.planner.approval.path.PathResolver;
import dev.architect.planner.approval.path.ResolvedPath;
import dev.architect.planner.approval.shell.ShellCommand;
import dev.architect.planner.approval.shell.ShellScanner;
import dev.architect.planner.check.ArgumentCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds rules that people's approvals suggest: three approvals of one shape within thirty days, and no denial of what the rule would
 * allow. A rule covers what was seen and no other kind of word: the same program and subcommand, the options that occurred, operands of the
 * kinds that occurred; files by their common folder, below the workspace. What had untrusted input in play, and programs that run other
 * programs or code, are never proposed.
 *
 * <p>Each proposal has been tried: it allows all that it stands on, and nothing that a person denied. Thread safe: it has no state.
 */
public final class RuleProposals {

    /** The approvals that a proposal needs. */
    public static final int LEAST_APPROVALS = 3;

    /** How old an approval may be. */
    public static final Duration MAX_AGE = Duration.ofDays(30);

    private static final int MAX_SAMPLES = 5;

    private final ApprovalPolicy policy;
    private final Approvals approvals;
    private final List<RecordedDecision> recent;
    private final Map<List<String>, List<Seen>> shapes = new LinkedHashMap<>();

    /** A part of an approved action, as an action of its own. */
    private record Seen(Action part, RecordedDecision whole) {}

    private RuleProposals(ApprovalPolicy policy, List<RecordedDecision> decisions, Instant time) {
        this.policy = policy;
        approvals = Approvals.of(policy);
        Instant oldest = time.minus(MAX_AGE);
        recent = decisions.stream()
                .filter(one -> one.context().time().isAfter(oldest))
                .toList();
    }

    /**
     * Returns the proposals, those with the most approvals first.
     *
     * @param policy the rules in force, which the proposals would join
     * @param decisions what was decided and answered, of any age
     * @param time now
     */
    public static List<RuleProposal> of(ApprovalPolicy policy, List<RecordedDecision> decisions, Instant time) {
        return new RuleProposals(
                        ArgumentCheck.notNull("policy", policy),
                        ArgumentCheck.noNulls("decisions", decisions),
                        ArgumentCheck.notNull("time", time))
                .find();
    }

    /**
     * Whether a rule that came from elsewhere, such as a model, may be proposed for an action: it may stand beside the others, and with it
     * every part of the action is allowed.
     */
    public static boolean covers(ApprovalPolicy policy, ApprovalRule rule, Action action, Context context) {
        try {
            return Approvals.of(ArgumentCheck.notNull("policy", policy).plus(ArgumentCheck.notNull("rule", rule)))
                            .decide(ArgumentCheck.notNull("action", action), ArgumentCheck.notNull("context", context))
                            .verdict()
                    == Verdict.ALLOW;
        } catch (InvalidRuleException refused) {
            return false;
        }
    }

    private List<RuleProposal> find() {
        for (RecordedDecision one : recent) {
            boolean isApproved = one.verdict() == Verdict.ASK && one.answer().equals(Optional.of(true));
            if (isApproved && !one.context().labels().contains(Context.Label.UNTRUSTED_INPUT)) {
                parts(one);
            }
        }
        List<RuleProposal> proposals = new ArrayList<>();
        for (Map.Entry<List<String>, List<Seen>> shape : shapes.entrySet()) {
            List<Seen> seen = shape.getValue();
            if (seen.stream().map(Seen::whole).distinct().count() >= LEAST_APPROVALS) {
                target(seen)
                        .flatMap(target -> rule(shape.getKey(), target, seen))
                        .filter(rule -> isFit(rule, seen))
                        .ifPresent(rule -> proposals.add(new RuleProposal(
                                rule,
                                seen.size(),
                                seen.stream()
                                        .map(Seen::whole)
                                        .distinct()
                                        .limit(MAX_SAMPLES)
                                        .toList())));
            }
        }
        proposals.sort((a, b) -> Integer.compare(b.approvals(), a.approvals()));
        return proposals;
    }

    private void parts(RecordedDecision one) {
        Action action = one.action();
        if (action instanceof Action.Exec exec && !exec.argv().isEmpty()) {
            command(exec.argv(), one);
        } else if (action instanceof Action.Shell shell) {
            for (ShellCommand command : ShellScanner.scan(shell.text()).commands()) {
                command(command.words(), one);
            }
        } else if (action instanceof Action.Edit edit) {
            file("edit", edit.path(), one);
        } else if (action instanceof Action.Read read) {
            file("read", read.path(), one);
        } else if (action instanceof Action.Fetch fetch) {
            add(List.of("fetch", fetch.method(), hostOf(fetch.url())), action, one);
        }
    }

    private void command(List<String> argv, RecordedDecision one) {
        List<String> key = new ArrayList<>(List.of("run"));
        key.addAll(CommandShape.keyOf(argv));
        add(key, new Action.Exec(argv), one);
    }

    /** Files are alike when the first folder below the workspace is the same; those without a folder when they are the same. */
    private void file(String kind, String path, RecordedDecision one) {
        List<String> inside = inside(path, one.context());
        if (!inside.isEmpty()) {
            add(List.of(kind, inside.get(0), inside.size() == 1 ? "" : "/"), one.action(), one);
        }
    }

    private List<String> inside(String path, Context context) {
        List<String> elements =
                PathResolver.resolve(context.folder(), path, context.links()).physical();
        List<String> workspace =
                PathResolver.resolve("/", policy.workspace(), context.links()).physical();
        return PathPattern.isWithin(elements, workspace)
                ? elements.subList(workspace.size(), elements.size())
                : List.of();
    }

    /** Only what is asked when it comes alone needs a rule. */
    private void add(List<String> key, Action part, RecordedDecision one) {
        if (approvals.decide(part, one.context()).verdict() == Verdict.ASK) {
            shapes.computeIfAbsent(key, any -> new ArrayList<>()).add(new Seen(part, one));
        }
    }

    private Optional<RuleTarget> target(List<Seen> seen) {
        Action first = seen.get(0).part();
        if (first instanceof Action.Exec) {
            return CommandShape.of(seen.stream()
                            .map(one -> ((Action.Exec) one.part()).argv())
                            .toList())
                    .map(RuleTarget.class::cast);
        }
        if (first instanceof Action.Fetch fetch) {
            String host = hostOf(fetch.url());
            return fetch.url().startsWith("https://" + host + "/") && host.matches("[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
                    ? Optional.of(new RuleTarget.Fetch("https", host, 443, fetch.method()))
                    : Optional.empty();
        }
        boolean isWrite = first instanceof Action.Edit;
        return Optional.of(new RuleTarget.Paths(isWrite, List.of(commonFolder(seen))));
    }

    private static String hostOf(String url) {
        int from = url.indexOf("://") + 3;
        int to = url.indexOf('/', from);
        return from < 3 ? url : url.substring(from, to < 0 ? url.length() : to);
    }

    /** The pattern of the folder that all files have in common; the file itself when it has none. */
    private String commonFolder(List<Seen> seen) {
        List<String> common = null;
        for (Seen one : seen) {
            String path = one.part() instanceof Action.Edit edit ? edit.path() : ((Action.Read) one.part()).path();
            List<String> inside = inside(path, one.whole().context());
            List<String> folder = inside.subList(0, Math.max(1, inside.size() - 1));
            if (inside.size() == 1) {
                return inside.get(0);
            }
            if (common == null) {
                common = folder;
            }
            int shared = 0;
            while (shared < Math.min(common.size(), folder.size())
                    && common.get(shared).equals(folder.get(shared))) {
                shared++;
            }
            common = common.subList(0, shared);
        }
        return ResolvedPath.text(common == null ? List.of() : common).substring(1) + "/**";
    }

    private Optional<ApprovalRule> rule(List<String> key, RuleTarget target, List<Seen> seen) {
        Set<String> projects = new LinkedHashSet<>();
        seen.forEach(one -> projects.add(one.whole().context().project().orElse("")));
        String only = projects.size() == 1 ? projects.iterator().next() : "";
        RuleScope everywhere = RuleScope.everywhere();
        RuleScope scope = only.isEmpty()
                ? everywhere
                : new RuleScope(
                        Optional.of(only), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        String id = "proposed-"
                + String.join("-", key).replaceAll("[^A-Za-z0-9]+", "-").replaceAll("-$", "");
        String cut = id.length() > 80 ? id.substring(0, 80) : id;
        Set<String> taken = new LinkedHashSet<>(
                policy.rules().stream().map(ApprovalRule::id).toList());
        String free = cut;
        for (int number = 2; taken.contains(free); number++) {
            free = cut + "-" + number;
        }
        try {
            return Optional.of(new ApprovalRule(
                    free,
                    Verdict.ALLOW,
                    target,
                    scope,
                    "approved " + seen.size() + " times",
                    ApprovalRule.Examples.none()));
        } catch (IllegalArgumentException notARule) {
            return Optional.empty();
        }
    }

    /** Tries a rule: all that it stands on is allowed, and nothing that a person has denied. */
    private boolean isFit(ApprovalRule rule, List<Seen> seen) {
        Approvals with;
        try {
            with = Approvals.of(policy.plus(rule));
        } catch (InvalidRuleException refused) {
            return false;
        }
        for (Seen one : seen) {
            if (with.decide(one.part(), one.whole().context()).verdict() != Verdict.ALLOW) {
                return false;
            }
        }
        for (RecordedDecision one : recent) {
            boolean isDenied = one.answer().equals(Optional.of(false));
            if (isDenied && with.decide(one.action(), one.context()).verdict() == Verdict.ALLOW) {
                return false;
            }
        }
        return true;
    }
}
