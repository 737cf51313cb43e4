package dev.architect.planner.approval;

import dev.architect.planner.approval.path.ResolvedPath;
import dev.architect.planner.approval.shell.ShellScanner;
import dev.architect.planner.approval.shell.ShellText;
import dev.architect.planner.check.ArgumentCheck;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what may be done without a person. An action is allowed when every part of it is covered by a rule that allows; it is denied
 * when any part may be what a rule denies; everything else is asked. Of all rules that match, the strictest verdict counts.
 *
 * <p>A failure within, whatever it is, asks. Immutable, safe for use by several threads. Blocks as long as the context's link reader
 * and the judge do.
 */
public final class Approvals {

    private final ApprovalPolicy policy;
    private final PathJudge paths;
    private final CommandSearch search;
    private final CommandJudge commands;
    private final Optional<TimedJudge> judge;

    /** A judge with the time that it has. */
    private record TimedJudge(Judge judge, Duration limit, TimeSource time) {}

    private Approvals(ApprovalPolicy policy, Optional<TimedJudge> judge) {
        List<ApprovalRule> checked = new ArrayList<>();
        for (ApprovalRule rule : policy.rules()) {
            RuleCheck.check(rule, checked);
            checked.add(rule);
        }
        this.policy = policy;
        this.judge = judge;
        paths = new PathJudge(policy);
        search = new CommandSearch(policy.rules().stream()
                .filter(rule -> rule.verdict() == Verdict.DENY)
                .toList());
        commands = new CommandJudge(policy, search, paths);
    }

    /**
     * Returns the approvals of a policy, without a judge.
     *
     * @throws InvalidRuleException when a rule allows a banned program, an example fails, or an id stands twice
     */
    public static Approvals of(ApprovalPolicy policy) {
        return new Approvals(ArgumentCheck.notNull("policy", policy), Optional.empty());
    }

    /**
     * Returns the same with a judge, who reviews what the rules allow.
     *
     * @param limit how long an answer may take; one that takes longer counts as {@link Verdict#ASK}
     * @param time measures the answer
     */
    public Approvals withJudge(Judge reviewer, Duration limit, TimeSource time) {
        return new Approvals(
                policy,
                Optional.of(new TimedJudge(
                        ArgumentCheck.notNull("reviewer", reviewer),
                        ArgumentCheck.positive("limit", limit),
                        ArgumentCheck.notNull("time", time))));
    }

    /** The policy. */
    public ApprovalPolicy policy() {
        return policy;
    }

    /** Decides about an action. Never throws but for null. */
    public Decision decide(Action action, Context context) {
        ArgumentCheck.notNull("action", action);
        ArgumentCheck.notNull("context", context);
        Decision decision;
        try {
            decision = reviewed(action, context, byRules(action, context));
        } catch (RuntimeException | StackOverflowError failure) {
            // Whatever went wrong is no proof, so it allows nothing.
            decision = new Decision(
                    Verdict.ASK,
                    List.of(),
                    partOf(action),
                    "could not be judged: " + failure.getClass().getSimpleName());
        }
        return decision.verdict() == Verdict.ASK && context.isUnattended()
                ? new Decision(
                        Verdict.DENY,
                        decision.rules(),
                        decision.part(),
                        decision.reason() + "; a person would be asked, and none is there")
                : decision;
    }

