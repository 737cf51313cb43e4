package dev.architect.planner.review;

import dev.architect.Reviews;
import dev.architect.json.JsonFields;
import dev.architect.planner.approval.Action;
import dev.architect.planner.approval.ApprovalRule;
import dev.architect.planner.approval.Approvals;
import dev.architect.planner.approval.CanonicalAction;
import dev.architect.planner.approval.Context;
import dev.architect.planner.approval.Decision;
import dev.architect.planner.approval.InvalidRuleException;
import dev.architect.planner.approval.RuleScope;
import dev.architect.planner.approval.RuleTarget;
import dev.architect.planner.approval.Verdict;
import dev.architect.planner.approval.path.LinkReader;
import dev.architect.planner.approval.shell.ShellCommand;
import dev.architect.planner.approval.shell.ShellScanner;
import dev.architect.planner.approval.shell.ShellText;
import dev.architect.planner.check.ArgumentCheck;
import dev.architect.review.RecordedApproval;
import dev.architect.review.Review;
import dev.architect.review.ReviewChoice;
import dev.architect.review.ReviewDecision;
import dev.architect.review.ReviewGuard;
import dev.architect.review.ReviewKind;
import dev.architect.review.ReviewRefusedException;
import dev.architect.review.ReviewRefusedException.Reason;
import dev.architect.review.ReviewRequest;
import dev.architect.review.ReviewRequester;
import dev.architect.review.ReviewRisk;
import dev.architect.review.ReviewState;
import dev.architect.review.ReviewedAction;
import dev.architect.review.RiskLevel;
import dev.architect.review.StoredRule;
import dev.architect.spi.TimeSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * The one way of an action: the rules decide, a person is asked where they ask, and what is done at last is what was approved. Each decision is
 * recorded. Also judges what people put in the place of an action, and the rules that they make from one. Blocks for the store; safe for use by
 * several threads.
 */
public final class ApprovalGate implements ReviewGuard {

    private static final String UNTRUSTED = JsonFields.wordOf(Context.Label.UNTRUSTED_INPUT);
    private static final String MADE_RULE = "review-";
    private static final int MAX_SHOWN = 200;
    private static final int MAX_REMARK = 5_000;

    private final Reviews reviews;
    private final StoredApprovals approvals;
    private final LinkReader links;
    private final ActionContents contents;
    private final TimeSource time;
    private final RunBreaker breaker;

    /**
     * Creates the gate, which judges the decisions about {@code reviews} from now on.
     *
     * @param links where links of edited actions are looked up
     * @param contents reads what decides what an action does
     * @param time measures how long a decision takes
     */
    public ApprovalGate(
            Reviews reviews, StoredApprovals approvals, LinkReader links, ActionContents contents, TimeSource time) {
        this.reviews = ArgumentCheck.notNull("reviews", reviews);
        this.approvals = ArgumentCheck.notNull("approvals", approvals);
        this.links = ArgumentCheck.notNull("links", links);
        this.contents = ArgumentCheck.notNull("contents", contents);
        this.time = ArgumentCheck.notNull("time", time);
        this.breaker = new RunBreaker(reviews);
        reviews.judgeWith(this);
    }

    /** Returns the action with everything that decides what it does, as it is now. */
    public ReviewedAction canonical(Action action, Context context) {
        ArgumentCheck.notNull("action", action);
        ArgumentCheck.notNull("context", context);
        return ReviewedAction.of(CanonicalAction.of(action, context, contents.of(action, context))
                .json());
    }

    /** Decides by the rules alone, and records nothing. */
    public Decision check(Action action, Context context) {
        return approvals.current().decide(action, context);
    }

