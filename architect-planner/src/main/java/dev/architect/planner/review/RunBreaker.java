package dev.architect.planner.review;

import dev.architect.Reviews;
import dev.architect.json.JsonText;
import dev.architect.planner.approval.Action;
import dev.architect.planner.approval.Context;
import dev.architect.planner.approval.Decision;
import dev.architect.planner.approval.Verdict;
import dev.architect.planner.approval.history.DenialBreaker;
import dev.architect.review.RecordedApproval;
import dev.architect.review.ReviewKind;
import dev.architect.review.ReviewRequest;
import dev.architect.review.ReviewRequester;
import dev.architect.review.ReviewRisk;
import dev.architect.review.ReviewState;
import dev.architect.review.ReviewStore;
import dev.architect.review.ReviewedAction;
import dev.architect.review.RiskLevel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Pauses runs whose agent goes on trying what is denied, with a {@link DenialBreaker} over what the store has recorded, so that it holds for all
 * nodes and outlives restarts. A pause is a question in the queue of reviews: an answer lets the run go on, a denial ends it. Denials are rare, so
 * what was recorded is read only after one; before each action, one review is looked up. Blocks for the store; safe for use by several threads.
 */
final class RunBreaker {

    /** The word for going on in the action of a question. */
    private static final String GO_ON = "go-on";

    private static final Duration WINDOW = Duration.ofDays(7);
    private static final int MAX_PAGES = 5;
    private static final int MAX_LINE = 300;

    private final Reviews reviews;

    RunBreaker(Reviews reviews) {
        this.reviews = reviews;
    }

    /**
     * Returns when the run may go on.
     *
     * @throws dev.architect.task.NeedsInputException while it is paused
     * @throws dev.architect.review.ReviewRefusedException when a person has ended it
     */
    void requireGoing(ReviewRequester requester, Context context) {
        ReviewRequest question =
                question(requester, context, "was denied too often", "").build();
        boolean isAsked = reviews.latest(question)
                .filter(review -> review.state() != ReviewState.WITHDRAWN && review.state() != ReviewState.EXPIRED)
                .isPresent();
        if (isAsked) {
            reviews.permit(question);
        }
    }

    /** Looks at what was denied after one more denial, and pauses the run when it is too much. */
    void denied(ReviewRequester requester, Context context) {
        ReviewRequest.Builder sample = question(requester, context, "was denied too often", "");
        Optional<Instant> resumed =
                reviews.latest(sample.build()).flatMap(before -> before.times().decided());
        String run = requester.run().orElse("");
        DenialBreaker breaker = new DenialBreaker();
        boolean isOpen = false;
        boolean isResumed = resumed.isEmpty();
        for (RecordedApproval one : recorded(requester)) {
            if (!isResumed && one.at().isAfter(resumed.orElseThrow())) {
                breaker.resume(run);
                isOpen = false;
                isResumed = true;
            }
            boolean isOfRun = one.run().equals(requester.run());
            // Without a run there is nothing but the day: each such denial is a run by itself.
            String name = one.run().map(given -> "run " + given).orElse("alone " + one.id());
            boolean now = breaker.record(
                    isOfRun && requester.run().isPresent() ? run : name,
                    requester.name(),
                    one.at(),
                    action(one),
                    decision(one));
            isOpen = isOfRun ? now : isOpen;
        }
        if (isOpen && isResumed) {
            reviews.ask(question(requester, context, "was denied " + count(breaker, run), list(breaker, run, requester))
                    .build());
        }
    }

    /** What a requester wanted and what became of it, oldest first; what waits for a person is neither denied nor allowed. */
    private List<RecordedApproval> recorded(ReviewRequester requester) {
        Instant since = reviews.now().minus(WINDOW);
        List<RecordedApproval> found = new ArrayList<>();
        Optional<Long> before = Optional.empty();
        for (int i = 0; i < MAX_PAGES; i++) {
            List<RecordedApproval> page = reviews.decisions(before, ReviewStore.MAX_PAGE);
            page.stream()
                    .filter(one -> one.requester().equals(Optional.of(requester.name())))
                    .filter(one -> !one.at().isBefore(since))
                    .filter(one -> !isWaiting(one))
                    .forEach(found::add);
            boolean isOver = page.size() < ReviewStore.MAX_PAGE
                    || page.get(page.size() - 1).at().isBefore(since);
            if (isOver) {
                break;
            }
            before = Optional.of(page.get(page.size() - 1).id());
        }
        Collections.reverse(found);
        return found;
    }

    private static boolean isWaiting(RecordedApproval one) {
        return one.verdict().equals("ask") && one.answer().isEmpty();
    }

    private static boolean isDenied(RecordedApproval one) {
        return one.answer().map(approved -> !approved).orElse(one.verdict().equals("deny"));
    }

    private static Action action(RecordedApproval one) {
        try {
            return Action.parse(one.action().json());
        } catch (IllegalArgumentException ofAnotherVersion) {
            return new Action.Tool("unknown", Map.of());
        }
    }

    private static Decision decision(RecordedApproval one) {
        boolean isByPerson = one.answer().isPresent();
        return new Decision(
                isDenied(one) ? Verdict.DENY : Verdict.ALLOW,
                one.rules(),
                one.part(),
                isByPerson && isDenied(one) ? "a person has denied it" : one.reason());
    }

    private static String count(DenialBreaker breaker, String run) {
        int denials = breaker.denials(run).size();
        return denials >= DenialBreaker.IN_A_RUN
                ? denials + " actions in this run"
                : denials >= DenialBreaker.IN_A_ROW
                        ? denials + " actions, the last ones in a row"
                        : DenialBreaker.IN_A_DAY + " actions today";
    }

    /** What was denied, a line each, for the person who is asked. */
    private static String list(DenialBreaker breaker, String run, ReviewRequester requester) {
        List<DenialBreaker.Denial> denials = breaker.denials(run);
        Set<String> lines = new LinkedHashSet<>();
        denials.forEach(one -> lines.add(line(one)));
        return lines.isEmpty()
                ? "Denials of " + requester.name() + " in other runs of today; the list of decisions has them."
                : lines.stream().collect(Collectors.joining("\n"));
    }

    private static String line(DenialBreaker.Denial denial) {
        String text = ApprovalGate.title(denial.action()).replace('\n', ' ') + ": "
                + denial.decision().reason().replace('\n', ' ');
        return text.length() <= MAX_LINE ? text : text.substring(0, MAX_LINE) + "…";
    }

    private static ReviewRequest.Builder question(
            ReviewRequester requester, Context context, String what, String preview) {
        Map<String, Object> action = new TreeMap<>();
        action.put("action", GO_ON);
        action.put("requester", requester.name());
        requester.run().ifPresent(run -> action.put("run", run));
        String title = String.format(Locale.ROOT, "%s %s: may it go on?", shown(requester.name()), what);
        return ReviewRequest.builder(ReviewKind.QUESTION, title, ReviewedAction.of(JsonText.write(action)), requester)
                .preview(preview)
                .risk(new ReviewRisk(RiskLevel.HIGH, List.of("it goes on trying what is denied")))
                .project(context.project())
                .because(List.of(), "", "The run is paused. An answer lets it go on, a denial ends it.");
    }

    private static String shown(String name) {
        return name.length() <= 100 ? name : name.substring(0, 100) + "…";
    }
}
