package dev.architect.testkit.store.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.json.JsonText;
import dev.architect.review.RecordedApproval;
import dev.architect.review.Review;
import dev.architect.review.ReviewChoice;
import dev.architect.review.ReviewComment;
import dev.architect.review.ReviewDecision;
import dev.architect.review.ReviewKind;
import dev.architect.review.ReviewLimits;
import dev.architect.review.ReviewQuery;
import dev.architect.review.ReviewRefusedException;
import dev.architect.review.ReviewRemark;
import dev.architect.review.ReviewRequest;
import dev.architect.review.ReviewRequester;
import dev.architect.review.ReviewRisk;
import dev.architect.review.ReviewState;
import dev.architect.review.ReviewStore;
import dev.architect.review.ReviewedAction;
import dev.architect.review.RiskLevel;
import dev.architect.review.SimilarReviews;
import dev.architect.review.StoredRule;
import dev.architect.spi.Store;
import dev.architect.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Reviews: one decision whoever decides, one start for one approval, and nothing is lost. */
public abstract class StoreReviewCases extends StoreFixture {

    private static final Instant NOW = Instant.parse("2026-11-28T09:00:00Z");
    private static final ReviewLimits LIMITS = ReviewLimits.USUAL;
    private static final ReviewRequester AGENT = ReviewRequester.named("agent:builder");

    /** Creates the cases for one store. */
    protected StoreReviewCases(StoreHandles handles) {
        super(handles);
    }

    private ReviewStore reviews() {
        return of(store());
    }

    private static ReviewStore of(Store store) {
        return store.reviews().orElseThrow();
    }

    private static ReviewedAction action(String word) {
        return ReviewedAction.of(JsonText.write(Map.of("action", "exec", "argv", List.of("mvn", word))));
    }

    private static ReviewRequest.Builder about(String word) {
        return ReviewRequest.builder(ReviewKind.COMMAND, "mvn " + word, action(word), AGENT);
    }

    private static Review open(ReviewStore store, ReviewRequest request) {
        return store.open(Review.opened(0, request, NOW, LIMITS));
    }

    private Review open(String word) {
        return open(reviews(), about(word).build());
    }

    private static ReviewDecision approval(Review review, String actor) {
        return ReviewDecision.of(ReviewChoice.ONCE, review.request().action().sha256(), actor);
    }

    private static Review approved(Review review, String actor) {
        return review.decided(approval(review, actor), Optional.empty(), NOW.plusSeconds(5), LIMITS);
    }

    private static Review denied(Review review, String actor) {
        return review.decided(
                ReviewDecision.deny(review.request().action().sha256(), actor, "not now"),
                Optional.empty(),
                NOW.plusSeconds(5),
                LIMITS);
    }

    private Review update(Review changed) {
        return reviews().update(changed, Optional.empty()).orElseThrow();
    }

    private Review read(long id) {
        return reviews().find(id).orElseThrow();
    }

    private static StoredRule rule(String id, Optional<String> run) {
        return new StoredRule(id, "{\"id\":\"" + id + "\"}", true, run, "ann", NOW, 0, 0);
    }

    @Test
    void whatWasAskedIsReadBack() {
        ReviewRequest request = about("verify")
                .shape("mvn verify")
                .preview(ODD)
                .risk(new ReviewRisk(RiskLevel.HIGH, List.of("runs code of the work tree", ODD)))
                .reach(List.of("/home/agent/work", "repo.example.org"))
                .labels(Set.of("untrusted-input"))
                .reviewers(List.of("ann", "bob"))
                .project(Optional.of("web"))
                .item(Optional.of("WEB-12"))
                .because(List.of("ask-builds", "@rule-of-two"), "mvn verify", ODD)
                .build();
        ReviewRequest whole = new ReviewRequest(
                request.kind(),
                ODD,
                request.action(),
                request.shape(),
                request.preview(),
                request.risk(),
                request.reach(),
                AGENT.withTask(TaskId.of(7, 0, 3), 4).withUser("cid").withRun("run-1"),
                request.labels(),
                request.reviewers(),
                request.project(),
                request.item(),
                request.rules(),
                request.part(),
                request.remark());

        Review opened = open(reviews(), whole);

        assertThat(opened.id()).isPositive();
        assertThat(opened.version()).isEqualTo(1);
        assertThat(opened.request()).isEqualTo(whole);
        assertThat(opened.times().due()).isEqualTo(NOW.plus(LIMITS.high()));
        assertThat(reviews().find(opened.id())).contains(opened);
        assertThat(reviews().latest(whole.subject())).contains(opened);
        assertThat(reviews().find(opened.id() + 1_000)).isEmpty();
        assertThat(reviews().latest("nothing")).isEmpty();
    }