    /**
     * Lets an action start, at once where the rules allow it. Everything is looked at again in this moment: the approval of an action that has
     * changed since, by one of its words, a link, a file or a variable, is of no use.
     *
     * <p>A run that was denied three actions in a row, ten in all, or whose requester was denied twenty in a day (UTC) is paused: its next action
     * waits until a person has answered the question about it, which has the list of what was denied. A denial of that question ends the run.
     *
     * @param context with the name and the run of {@code requester}
     * @param request adds what a person is shown beside the action, such as a preview
     * @return what may be done now, exactly once
     * @throws dev.architect.task.NeedsInputException when a person must decide first; a worker lets it through
     * @throws ReviewRefusedException when a rule or a person denies it, or wants changes
     */
    public ReviewedStart start(
            Action action, Context context, ReviewRequester requester, UnaryOperator<ReviewRequest.Builder> request) {
        ArgumentCheck.notNull("action", action);
        ArgumentCheck.notNull("context", context);
        ArgumentCheck.notNull("requester", requester);
        ArgumentCheck.notNull("request", request);
        requireSame("requester", context.requester(), Optional.of(requester.name()));
        requireSame("run", context.run(), requester.run());
        breaker.requireGoing(requester, context);
        long begin = time.nanoTime();
        Decision decision = check(action, context);
        long micros = Math.max(0, (time.nanoTime() - begin) / 1_000);
        if (action.json().length() > ReviewedAction.MAX_CHARACTERS / 2) {
            throw denied("the action has " + action.json().length() + " characters, expected at most "
                    + ReviewedAction.MAX_CHARACTERS / 2);
        }
        ReviewedAction canonical = canonical(action, context);
        if (decision.verdict() == Verdict.ALLOW) {
            record(canonical, context, decision, micros, Optional.empty());
            return new ReviewedStart(action, decision, used(action, context, requester, canonical, decision));
        }
        if (decision.verdict() == Verdict.DENY) {
            record(canonical, context, decision, micros, Optional.empty());
            breaker.denied(requester, context);
            throw denied(decision.reason());
        }
        ReviewRequest asked = ArgumentCheck.notNull(
                        "request", request.apply(builder(action, canonical, context, requester, decision)))
                .build();
        Review permit;
        try {
            permit = permit(asked, context, decision, micros);
        } catch (ReviewRefusedException refused) {
            if (refused.reason() == Reason.DENIED) {
                breaker.denied(requester, context);
            }
            throw refused;
        }
        Action approved = permit.outcome()
                .flatMap(by -> by.edited())
                .map(edited -> Action.parse(edited.json()))
                .orElse(action);
        if (!approved.equals(action) && check(approved, context).verdict() == Verdict.DENY) {
            throw new ReviewRefusedException(
                    permit.id(), Reason.DENIED_BY_RULE, "review " + permit.id() + " has an action that a rule denies");
        }
        return new ReviewedStart(
                approved, decision, Optional.of(reviews.use(permit.id(), canonical(approved, context))));
    }

    /** Uses the approval with which the rule was made that allows the action now; empty when it is another time. */
    private Optional<Review> used(
            Action action, Context context, ReviewRequester requester, ReviewedAction canonical, Decision decision) {
        if (decision.rules().stream().noneMatch(rule -> rule.startsWith(MADE_RULE))) {
            return Optional.empty();
        }
        return reviews.live(
                        builder(action, canonical, context, requester, decision).build())
                .filter(review -> review.state() == ReviewState.APPROVED)
                .map(review -> reviews.use(review.id(), canonical));
    }

    private Review permit(ReviewRequest asked, Context context, Decision decision, long micros) {
        boolean isKnown = reviews.live(asked).isPresent();
        try {
            return reviews.permit(asked);
        } finally {
            if (!isKnown) {
                reviews.live(asked)
                        .ifPresent(made -> record(asked.action(), context, decision, micros, Optional.of(made.id())));
            }
        }
    }

    /** Rules are about the context, and approvals about the requester. */
    private static void requireSame(String field, Optional<String> ofContext, Optional<String> ofRequester) {
        if (!ofContext.equals(ofRequester)) {
            throw new IllegalArgumentException("context." + field + " is " + ofContext.orElse("missing")
                    + ", expected that of the requester: " + ofRequester.orElse("none"));
        }
    }

    private static ReviewRefusedException denied(String reason) {
        return new ReviewRefusedException(0, Reason.DENIED_BY_RULE, "denied by the rules: " + reason);
    }

    private void record(ReviewedAction action, Context context, Decision decision, long micros, Optional<Long> review) {
        reviews.record(new RecordedApproval(
                0,
                reviews.now(),
                action,
                ContextCodec.write(context),
                JsonFields.wordOf(decision.verdict()),
                decision.rules(),
                shorten(decision.part(), MAX_REMARK),
                shorten(decision.reason(), MAX_REMARK),
                micros,
                context.requester(),
                context.run(),
                review,
                Optional.empty()));
    }

