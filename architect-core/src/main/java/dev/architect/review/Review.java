package dev.architect.review;

import dev.architect.check.Check;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.review.ReviewRefusedException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A review as it stands. Immutable; the methods that move it check what must hold and return it as it is afterwards, for {@link
 * ReviewStore#update} to make it so if nobody else was faster.
 *
 * @param id its id; a later one is larger
 * @param request what is to be decided
 * @param state where it stands
 * @param delegate who alone is to decide; empty for everybody who may
 * @param times when what happened
 * @param outcome what was decided; empty while it is open
 * @param isDelivered whether the requester has been told
 * @param version rises with each change
 */
public record Review(
        long id,
        ReviewRequest request,
        ReviewState state,
        Optional<String> delegate,
        Times times,
        Optional<ReviewOutcome> outcome,
        boolean isDelivered,
        long version) {

    /** Who has decided what nobody has decided in time. */
    public static final String NOBODY = "architect";

    /** So that what a task gets stays below the limit of its input, however much is escaped. */
    private static final int MAX_REMARK_CHARACTERS = 40_000;

    /**
     * When what happened to a review.
     *
     * @param asked when it was asked
     * @param due until when it should be decided
     * @param reminded when it was due and reminded of
     * @param escalated when more people were asked
     * @param decided when it was decided
     * @param expires when its approval ends if it is not used; empty when it is not approved
     * @param ended when it was used, expired or withdrawn
     */
    public record Times(
            Instant asked,
            Instant due,
            Optional<Instant> reminded,
            Optional<Instant> escalated,
            Optional<Instant> decided,
            Optional<Instant> expires,
            Optional<Instant> ended) {

        /** Checks that all are there. */
        public Times {
            Check.notNull("asked", asked);
            Check.notNull("due", due);
            Check.notNull("reminded", reminded);
            Check.notNull("escalated", escalated);
            Check.notNull("decided", decided);
            Check.notNull("expires", expires);
            Check.notNull("ended", ended);
        }
    }

    /** Checks that all are there. */
    public Review {
        Check.notNull("request", request);
        Check.notNull("state", state);
        Check.notNull("delegate", delegate);
        Check.notNull("times", times);
        Check.notNull("outcome", outcome);
    }

    /** Returns a new review, asked {@code now}. */
    public static Review opened(long id, ReviewRequest request, Instant now, ReviewLimits limits) {
        Check.notNull("now", now);
        Duration due = Check.notNull("limits", limits)
                .due(Check.notNull("request", request).risk().level());
        return new Review(
                id,
                request,
                ReviewState.OPEN,
                Optional.empty(),
                new Times(
                        now,
                        now.plus(due),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                Optional.empty(),
                false,
                1);
    }

    /** Returns the same with the id that a store has given it. */
    public Review withId(long given) {
        return new Review(given, request, state, delegate, times, outcome, isDelivered, version);
    }

    /** Returns the same with the version that a store has given it. */
    public Review withVersion(long given) {
        return new Review(id, request, state, delegate, times, outcome, isDelivered, given);
    }

    /** What may be done: what was asked, or what a person has put in its place. */
    public ReviewedAction effectiveAction() {
        return outcome.flatMap(ReviewOutcome::edited).orElse(request.action());
    }

    /** Whether nothing will happen to it any more, and its requester knows. */
    public boolean isSettled() {
        return !state.isLive() && isDelivered;
    }

    /** What was said about the action that was asked: true for approved, false for denied; empty for neither. */
    public Optional<Boolean> answer() {
        return outcome.flatMap(decided -> switch (decided.choice()) {
            case ONCE, SESSION, RULE -> Optional.of(true);
            case DENY -> decided.actor().equals(NOBODY) ? Optional.empty() : Optional.of(false);
            case EDIT, CHANGES, ANSWER -> Optional.empty();
        });
    }

    /**
     * Checks a decision, and changes nothing.
     *
     * @throws ReviewRefusedException when it is decided already, was shown as something else, is the actor's own work, was given to
     *     somebody else, or takes no such decision
     */
    public void check(ReviewDecision decision) {
        Check.notNull("decision", decision);
        if (state != ReviewState.OPEN) {
            throw refused(
                    Reason.ALREADY_DECIDED,
                    "is " + JsonFields.wordOf(state)
                            + outcome.map(by -> " by " + by.actor()).orElse("") + ", expected open");
        }
        requireOthers(decision.actor());
        if (!decision.sha256().equals(request.action().sha256())) {
            throw refused(Reason.STALE, "is about another action than the one with this hash, expected its own");
        }
        if (delegate.filter(one -> !one.equals(decision.actor())).isPresent()) {
            throw refused(Reason.DELEGATED, "was given to " + delegate.get() + ", expected that it decides");
        }
        boolean isQuestion = request.kind() == ReviewKind.QUESTION;
        if (decision.choice() != ReviewChoice.DENY && isQuestion != (decision.choice() == ReviewChoice.ANSWER)) {
            throw refused(
                    Reason.NOT_POSSIBLE,
                    "is about a " + JsonFields.wordOf(request.kind()) + ", expected "
                            + (isQuestion ? "an answer or a denial" : "another decision than an answer"));
        }
        if (decision.choice() == ReviewChoice.SESSION
                && request.requester().run().isEmpty()) {
            throw refused(Reason.NOT_POSSIBLE, "is of no run, expected one for an approval until it ends");
        }
    }

    private void requireOthers(String actor) {
        if (request.requester().is(actor)) {
            throw refused(Reason.OWN_WORK, "is asked by " + actor + ", expected that somebody else decides");
        }
    }

    /**
     * Returns the review as decided.
     *
     * @param rule the id of the rule that is made; empty for none
     * @throws ReviewRefusedException as {@link #check}
     */
    public Review decided(ReviewDecision decision, Optional<String> rule, Instant now, ReviewLimits limits) {
        Check.notNull("rule", rule);
        Check.notNull("now", now);
        Check.notNull("limits", limits);
        check(decision);
        ReviewOutcome decided = new ReviewOutcome(
                decision.choice(), decision.actor(), decision.comment(), decision.edited(), rule, decision.took());
        return decided(decided, now, limits);
    }

    private Review decided(ReviewOutcome decided, Instant now, ReviewLimits limits) {
        ReviewState next = switch (decided.choice()) {
            case ONCE, SESSION, RULE, EDIT, ANSWER -> ReviewState.APPROVED;
            case DENY -> ReviewState.DENIED;
            case CHANGES -> ReviewState.CHANGED;
        };
        // An answer is used when it is delivered, so it does not expire.
        boolean expires = next == ReviewState.APPROVED && decided.choice() != ReviewChoice.ANSWER;
        return new Review(
                id,
                request,
                next,
                delegate,
                new Times(
                        times.asked(),
                        times.due(),
                        times.reminded(),
                        times.escalated(),
                        Optional.of(now),
                        expires
                                ? Optional.of(
                                        now.plus(Check.notNull("limits", limits).start()))
                                : Optional.empty(),
                        Optional.empty()),
                Optional.of(decided),
                false,
                version);
    }

    /**
     * Returns the review as open again.
     *
     * @throws ReviewRefusedException when somebody else has decided, the time for it is over, or something has started
     */
    public Review undone(String actor, Instant now, ReviewLimits limits) {
        Check.notNull("actor", actor);
        Check.notNull("now", now);
        Check.notNull("limits", limits);
        ReviewOutcome before = outcome.orElseThrow(() -> refused(Reason.TOO_LATE, "is open, expected decided"));
        if (!before.actor().equals(actor)) {
            throw refused(
                    Reason.TOO_LATE, "was decided by " + before.actor() + ", expected to be taken back by the same");
        }
        // Whoever was told of an approval looks here before it starts; a denial or an answer is acted upon at once.
        boolean hasStarted = state != ReviewState.APPROVED && (isDelivered || state == ReviewState.USED);
        boolean isEnded = state == ReviewState.EXPIRED || state == ReviewState.WITHDRAWN;
        if (hasStarted || isEnded) {
            throw refused(Reason.TOO_LATE, "is " + JsonFields.wordOf(state) + ", expected that nothing has started");
        }
        Instant last = times.decided().orElseThrow().plus(limits.undo());
        if (now.isAfter(last)) {
            throw refused(
                    Reason.TOO_LATE,
                    "was decided more than " + limits.undo().toSeconds() + " s ago, expected to be taken back within");
        }
        return new Review(
                id,
                request,
                ReviewState.OPEN,
                delegate,
                new Times(
                        times.asked(),
                        times.due(),
                        times.reminded(),
                        times.escalated(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                Optional.empty(),
                false,
                version);
    }

    /**
     * Returns the review as used: its action starts.
     *
     * @param action what is to be done, with all that decides what it does as it is now
     * @throws ReviewRefusedException when it is not approved, was used, has expired, or the action is another one
     */
    public Review used(ReviewedAction action, Instant now) {
        Check.notNull("action", action);
        Check.notNull("now", now);
        if (state != ReviewState.APPROVED) {
            throw refused(
                    state == ReviewState.EXPIRED ? Reason.EXPIRED : Reason.NOT_APPROVED,
                    "is " + JsonFields.wordOf(state) + ", expected approved");
        }
        if (isExpired(now)) {
            throw refused(
                    Reason.EXPIRED,
                    "was approved until " + times.expires().orElseThrow() + ", expected to start before");
        }
        if (!action.equals(effectiveAction())) {
            throw refused(Reason.STALE, "is about another action than the one that is to start, expected the same");
        }
        return ended(ReviewState.USED, now, true);
    }

    /** Whether its approval was not used in time. */
    public boolean isExpired(Instant now) {
        Check.notNull("now", now);
        return state == ReviewState.APPROVED
                && times.expires().filter(end -> !now.isBefore(end)).isPresent();
    }

    /** Returns the review as expired. */
    public Review expired(Instant now) {
        return ended(ReviewState.EXPIRED, now, isDelivered);
    }

    /** Returns the review as withdrawn: whoever has asked is no more. */
    public Review withdrawn(Instant now) {
        return ended(state.isLive() ? ReviewState.WITHDRAWN : state, now, true);
    }

    private Review ended(ReviewState next, Instant now, boolean delivered) {
        return new Review(
                id,
                request,
                next,
                delegate,
                new Times(
                        times.asked(),
                        times.due(),
                        times.reminded(),
                        times.escalated(),
                        times.decided(),
                        times.expires(),
                        Optional.of(Check.notNull("now", now))),
                outcome,
                delivered,
                version);
    }

    /** Returns the review as one of which the requester knows; an answer is used with that. */
    public Review delivered(Instant now) {
        Check.notNull("now", now);
        boolean isAnswer =
                outcome.filter(by -> by.choice() == ReviewChoice.ANSWER).isPresent();
        return isAnswer && state == ReviewState.APPROVED
                ? ended(ReviewState.USED, now, true)
                : new Review(id, request, state, delegate, times, outcome, true, version);
    }

    /** Whether the requester is to be told now: of an approval at once, of the rest when it can no longer be taken back. */
    public boolean isDeliverable(Instant now, ReviewLimits limits) {
        Check.notNull("now", now);
        Check.notNull("limits", limits);
        Optional<Instant> decided = times.decided();
        if (isDelivered || decided.isEmpty() || state == ReviewState.OPEN) {
            return false;
        }
        boolean isStart = times.expires().isPresent();
        return isStart || now.isAfter(decided.get().plus(limits.undo()));
    }

    /**
     * Returns the review as given to somebody, who alone can decide it then.
     *
     * @throws ReviewRefusedException when it is not open, or {@code to} or {@code actor} has asked
     */
    public Review delegated(String to, String actor) {
        Check.atMost("to", Check.notBlank("to", to), ReviewRequester.MAX_CHARACTERS);
        Check.notNull("actor", actor);
        if (state != ReviewState.OPEN) {
            throw refused(Reason.ALREADY_DECIDED, "is " + JsonFields.wordOf(state) + ", expected open");
        }
        requireOthers(to);
        requireOthers(actor);
        return new Review(id, request, state, Optional.of(to), times, outcome, isDelivered, version);
    }

    /** Returns what time has made of an open review, empty when nothing: it is reminded of, escalated, and at last denied where that is so. */
    public Optional<Review> overdue(Instant now, ReviewLimits limits) {
        Duration step = Check.notNull("limits", limits).due(request.risk().level());
        if (state != ReviewState.OPEN || now.isBefore(times.due())) {
            return Optional.empty();
        }
        if (times.reminded().isEmpty()) {
            return Optional.of(noted(Optional.of(now), Optional.empty(), delegate));
        }
        if (times.escalated().isEmpty()) {
            return now.isBefore(times.due().plus(step))
                    ? Optional.empty()
                    // Whoever it was given to has not decided, so everybody may.
                    : Optional.of(noted(times.reminded(), Optional.of(now), Optional.empty()));
        }
        boolean isDenied = limits.onOverdue() == ReviewLimits.Overdue.DENY
                && !now.isBefore(times.due().plus(step.multipliedBy(2)));
        return isDenied
                ? Optional.of(decided(
                        new ReviewOutcome(
                                ReviewChoice.DENY,
                                NOBODY,
                                "nobody has decided within "
                                        + step.multipliedBy(3).toMinutes() + " minutes",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        now,
                        limits))
                : Optional.empty();
    }

    private Review noted(Optional<Instant> reminded, Optional<Instant> escalated, Optional<String> to) {
        return new Review(
                id,
                request,
                state,
                to,
                new Times(
                        times.asked(),
                        times.due(),
                        reminded,
                        escalated,
                        times.decided(),
                        times.expires(),
                        times.ended()),
                outcome,
                isDelivered,
                version);
    }

    /**
     * What the requester gets to know, as JSON: {@code review}, {@code decision}, {@code sha256}, {@code comment}, {@code action} when it was
     * edited, and the first comments of people with {@code file}, {@code line} and {@code text}.
     */
    public String payload(List<ReviewComment> comments) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("review", Long.toString(id));
        fields.put(
                "decision",
                outcome.map(by -> JsonFields.wordOf(by.choice())).orElseGet(() -> JsonFields.wordOf(state)));
        fields.put("sha256", effectiveAction().sha256());
        outcome.ifPresent(by -> {
            fields.put("comment", by.comment());
            by.edited().ifPresent(edited -> fields.put("action", edited.json()));
        });
        List<Map<String, Object>> remarks = new ArrayList<>();
        int characters = 0;
        for (ReviewComment comment : Check.noNulls("comments", comments)) {
            characters += comment.remark().text().length();
            if (characters > MAX_REMARK_CHARACTERS) {
                break;
            }
            Map<String, Object> remark = new LinkedHashMap<>();
            comment.remark().file().ifPresent(file -> remark.put("file", file));
            comment.remark().line().ifPresent(line -> remark.put("line", line));
            remark.put("text", comment.remark().text());
            remarks.add(remark);
        }
        fields.put("comments", remarks);
        return JsonText.write(fields);
    }

    private ReviewRefusedException refused(Reason reason, String message) {
        return new ReviewRefusedException(id, reason, "review " + id + " " + message);
    }
}