    @Test
    void theSameActionOfTheSameRequesterIsAskedOnce() throws Exception {
        ConcurrentLinkedQueue<Long> ids = new ConcurrentLinkedQueue<>();

        onBothHandles((handle, number) ->
                ids.add(open(of(handle), about("verify").build()).id()));

        assertThat(Set.copyOf(ids)).hasSize(1);
        assertThat(reviews().countOpen()).isEqualTo(1);
        Review other = open("test");
        assertThat(ids).doesNotContain(other.id());
        update(denied(read(ids.peek()), "ann"));
        assertThat(open("verify").id()).isNotIn(ids);
    }

    @Test
    void ofManyReviewersOneDecides() throws Exception {
        for (int round = 0; round < 5; round++) {
            Review opened = open("verify" + round);
            ConcurrentLinkedQueue<String> winners = new ConcurrentLinkedQueue<>();

            onBothHandles((handle, number) -> {
                Review seen = of(handle).find(opened.id()).orElseThrow();
                if (seen.state() == ReviewState.OPEN) {
                    String actor = "person" + number;
                    Review decided = number % 2 == 0 ? approved(seen, actor) : denied(seen, actor);
                    of(handle).update(decided, Optional.empty()).ifPresent(won -> winners.add(actor));
                }
            });

            assertThat(winners).hasSize(1);
            Review decided = read(opened.id());
            assertThat(decided.outcome().orElseThrow().actor()).isEqualTo(winners.peek());
            assertThatThrownBy(() -> decided.check(approval(decided, "late")))
                    .isInstanceOfSatisfying(
                            ReviewRefusedException.class,
                            refused -> assertThat(refused.reason())
                                    .isEqualTo(ReviewRefusedException.Reason.ALREADY_DECIDED))
                    .hasMessageContaining(winners.peek());
        }
    }

    @Test
    void anApprovalIsUsedOnce() throws Exception {
        Review approved = update(approved(open("verify"), "ann"));
        ConcurrentLinkedQueue<Integer> started = new ConcurrentLinkedQueue<>();

        onBothHandles((handle, number) -> {
            Review seen = of(handle).find(approved.id()).orElseThrow();
            if (seen.state() == ReviewState.APPROVED) {
                of(handle)
                        .update(seen.used(action("verify"), NOW.plusSeconds(6)), Optional.empty())
                        .ifPresent(used -> started.add(number));
            }
        });

        assertThat(started).hasSize(1);
        Review used = read(approved.id());
        assertThat(used.state()).isEqualTo(ReviewState.USED);
        assertThat(used.isSettled()).isTrue();
        assertThatThrownBy(() -> used.used(action("verify"), NOW.plusSeconds(7)))
                .hasMessageContaining("is used, expected approved");
    }

    @Test
    void eachStateIsFoundByAnotherHandleAsItWasLeft() throws Exception {
        Map<ReviewState, UnaryOperator<Review>> moves = new LinkedHashMap<>();
        moves.put(ReviewState.OPEN, review -> review);
        moves.put(ReviewState.APPROVED, review -> approved(review, "ann"));
        moves.put(
                ReviewState.USED,
                review -> approved(review, "ann").used(review.request().action(), NOW.plusSeconds(6)));
        moves.put(ReviewState.DENIED, review -> denied(review, "ann"));
        moves.put(
                ReviewState.CHANGED,
                review -> review.decided(
                        ReviewDecision.changes(
                                review.request().action().sha256(),
                                "ann",
                                ODD,
                                List.of(ReviewRemark.at("a.txt", 3, ODD))),
                        Optional.empty(),
                        NOW.plusSeconds(5),
                        LIMITS));
        moves.put(ReviewState.EXPIRED, review -> approved(review, "ann").expired(NOW.plusSeconds(1_000)));
        moves.put(ReviewState.WITHDRAWN, review -> review.withdrawn(NOW.plusSeconds(6)));
        List<Review> left = new ArrayList<>();

        moves.forEach((state, move) -> {
            Review moved = move.apply(open("work-" + state));
            left.add(state == ReviewState.OPEN ? moved : update(moved));
        });

        assertThat(left).extracting(Review::state).containsExactlyElementsOf(moves.keySet());
        for (Review review : left) {
            assertThat(of(second()).find(review.id())).contains(review);
        }
        assertThat(of(second()).list(ReviewQuery.oldest(Set.of(), 100))).containsExactlyElementsOf(left);
        assertThat(of(second()).unsettled(0, 100))
                .containsExactlyElementsOf(
                        left.stream().filter(review -> !review.isSettled()).toList())
                .extracting(Review::state)
                .containsExactly(
                        ReviewState.OPEN,
                        ReviewState.APPROVED,
                        ReviewState.DENIED,
                        ReviewState.CHANGED,
                        ReviewState.EXPIRED);
        assertThat(of(second()).unsettled(left.get(0).id(), 1))
                .extracting(Review::state)
                .containsExactly(ReviewState.APPROVED);
    }