    private static ReviewRequest.Builder builder(
            Action action, ReviewedAction canonical, Context context, ReviewRequester requester, Decision decision) {
        Set<String> labels = new TreeSet<>();
        context.labels().forEach(label -> labels.add(JsonFields.wordOf(label)));
        boolean isHigh =
                decision.rules().contains("@rule-of-two") || !context.labels().isEmpty();
        RiskLevel level = isHigh ? RiskLevel.HIGH : action instanceof Action.Read ? RiskLevel.LOW : RiskLevel.MEDIUM;
        return ReviewRequest.builder(kind(action), title(action), canonical, requester)
                .shape(shape(action))
                .risk(new ReviewRisk(level, List.of(shorten(decision.reason(), MAX_REMARK))))
                .labels(labels)
                .project(context.project())
                .because(
                        decision.rules(), shorten(decision.part(), MAX_REMARK), shorten(decision.reason(), MAX_REMARK));
    }

    private static ReviewKind kind(Action action) {
        if (action instanceof Action.Edit) {
            return ReviewKind.EDIT;
        }
        if (action instanceof Action.Fetch) {
            return ReviewKind.FETCH;
        }
        return action instanceof Action.Tool || action instanceof Action.Read ? ReviewKind.TOOL : ReviewKind.COMMAND;
    }

    /** What an action is, in a line. */
    static String title(Action action) {
        String text;
        if (action instanceof Action.Shell shell) {
            text = shell.text();
        } else if (action instanceof Action.Exec exec) {
            text = String.join(" ", exec.argv());
        } else if (action instanceof Action.Edit edit) {
            text = "edit " + edit.path();
        } else if (action instanceof Action.Read read) {
            text = "read " + read.path();
        } else if (action instanceof Action.Fetch fetch) {
            text = fetch.method() + " " + fetch.url();
        } else {
            text = "call " + ((Action.Tool) action).name();
        }
        return text.isBlank() ? "(empty)" : shorten(text, MAX_SHOWN);
    }

    private static String shorten(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "…";
    }

    /** Reviews of one program and subcommand, or of one folder, host or tool, may be decided together; a text of several commands stands alone. */
    private static String shape(Action action) {
        if (action instanceof Action.Exec exec && !exec.argv().isEmpty()) {
            return shape(exec.argv());
        }
        if (action instanceof Action.Shell shell) {
            ShellText read = ShellScanner.scan(shell.text());
            return read.isClear() && read.commands().size() == 1
                    ? shape(read.commands().get(0).words())
                    : "";
        }
        return "";
    }

    private static String shape(List<String> argv) {
        boolean hasSubcommand = argv.size() > 1 && argv.get(1).matches("[a-z][a-z0-9-]{0,30}");
        return shorten(hasSubcommand ? argv.get(0) + " " + argv.get(1) : argv.get(0), MAX_SHOWN);
    }

    @Override
    public Judged judge(Review review, ReviewDecision decision) {
        ArgumentCheck.notNull("review", review);
        ArgumentCheck.notNull("decision", decision);
        Context context = contextOf(review);
        if (decision.choice() == ReviewChoice.EDIT) {
            return new Judged(edited(review, decision, context), Optional.empty());
        }
        Action action = Action.parse(review.request().action().json());
        if (review.request().labels().contains(UNTRUSTED)) {
            throw notPossible(review, "has untrusted input in play, expected a decision without a rule");
        }
        ApprovalRule rule = decision.rule().map(ApprovalRule::parse).orElseGet(() -> exact(review, action));
        if (rule.verdict() != Verdict.ALLOW) {
            throw notPossible(review, "is to make a rule that does not allow, expected one that does");
        }
        Optional<String> run = decision.choice() == ReviewChoice.SESSION
                ? review.request().requester().run()
                : Optional.empty();
        ApprovalRule scoped = run.map(rule::forRun).orElse(rule);
        requireCovers(review, scoped, action, context);
        return new Judged(
                decision,
                Optional.of(
                        new StoredRule(scoped.id(), scoped.json(), true, run, decision.actor(), reviews.now(), 1, 0)));
    }

