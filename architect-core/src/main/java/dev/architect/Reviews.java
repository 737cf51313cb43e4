package dev.architect;

import dev.architect.check.Check;
import dev.architect.json.InvalidFieldException;
import dev.architect.review.RecordedApproval;
import dev.architect.review.Review;
import dev.architect.review.ReviewChoice;
import dev.architect.review.ReviewComment;
import dev.architect.review.ReviewDecision;
import dev.architect.review.ReviewFigures;
import dev.architect.review.ReviewGuard;
import dev.architect.review.ReviewLimits;
import dev.architect.review.ReviewNotFoundException;
import dev.architect.review.ReviewQuery;
import dev.architect.review.ReviewRefusedException;
import dev.architect.review.ReviewRefusedException.Reason;
import dev.architect.review.ReviewRemark;
import dev.architect.review.ReviewRequest;
import dev.architect.review.ReviewState;
import dev.architect.review.ReviewStore;
import dev.architect.review.ReviewedAction;
import dev.architect.review.SimilarReviews;
import dev.architect.review.StoredRule;
import dev.architect.schedule.Scheduler;
import dev.architect.spi.TimeSource;
import dev.architect.task.NeedsInputException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a person must decide before it is done. A worker {@linkplain #permit asks}, and is held until somebody has decided; it looks here again
 * when it is resumed, and {@linkplain #use uses} an approval at the moment in which the action starts. What is approved is one action with one
 * hash, by somebody else than who has asked; time alone approves nothing.
 *
 * <p>Methods block for the store, throw an {@link IllegalStateException} when the store keeps no reviews, and are safe for use by several
 * threads.
 */
public final class Reviews {

    /** The most reviews that one call decides. */
    public static final int MAX_BATCH = 50;

    /** So often a change is tried again that came between others; each of them has made its own. */
    private static final int MAX_TRIES = 20;

    private static final int MAX_FIGURES = 10_000;
    private static final Set<ReviewChoice> JUDGED = Set.of(ReviewChoice.EDIT, ReviewChoice.SESSION, ReviewChoice.RULE);

    private final Optional<ReviewStore> storeOrNone;
    private final ReviewRounds rounds;
    private final Supplier<ReviewLimits> limits;
    private final @Nullable Scheduler schedulerOrNull;
    private final AtomicBoolean isTaken = new AtomicBoolean();
    private volatile @Nullable ReviewGuard guard;

    /**
     * What has become of several decisions.
     *
     * @param decided the reviews as they are now
     * @param refused why others were not decided, such as by somebody who was faster
     */
    public record Batch(List<Review> decided, List<ReviewRefusedException> refused) {

        /** Copies the lists. */
        public Batch {
            decided = List.copyOf(Check.noNulls("decided", decided));
            refused = List.copyOf(Check.noNulls("refused", refused));
        }
    }

    Reviews(
            Optional<ReviewStore> store,
            Tasks tasks,
            Supplier<ReviewLimits> limits,
            TimeSource time,
            @Nullable Scheduler schedulerOrNull) {
        this.storeOrNone = store;
        this.limits = limits;
        this.schedulerOrNull = schedulerOrNull;
        this.rounds = new ReviewRounds(this::store, tasks, limits, time);
    }

    private ReviewStore store() {
        return storeOrNone.orElseThrow(
                () -> new IllegalStateException("the store keeps no reviews, expected one that does"));
    }

    /** Lets this node take part in what time brings. */
    void take() {
        if (schedulerOrNull != null && storeOrNone.isPresent() && isTaken.compareAndSet(false, true)) {
            schedulerOrNull.addRole(ReviewRounds.ROLE, rounds);
        }
    }

    /** The limits of the queue as they are now. */
    public ReviewLimits limits() {
        return limits.get();
    }

    /** Returns the time by which reviews are due and expire. */
    public Instant now() {
        return store().now();
    }

    /** Sets who judges edited actions and rules on this node, in place of the one before. Without any, such decisions are refused. */
    public void judgeWith(ReviewGuard judge) {
        guard = Check.notNull("judge", judge);
    }

    /** Returns the review that is open or approved for the same action of the same requester. */
    public Optional<Review> live(ReviewRequest request) {
        return latest(request).filter(review -> review.state().isLive());
    }

    /** Returns the last review of the same action of the same requester, whatever its state. */
    public Optional<Review> latest(ReviewRequest request) {
        return store().latest(Check.notNull("request", request).subject());
    }

    /** Asks, or returns the review that is live already for the same action of the same requester. */
    public Review ask(ReviewRequest request) {
        ReviewStore store = store();
        return store.open(Review.opened(0, Check.notNull("request", request), store.now(), limits.get()));
    }

    /**
     * Returns the approval of an action, which is still to be {@linkplain #use used}, or the answer to a question.
     *
     * @return a review that is approved, of which {@link Review#effectiveAction} may be done; of a question, the outcome's comment is the answer
     * @throws NeedsInputException when nobody has decided; a worker lets it through, is held, and asks again when it is resumed
     * @throws ReviewRefusedException when a person has denied the action, or wants changes; within a run, the same action is refused
     *     again without being asked
     */
    public Review permit(ReviewRequest request) {
        ReviewStore store = store();
        Check.notNull("request", request);
        for (int i = 0; i < MAX_TRIES; i++) {
            Optional<Review> last = store.latest(request.subject());
            Instant now = store.now();
            Optional<Review> known = last.filter(review -> isStanding(review, now));
            if (known.isEmpty()) {
                throw waiting(ask(request));
            }
            Review review = known.get();
            boolean isDecided = review.state() != ReviewState.OPEN
                    && (review.isDelivered() || review.isDeliverable(now, limits.get()));
            if (!isDecided) {
                throw waiting(review);
            }
            if (review.isDelivered()) {
                return permitted(review);
            }
            Optional<Review> delivered = store.update(review.delivered(now), Optional.empty());
            if (delivered.isPresent()) {
                return permitted(delivered.get());
            }
        }
        throw new IllegalStateException("review was changed " + MAX_TRIES
                + " times by others meanwhile, expected it to be left alone for a moment");
    }

    /** Whether the last review about an action says something about it still. */
    private static boolean isStanding(Review review, Instant now) {
        boolean hasRun = review.request().requester().run().isPresent();
        boolean isAnswer = review.outcome()
                .filter(by -> by.choice() == ReviewChoice.ANSWER)
                .isPresent();
        return switch (review.state()) {
            case OPEN -> true;
            case APPROVED -> !review.isExpired(now);
            case USED -> isAnswer && hasRun;
            case DENIED, CHANGED -> hasRun || !review.isDelivered();
            case EXPIRED, WITHDRAWN -> false;
        };
    }

    private static NeedsInputException waiting(Review review) {
        return new NeedsInputException(
                "review " + review.id() + " (" + review.request().kind() + ") waits for a decision");
    }

    private static Review permitted(Review review) {
        String comment = review.outcome().map(by -> by.comment()).orElse("");
        if (review.state() == ReviewState.DENIED) {
            throw new ReviewRefusedException(
                    review.id(), Reason.DENIED, "review " + review.id() + " was denied: " + comment);
        }
        if (review.state() == ReviewState.CHANGED) {
            throw new ReviewRefusedException(
                    review.id(), Reason.CHANGES_WANTED, "review " + review.id() + " wants changes: " + comment);
        }
        return review;
    }

    /**
     * Uses an approval: the action starts now, and no second time with it.
     *
     * @param action what is to be done, in the form that it has now, after everything that decides what it does was looked at again
     * @return the review, used
     * @throws ReviewRefusedException when it is not approved, was used, has expired, or is about another action
     * @throws ReviewNotFoundException when there is none
     */
    public Review use(long id, ReviewedAction action) {
        Check.notNull("action", action);
        return change(id, review -> review.used(action, store().now()));
    }

    private Review change(long id, Function<Review, Review> change) {
        ReviewStore store = store();
        for (int i = 0; i < MAX_TRIES; i++) {
            Optional<Review> changed = store.update(change.apply(get(id)), Optional.empty());
            if (changed.isPresent()) {
                return changed.get();
            }
        }
        // Nobody changes one so often; another review of the same action is live.
        throw new ReviewRefusedException(
                id, Reason.TOO_LATE, "review " + id + " has a successor, expected no other one of the same action");
    }

    /**
     * Returns a review.
     *
     * @throws ReviewNotFoundException when there is none
     */
    public Review get(long id) {
        return store().find(id).orElseThrow(() -> new ReviewNotFoundException(id));
    }

    /** Returns reviews by their ids, in the order of the query. */
    public List<Review> list(ReviewQuery query) {
        return store().list(Check.notNull("query", query));
    }

    /** Returns what was decided about reviews of the same shape; nothing for one without. */
    public SimilarReviews similar(Review review) {
        String shape = Check.notNull("review", review).request().shape();
        return shape.isEmpty() ? new SimilarReviews(0, 0) : store().similar(shape);
    }

    /**
     * Decides. Of several people who decide at the same time, one does; the others are told. A task that waits is resumed at once by an approval, and
     * by another decision when that can no longer be taken back.
     *
     * @throws ReviewRefusedException when it cannot be decided so; nothing was changed
     * @throws ReviewNotFoundException when there is none
     * @throws IllegalArgumentException when an edited action or a rule cannot be read
     */
    public Review decide(long id, ReviewDecision decision) {
        Check.notNull("decision", decision);
        ReviewStore store = store();
        for (int i = 0; i < MAX_TRIES; i++) {
            Review review = get(id);
            review.check(decision);
            ReviewGuard.Judged judged = judged(review, decision);
            if (i == 0) {
                decision.remarks().forEach(remark -> comment(id, decision.actor(), remark));
            }
            Optional<String> rule = judged.rule().map(StoredRule::id);
            Review decided = review.decided(judged.decision(), rule, store.now(), limits.get());
            Optional<Review> updated = store.update(decided, judged.rule());
            if (updated.isPresent()) {
                return rounds.deliver(updated.get());
            }
        }
        throw new ReviewRefusedException(
                id, Reason.NOT_POSSIBLE, "review " + id + " wants a rule whose id is taken, expected another one");
    }

    private ReviewGuard.Judged judged(Review review, ReviewDecision decision) {
        if (!JUDGED.contains(decision.choice())) {
            return new ReviewGuard.Judged(decision, Optional.empty());
        }
        ReviewGuard judge = guard;
        if (judge == null) {
            throw new ReviewRefusedException(
                    review.id(),
                    Reason.NOT_POSSIBLE,
                    "review " + review.id() + " cannot be judged here, expected a decision that needs no judging");
        }
        return judge.judge(review, decision);
    }

    /**
     * Decides about several reviews of the same shape, all approved once or all denied. All of them are checked first; what others decide meanwhile
     * is in the result.
     *
     * @param decisions by the id of the review, 1 to {@link #MAX_BATCH}, each with the hash of what was shown
     * @throws IllegalArgumentException when there are too many, the decisions differ, or the reviews are not of the same shape
     * @throws ReviewRefusedException when one of them cannot be decided so; nothing was changed
     * @throws ReviewNotFoundException when one of them does not exist; nothing was changed
     */
    public Batch decideAll(Map<Long, ReviewDecision> decisions) {
        Check.noNulls("decisions", decisions);
        Check.range("decisions", decisions.size(), 1, MAX_BATCH);
        Set<ReviewChoice> choices = Set.copyOf(
                decisions.values().stream().map(ReviewDecision::choice).toList());
        if (choices.size() != 1 || !Set.of(ReviewChoice.ONCE, ReviewChoice.DENY).containsAll(choices)) {
            throw InvalidFieldException.value(
                    "decision", "decision is " + choices + ", expected ONCE or DENY, the same for all");
        }
        Set<String> shapes = new TreeSet<>();
        decisions.forEach((id, decision) -> {
            Review review = get(id);
            review.check(decision);
            shapes.add(review.request().kind() + " " + review.request().shape());
            if (review.request().shape().isEmpty()) {
                throw InvalidFieldException.value(
                        "reviews", "review " + id + " stands alone, expected it not in a batch");
            }
        });
        if (shapes.size() > 1) {
            throw InvalidFieldException.value("reviews", "reviews are of " + shapes.size() + " shapes, expected one");
        }
        List<Review> decided = new ArrayList<>();
        List<ReviewRefusedException> refused = new ArrayList<>();
        decisions.forEach((id, decision) -> {
            try {
                decided.add(decide(id, decision));
            } catch (ReviewRefusedException faster) {
                refused.add(faster);
            }
        });
        return new Batch(decided, refused);
    }

    /**
     * Takes a decision back, and the rule that was made with it.
     *
     * @throws ReviewRefusedException when somebody else has decided, it is too late, or something has started
     * @throws ReviewNotFoundException when there is none
     */
    public Review undo(long id, String actor) {
        Check.notNull("actor", actor);
        ReviewStore store = store();
        Review before = get(id);
        before.undone(actor, store.now(), limits.get());
        // First: a rule without its decision would be looser than one that is missing.
        before.outcome()
                .flatMap(by -> by.rule())
                .flatMap(store::rule)
                .ifPresent(rule -> store.deleteRule(rule.id(), rule.version()));
        return change(id, review -> review.undone(actor, store.now(), limits.get()));
    }

    /**
     * Gives an open review to somebody, who alone can decide it then, until it is escalated or given on.
     *
     * @throws ReviewRefusedException when it is not open, or {@code to} or {@code actor} has asked
     * @throws ReviewNotFoundException when there is none
     */
    public Review delegate(long id, String to, String actor) {
        Check.notNull("to", to);
        Check.notNull("actor", actor);
        return change(id, review -> review.delegated(to, actor));
    }

    /**
     * Keeps a comment.
     *
     * @throws ReviewNotFoundException when there is no such review
     * @throws ReviewRefusedException when it has too many comments
     */
    public ReviewComment comment(long id, String actor, ReviewRemark remark) {
        Check.notNull("actor", actor);
        Check.notNull("remark", remark);
        ReviewStore store = store();
        return store.comment(new ReviewComment(id, 0, actor, store.now(), remark))
                .orElseThrow(() -> {
                    get(id);
                    return new ReviewRefusedException(
                            id,
                            Reason.NOT_POSSIBLE,
                            "review " + id + " has " + ReviewStore.MAX_COMMENTS + " comments, expected no more");
                });
    }

    /** Returns the comments of a review, the oldest first; none when there is no such review. */
    public List<ReviewComment> comments(long id) {
        return store().comments(id);
    }

    /**
     * Returns how people have decided.
     *
     * @param period how far back
     */
    public ReviewFigures figures(Duration period) {
        Check.positive("period", period);
        ReviewStore store = store();
        return ReviewFigures.of(
                store.countOpen(),
                store.decidedSince(store.now().minus(period), MAX_FIGURES),
                limits.get().perHour());
    }

    /**
     * Ends what was approved for a run.
     *
     * @return how many rules have ended
     */
    public int endRun(String run) {
        return store().endRun(Check.notNull("run", run));
    }

    /** Does now what time has brought: reminds, escalates, expires, withdraws and delivers. A node that performs tasks does so by itself. */
    public void settle() {
        rounds.all();
    }

    /** Returns the approval rules, by id. */
    public List<StoredRule> rules() {
        return store().rules();
    }

    /** Returns an approval rule. */
    public Optional<StoredRule> rule(String id) {
        return store().rule(Check.notNull("id", id));
    }

    /**
     * Keeps a new approval rule. Whether its text is a rule is for its caller to check.
     *
     * @return empty when its id is taken or there are too many
     */
    public Optional<StoredRule> createRule(StoredRule rule) {
        return store().createRule(Check.notNull("rule", rule));
    }

    /**
     * Changes an approval rule if it still has the version of {@code changed}.
     *
     * @return empty when it was changed or deleted since
     */
    public Optional<StoredRule> updateRule(StoredRule changed) {
        return store().updateRule(Check.notNull("changed", changed));
    }

    /**
     * Deletes an approval rule if it still has this version.
     *
     * @return whether it was deleted
     */
    public boolean deleteRule(String id, long version) {
        return store().deleteRule(Check.notNull("id", id), version);
    }

    /** Records what rules have decided. */
    public RecordedApproval record(RecordedApproval decision) {
        return store().record(Check.notNull("decision", decision));
    }

    /**
     * Returns recorded decisions, the newest first.
     *
     * @param before only those with smaller ids; empty begins with the newest
     * @param limit 1 to {@link ReviewStore#MAX_PAGE}
     */
    public List<RecordedApproval> decisions(Optional<Long> before, int limit) {
        Check.notNull("before", before);
        Check.range("limit", limit, 1, ReviewStore.MAX_PAGE);
        return store().decisions(before, limit);
    }
}