    @Test
    void anApprovalThatWasNotUsedInTimeStartsNothing() {
        Review approved = update(approved(open("verify"), "ann"));
        Instant end = NOW.plusSeconds(5).plus(LIMITS.start());

        assertThat(approved.times().expires()).contains(end);
        assertThat(approved.isExpired(end.minusMillis(1))).isFalse();
        assertThat(approved.isExpired(end)).isTrue();
        assertThatThrownBy(() -> approved.used(action("verify"), end))
                .isInstanceOfSatisfying(
                        ReviewRefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(ReviewRefusedException.Reason.EXPIRED));
        Review expired = update(approved.expired(end));
        assertThat(expired.state()).isEqualTo(ReviewState.EXPIRED);
        assertThat(reviews().update(approved.used(action("verify"), end.minusSeconds(1)), Optional.empty()))
                .as("a use that was read before it expired")
                .isEmpty();
        assertThat(open("verify").id()).isNotEqualTo(expired.id());
    }

    @Test
    void whatIsDelegatedIsDecidedByTheDelegate() {
        Review given = update(open("verify").delegated("bob", "ann"));

        assertThat(read(given.id()).delegate()).contains("bob");
        assertThatThrownBy(() -> approved(given, "ann"))
                .isInstanceOfSatisfying(
                        ReviewRefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(ReviewRefusedException.Reason.DELEGATED));
        assertThatThrownBy(() -> given.delegated("agent:builder", "ann"))
                .isInstanceOfSatisfying(
                        ReviewRefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(ReviewRefusedException.Reason.OWN_WORK));
        assertThat(update(approved(given, "bob")).state()).isEqualTo(ReviewState.APPROVED);
    }

    @Test
    void aDecisionIsTakenBackWhileNothingHasStarted() {
        Review approved = update(approved(open("verify"), "ann"));

        Review undone = update(approved.undone("ann", NOW.plusSeconds(9), LIMITS));

        assertThat(undone.state()).isEqualTo(ReviewState.OPEN);
        assertThat(undone.outcome()).isEmpty();
        assertThat(read(undone.id())).isEqualTo(undone);
        assertThat(reviews().update(approved.used(action("verify"), NOW.plusSeconds(9)), Optional.empty()))
                .as("a start that was read before it was taken back")
                .isEmpty();
        Review again = update(approved(undone, "bob"));
        assertThatThrownBy(() -> again.undone("ann", NOW.plusSeconds(9), LIMITS))
                .hasMessageContaining("bob");
        assertThatThrownBy(() -> again.undone("bob", NOW.plusSeconds(16), LIMITS))
                .hasMessageContaining("10 s ago");
        Review used = update(again.used(action("verify"), NOW.plusSeconds(9)));
        assertThatThrownBy(() -> used.undone("bob", NOW.plusSeconds(9), LIMITS)).hasMessageContaining("is used");
    }

    @Test
    void aDenialIsNotTakenBackIntoASecondLiveReview() {
        Review denied = update(denied(open("verify"), "ann"));
        Review next = open("verify");

        assertThat(reviews().update(denied.undone("ann", NOW.plusSeconds(9), LIMITS), Optional.empty()))
                .isEmpty();
        update(next.withdrawn(NOW.plusSeconds(9)));
        assertThat(update(denied.undone("ann", NOW.plusSeconds(9), LIMITS)).state())
                .isEqualTo(ReviewState.OPEN);
    }