    /** The rule may stand beside the others, and with it every part of the action is allowed. */
    private void requireCovers(Review review, ApprovalRule rule, Action action, Context context) {
        Decision decision;
        try {
            decision =
                    Approvals.of(approvals.policy(reviews.rules()).plus(rule)).decide(action, context);
        } catch (InvalidRuleException refused) {
            throw notPossible(review, "has no rule: " + refused.getMessage());
        }
        if (decision.verdict() != Verdict.ALLOW) {
            throw notPossible(
                    review,
                    "is not allowed by that rule beside the others, expected one that covers all of it: "
                            + decision.reason());
        }
    }

    private ReviewDecision edited(Review review, ReviewDecision decision, Context context) {
        Action action = Action.parse(decision.edited().orElseThrow().json());
        Decision judged = check(action, context);
        if (judged.verdict() == Verdict.DENY) {
            throw new ReviewRefusedException(
                    review.id(),
                    Reason.DENIED_BY_RULE,
                    "review " + review.id() + " cannot become that action: " + judged.reason());
        }
        return new ReviewDecision(
                decision.choice(),
                decision.sha256(),
                decision.actor(),
                decision.comment(),
                Optional.of(canonical(action, context)),
                decision.rule(),
                decision.remarks(),
                decision.took());
    }

    /** Where the action would be done, from what was approved. */
    private Context contextOf(Review review) {
        ReviewRequest request = review.request();
        JsonFields canonical = JsonFields.parse(request.action().json());
        Set<String> labels = request.labels();
        return Context.builder(canonical.text("folder").orElse("/"), reviews.now())
                .environment(canonical.textsByName("environment"))
                .links(links)
                .project(request.project().orElse(null))
                .requester(request.requester().name())
                .run(request.requester().run().orElse(null))
                .labels(Set.copyOf(List.of(Context.Label.values()).stream()
                        .filter(label -> labels.contains(JsonFields.wordOf(label)))
                        .toList()))
                .build();
    }

    /** The narrowest rule: exactly this action. */
    private ApprovalRule exact(Review review, Action action) {
        Optional<RuleTarget> target = Optional.empty();
        try {
            if (action instanceof Action.Exec exec) {
                target = Optional.of(exact(exec.argv()));
            } else if (action instanceof Action.Shell shell) {
                ShellText read = ShellScanner.scan(shell.text());
                boolean isPlain = read.isClear() && read.commands().size() == 1;
                target = isPlain ? plain(read.commands().get(0)) : Optional.empty();
            } else if (action instanceof Action.Edit edit) {
                target = Optional.of(new RuleTarget.Paths(true, List.of(edit.path())));
            } else if (action instanceof Action.Read read) {
                target = Optional.of(new RuleTarget.Paths(false, List.of(read.path())));
            }
        } catch (IllegalArgumentException noRule) {
            throw notPossible(review, "has no rule: " + noRule.getMessage());
        }
        RuleScope everywhere = RuleScope.everywhere();
        RuleScope scope = review.request()
                .project()
                .map(project -> new RuleScope(
                        Optional.of(project),
                        Optional.of(review.request().requester().name()),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .orElse(everywhere);
        return new ApprovalRule(
                MADE_RULE + review.id() + "-" + review.version(),
                Verdict.ALLOW,
                target.orElseThrow(() -> notPossible(review, "has no rule, expected a single command or a file")),
                scope,
                "approved in review " + review.id(),
                ApprovalRule.Examples.none());
    }

    private static Optional<RuleTarget> plain(ShellCommand command) {
        return command.redirections().isEmpty() && command.assignments().isEmpty()
                ? Optional.of(exact(command.words()))
                : Optional.empty();
    }

    private static RuleTarget exact(List<String> argv) {
        return new RuleTarget.Command(
                argv.stream().map(List::of).toList(), true, List.of(), List.of(), 0, Optional.empty(), List.of());
    }

    private static ReviewRefusedException notPossible(Review review, String message) {
        return new ReviewRefusedException(review.id(), Reason.NOT_POSSIBLE, "review " + review.id() + " " + message);
    }
}