    private Decision byRules(Action action, Context context) {
        Findings findings = new Findings();
        if (context.isHalted()) {
            findings.add(Verdict.DENY, "@halted", partOf(action), "everything is halted");
            return findings.decision(partOf(action));
        }
        PathJudge.View view = paths.view(context);
        CommandJudge.Session session = commands.session(context, view);
        if (action instanceof Action.Shell shell) {
            shell(shell.text(), session, findings);
        } else if (action instanceof Action.Exec exec) {
            session.exec(exec.argv(), findings);
        } else if (action instanceof Action.Edit edit) {
            file(edit.path(), true, context, view, findings);
        } else if (action instanceof Action.Read read) {
            file(read.path(), false, context, view, findings);
        } else if (action instanceof Action.Fetch fetch) {
            findings.change();
            session.fetch(fetch.url(), fetch.method(), fetch.url(), findings);
        } else if (action instanceof Action.Tool tool) {
            findings.change();
            tool(tool, context, findings);
        }
        boolean isRuleOfTwo = context.labels().contains(Context.Label.UNTRUSTED_INPUT)
                && context.labels().contains(Context.Label.SENSITIVE_ACCESS)
                && findings.isChange();
        if (isRuleOfTwo) {
            findings.add(
                    Verdict.ASK,
                    "@rule-of-two",
                    partOf(action),
                    "changes something or leaves the machine while untrusted input and sensitive access are in play");
        }
        return findings.decision(partOf(action));
    }

    private void shell(String text, CommandJudge.Session session, Findings findings) {
        ShellText read = ShellScanner.scan(text);
        if (read.isClear() && !read.commands().isEmpty()) {
            session.commands(read.commands(), findings);
            return;
        }
        findings.ask(text, read.unclear().orElse("there is no command"));
        session.suspect(text, findings);
    }

    private static void file(String path, boolean isWrite, Context context, PathJudge.View view, Findings findings) {
        ResolvedPath home = view.resolve(context.folder(), path);
        if (path.startsWith("~")) {
            findings.ask(path, "a path that begins with a tilde");
        }
        view.judge(path, isWrite, List.of(context.folder()), path, findings);
        if (path.indexOf('*') >= 0 || path.indexOf('?') >= 0 || path.indexOf('[') >= 0) {
            // Nothing expands it here, and yet something behind might.
            String denial = view.denial(home, isWrite, true);
            if (denial != null) {
                findings.add(Verdict.DENY, denial, path, "may stand for a secret or protected path");
            }
        }
    }

    private void tool(Action.Tool tool, Context context, Findings findings) {
        boolean isAllowed = false;
        for (ApprovalRule rule : policy.rules()) {
            if (rule.target() instanceof RuleTarget.Tool target
                    && target.names().contains(tool.name())
                    && rule.scope().covers(context)) {
                findings.add(rule.verdict(), rule.id(), tool.name(), "calls " + tool.name());
                isAllowed = true;
            }
        }
        if (!isAllowed) {
            findings.ask(tool.name(), "no rule is about this tool");
        }
    }

    private Decision reviewed(Action action, Context context, Decision decision) {
        if (decision.verdict() != Verdict.ALLOW || judge.isEmpty()) {
            return decision;
        }
        TimedJudge timed = judge.get();
        long started = timed.time().nanoTime();
        Verdict opinion = opinion(timed, action, context, decision);
        boolean isLate = timed.time().nanoTime() - started > timed.limit().toNanos();
        Verdict verdict = opinion == null || isLate ? Verdict.ASK : opinion;
        return verdict == Verdict.ALLOW
                ? decision
                : new Decision(
                        verdict.stricter(decision.verdict()),
                        List.of("@judge"),
                        decision.part(),
                        opinion == null ? "the judge failed" : isLate ? "the judge was late" : "the judge objects");
    }

    private static @Nullable Verdict opinion(TimedJudge timed, Action action, Context context, Decision decision) {
        try {
            return timed.judge().review(action, context, decision, timed.limit());
        } catch (RuntimeException failed) {
            return null;
        }
    }

    private static String partOf(Action action) {
        if (action instanceof Action.Shell shell) {
            return shell.text().length() <= 300 ? shell.text() : shell.text().substring(0, 300) + "…";
        }
        if (action instanceof Action.Exec exec) {
            return String.join(" ", exec.argv());
        }
        if (action instanceof Action.Edit edit) {
            return edit.path();
        }
        if (action instanceof Action.Read read) {
            return read.path();
        }
        return action instanceof Action.Fetch fetch ? fetch.url() : ((Action.Tool) action).name();
    }
}