    @Test
    void reviewsAreFoundByEveryFieldOfAQuery() {
        TaskId task = TaskId.of(9, 0, 1);
        Review first = open("one");
        Review second = open(
                reviews(),
                ReviewRequest.builder(
                                ReviewKind.QUESTION,
                                "Which?",
                                action("two"),
                                ReviewRequester.named("agent:other").withTask(task, 1))
                        .project(Optional.of("web"))
                        .build());
        Review third = update(denied(open("three"), "ann"));
        Set<ReviewState> any = Set.of();

        assertThat(reviews().list(ReviewQuery.oldest(any, 2))).containsExactly(first, second);
        assertThat(reviews().list(ReviewQuery.oldest(any, 2).withAfter(second.id())))
                .containsExactly(third);
        assertThat(reviews().list(ReviewQuery.newest(any, 10))).containsExactly(third, second, first);
        assertThat(reviews().list(ReviewQuery.newest(any, 10).withAfter(second.id())))
                .containsExactly(first);
        assertThat(reviews().list(ReviewQuery.oldest(Set.of(ReviewState.OPEN), 10)))
                .containsExactly(first, second);
        assertThat(reviews().list(ReviewQuery.oldest(Set.of(ReviewState.DENIED, ReviewState.USED), 10)))
                .containsExactly(third);
        assertThat(reviews().list(ReviewQuery.oldest(any, 10).withKinds(Set.of(ReviewKind.QUESTION))))
                .containsExactly(second);
        assertThat(reviews().list(ReviewQuery.oldest(any, 10).withProject("web")))
                .containsExactly(second);
        assertThat(reviews().list(ReviewQuery.oldest(any, 10).withRequester("agent:builder")))
                .containsExactly(first, third);
        assertThat(reviews().list(ReviewQuery.oldest(any, 10).withTask(task))).containsExactly(second);
        assertThat(reviews().countOpen()).isEqualTo(2);
    }

    @Test
    void whatWasDecidedBeforeIsCountedByShape() {
        for (String word : List.of("a", "b", "c")) {
            Review opened = open(reviews(), about(word).shape("mvn").build());
            update(word.equals("c") ? denied(opened, "ann") : approved(opened, "ann"));
        }
        open(reviews(), about("d").shape("mvn").build());

        assertThat(reviews().similar("mvn")).isEqualTo(new SimilarReviews(2, 1));
        assertThat(reviews().similar("git")).isEqualTo(new SimilarReviews(0, 0));
        assertThat(reviews().decidedSince(NOW.plusSeconds(5), 10)).hasSize(3);
        assertThat(reviews().decidedSince(NOW.plusSeconds(5), 1))
                .extracting(review -> review.request().title())
                .containsExactly("mvn c");
        assertThat(reviews().decidedSince(NOW.plusSeconds(6), 10)).isEmpty();
    }

    @Test
    void commentsKeepTheirOrder() {
        Review review = open("verify");
        List<ReviewComment> made = new ArrayList<>();
        for (ReviewRemark remark : List.of(ReviewRemark.of(ODD), ReviewRemark.at("src/A.java", 12, "why?"))) {
            made.add(reviews()
                    .comment(new ReviewComment(review.id(), 0, "ann", NOW, remark))
                    .orElseThrow());
        }

        assertThat(reviews().comments(review.id())).containsExactlyElementsOf(made);
        assertThat(made).extracting(ReviewComment::remark).contains(ReviewRemark.of(ODD));
        assertThat(reviews().comments(review.id() + 1)).isEmpty();
        assertThat(reviews().comment(new ReviewComment(review.id() + 1_000, 0, "ann", NOW, ReviewRemark.of("x"))))
                .isEmpty();
    }

    @Test
    void aRuleIsMadeWithADecisionOrNotAtAll() {
        Review first = open("one");
        Review second = open("two");
        StoredRule rule = rule("maven", Optional.of("run-1"));

        assertThat(reviews().update(approved(first, "ann"), Optional.of(rule))).isPresent();
        assertThat(reviews().update(approved(second, "ann"), Optional.of(rule)))
                .as("an id that is taken")
                .isEmpty();
        assertThat(read(second.id()).state()).isEqualTo(ReviewState.OPEN);
        assertThat(reviews().update(approved(first, "bob"), Optional.of(rule("other", Optional.empty()))))
                .as("a review that was decided")
                .isEmpty();

        assertThat(reviews().rules()).containsExactly(rule.withVersion(1));
        assertThat(reviews().endRun("run-2")).isZero();
        assertThat(reviews().endRun("run-1")).isEqualTo(1);
        assertThat(reviews().rules()).isEmpty();
    }

    @Test
    void aRuleIsChangedByOneWhoHasReadItsLastVersion() {
        StoredRule first = reviews().createRule(rule("b", Optional.empty())).orElseThrow();
        assertThat(reviews().createRule(rule("a", Optional.empty()))).isPresent();
        assertThat(reviews().createRule(rule("b", Optional.empty()))).isEmpty();

        StoredRule changed = reviews()
                .updateRule(new StoredRule("b", ODD, false, Optional.empty(), "bob", NOW.plusSeconds(1), 1, 1))
                .orElseThrow();

        assertThat(changed.version()).isEqualTo(2);
        assertThat(reviews().rule("b")).contains(changed);
        assertThat(reviews().updateRule(first)).isEmpty();
        assertThat(reviews().deleteRule("b", 1)).isFalse();
        assertThat(reviews().rules()).extracting(StoredRule::id).containsExactly("a", "b");
        assertThat(reviews().deleteRule("b", 2)).isTrue();
        assertThat(reviews().rule("b")).isEmpty();
        assertThat(reviews().updateRule(changed)).isEmpty();
    }

    @Test
    void recordedDecisionsGetTheAnswerOfTheirReview() {
        Review review = open("verify");
        RecordedApproval asked = reviews().record(decision("verify", Optional.of(review.id())));
        RecordedApproval other = reviews().record(decision("test", Optional.empty()));
        assertThat(reviews().decisions(Optional.empty(), 10)).containsExactly(other, asked);

        Review approved = update(approved(review, "ann"));
        assertThat(reviews().decisions(Optional.empty(), 10))
                .containsExactly(other, asked.withAnswer(Optional.of(true)));
        Review undone = update(approved.undone("ann", NOW.plusSeconds(6), LIMITS));
        assertThat(reviews().decisions(Optional.of(other.id()), 10)).containsExactly(asked);
        update(denied(undone, "bob"));
        assertThat(reviews().decisions(Optional.of(other.id()), 1))
                .containsExactly(asked.withAnswer(Optional.of(false)));
    }

    private static RecordedApproval decision(String word, Optional<Long> review) {
        return new RecordedApproval(
                0,
                NOW,
                action(word),
                "{\"folder\":\"/w\"}",
                "ask",
                List.of("@rule-of-two"),
                ODD,
                "no rule",
                12,
                Optional.of("agent:builder"),
                Optional.of("run-1"),
                review,
                Optional.empty());
    }

    @Test
    void whatIsSettledAndOldIsDeleted() {
        Review old = open("old");
        reviews().comment(new ReviewComment(old.id(), 0, "ann", NOW, ReviewRemark.of("done")));
        update(update(denied(old, "ann")).delivered(NOW.plusSeconds(20)));
        Review waiting = update(denied(open("waiting"), "ann"));
        Review live = open("live");
        reviews().record(decision("old", Optional.of(old.id())));

        assertThat(reviews().purge(NOW, 100)).isZero();
        assertThat(reviews().purge(NOW.plusSeconds(60), 100)).isEqualTo(2);

        assertThat(reviews().find(old.id())).isEmpty();
        assertThat(reviews().comments(old.id())).isEmpty();
        assertThat(reviews().list(ReviewQuery.oldest(Set.of(), 10))).containsExactly(waiting, live);
        assertThat(reviews().decisions(Optional.empty(), 10)).isEmpty();
    }

    @Test
    void theClockOfTheStoreIsKeptToTheMicrosecond() {
        Instant now = reviews().now();

        assertThat(now.getNano() % 1_000).isZero();
        assertThat(Duration.between(now, reviews().now())).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void aClosedStoreTakesNothing() {
        ReviewStore reviews = reviews();
        Review opened = open("verify");
        store().close();

        assertClosed(() -> reviews.find(opened.id()));
        assertClosed(() -> reviews.update(approved(opened, "ann"), Optional.empty()));
        assertClosed(() -> open(reviews, about("test").build()));
    }
}
