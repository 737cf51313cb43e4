package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.Reviews;
import dev.architect.json.JsonFields;
import dev.architect.review.Review;
import dev.architect.review.ReviewChoice;
import dev.architect.review.ReviewDecision;
import dev.architect.review.ReviewFigures;
import dev.architect.review.ReviewKind;
import dev.architect.review.ReviewLimits;
import dev.architect.review.ReviewQuery;
import dev.architect.review.ReviewRefusedException;
import dev.architect.review.ReviewRefusedException.Reason;
import dev.architect.review.ReviewRemark;
import dev.architect.review.ReviewRequest;
import dev.architect.review.ReviewRequester;
import dev.architect.review.ReviewRisk;
import dev.architect.review.ReviewState;
import dev.architect.review.ReviewedAction;
import dev.architect.review.RiskLevel;
import dev.architect.spi.TaskContext;
import dev.architect.task.NeedsInputException;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The queue of reviews: tasks wait for people, and go on with what was decided. */
final class ReviewsTest extends EngineFixture {

    private static final TaskRequest WORK = TaskRequest.of("work", "p").withMaxAttempts(1);
    private static final ReviewedAction BUILD = action("verify");

    /** Whose worker runs; a task may begin before the test has the engine that runs it. */
    private volatile CompletableFuture<Architect> host = new CompletableFuture<>();

    private final Queue<String> inputs = new ConcurrentLinkedQueue<>();
    private final Queue<String> done = new ConcurrentLinkedQueue<>();

    private static ReviewedAction action(String word) {
        return ReviewedAction.of("{\"argv\":[\"mvn\",\"" + word + "\"]}");
    }

    private static ReviewRequest request(ReviewRequester requester, ReviewKind kind, RiskLevel risk) {
        return ReviewRequest.builder(kind, "mvn verify", BUILD, requester)
                .risk(ReviewRisk.of(risk))
                .shape("mvn verify")
                .build();
    }

    private static ReviewRequester requester(TaskContext context) {
        return ReviewRequester.named("agent:builder")
                .withTask(context.fencingToken().id(), context.fencingToken().epoch());
    }

    /** A worker that builds when it may. */
    private String build(TaskContext context) {
        context.input().ifPresent(inputs::add);
        Reviews reviews = host.join().reviews();
        Review permit = reviews.permit(request(requester(context), ReviewKind.COMMAND, RiskLevel.LOW));
        reviews.use(permit.id(), BUILD);
        done.add("built");
        return "built";
    }

    private Architect startBuilder(ReviewLimits limits) {
        CompletableFuture<Architect> started = new CompletableFuture<>();
        host = started;
        Architect architect = start(builder(this::build).reviewLimits(limits));
        started.complete(architect);
        architect.reviews();
        return architect;
    }

    private Review asked(Architect architect) throws Exception {
        ReviewQuery open = ReviewQuery.oldest(Set.of(ReviewState.OPEN), 10);
        advanceUntil(() -> !architect.reviews().list(open).isEmpty());
        return architect.reviews().list(open).get(0);
    }

    private static TaskState state(Architect architect, TaskHandle task) {
        return architect.tasks().find(task.id()).orElseThrow().state();
    }

    private void heldAgain(Architect architect, TaskHandle task) throws Exception {
        advanceUntil(() -> state(architect, task) == TaskState.HELD);
    }

    private static ReviewDecision once(String actor) {
        return ReviewDecision.of(ReviewChoice.ONCE, BUILD.sha256(), actor);
    }

    private static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ReviewRefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @Test
    void aTaskWaitsForAnApprovalAndUsesItOnce() throws Exception {
        Architect architect = startBuilder(ReviewLimits.USUAL);
        TaskHandle task = architect.submit(WORK);
        Review review = asked(architect);
        heldAgain(architect, task);

        assertThat(architect.reviews().decide(review.id(), once("ann")).state()).isEqualTo(ReviewState.APPROVED);
        advanceUntil(() -> state(architect, task) == TaskState.DONE);

        assertThat(done).containsExactly("built");
        JsonFields input = JsonFields.parse(inputs.remove());
        assertThat(input.text("decision")).contains("once");
        assertThat(input.text("review")).contains(Long.toString(review.id()));
        assertThat(input.text("sha256")).contains(BUILD.sha256());
        assertThat(architect.reviews().get(review.id()).state()).isEqualTo(ReviewState.USED);
        assertRefused(Reason.NOT_APPROVED, () -> architect.reviews().use(review.id(), BUILD));
    }

    @Test
    void aDecisionThatComesBeforeTheTaskIsHeldReachesIt() throws Exception {
        Architect architect = start(builder(context -> {
            Reviews reviews = host.join().reviews();
            ReviewRequest request = request(requester(context), ReviewKind.COMMAND, RiskLevel.LOW);
            if (context.input().isEmpty()) {
                // Asked and approved while the attempt still runs.
                Review asked = reviews.ask(request);
                reviews.decide(asked.id(), once("ann"));
                throw new NeedsInputException("review " + asked.id());
            }
            reviews.use(reviews.permit(request).id(), BUILD);
            return "built";
        }));
        host.complete(architect);
        TaskHandle task = architect.submit(WORK);

        advanceUntil(() -> state(architect, task) == TaskState.DONE);
    }

    @Test
    void aDenialReachesTheTaskWhenItCanNoLongerBeTakenBack() throws Exception {
        Architect architect = startBuilder(ReviewLimits.USUAL);
        TaskHandle task = architect.submit(WORK);
        Review review = asked(architect);
        heldAgain(architect, task);

        architect.reviews().decide(review.id(), ReviewDecision.deny(BUILD.sha256(), "ann", "use the cache"));
        time.advance(Duration.ofSeconds(9));
        assertThat(state(architect, task)).isEqualTo(TaskState.HELD);
        assertThat(architect.reviews().undo(review.id(), "ann").state()).isEqualTo(ReviewState.OPEN);
        architect.reviews().decide(review.id(), ReviewDecision.deny(BUILD.sha256(), "ann", "use the cache"));
        advanceUntil(() -> state(architect, task) == TaskState.DEAD);

        assertThat(done).isEmpty();
        assertThat(architect.tasks().attempts(task.id()))
                .last()
                .satisfies(attempt -> assertThat(attempt.error().orElseThrow()).contains("use the cache"));
        assertRefused(Reason.TOO_LATE, () -> architect.reviews().undo(review.id(), "ann"));
    }

    @Test
    void anApprovalThatIsTakenBackStartsNothing() throws Exception {
        Architect architect = startBuilder(ReviewLimits.USUAL);
        TaskHandle task = architect.submit(WORK);
        Review review = asked(architect);
        heldAgain(architect, task);
        architect.sessions().pause();

        architect.reviews().decide(review.id(), once("ann"));
        architect.reviews().undo(review.id(), "ann");
        architect.sessions().resume();
        advanceUntil(() -> inputs.size() == 1 && state(architect, task) == TaskState.HELD);

        assertThat(done).isEmpty();
        assertThat(architect.reviews().get(review.id()).state()).isEqualTo(ReviewState.OPEN);
    }

    @Test
    void nothingIsLostWhenTheProcessIsAnotherOne() throws Exception {
        Architect first = startBuilder(ReviewLimits.USUAL);
        TaskHandle task = first.submit(WORK);
        Review review = asked(first);
        heldAgain(first, task);
        store.keepOpen();
        Architect desk = start(builder(context -> "").withoutTaskExecution());
        close(first);

        desk.reviews().decide(review.id(), once("ann"));
        Architect second = startBuilder(ReviewLimits.USUAL);
        advanceUntil(() -> state(second, task) == TaskState.DONE);

        assertThat(done).containsExactly("built");
        assertThat(second.reviews().list(ReviewQuery.oldest(Set.of(), 10))).hasSize(1);
    }

    @Test
    void anApprovalThatIsNotUsedInTimeIsAskedAgain() throws Exception {
        Architect architect = startBuilder(ReviewLimits.USUAL);
        TaskHandle task = architect.submit(WORK);
        Review review = asked(architect);
        heldAgain(architect, task);
        architect.sessions().pause();
        architect.reviews().decide(review.id(), once("ann"));
        advanceUntil(() -> architect.reviews().get(review.id()).state() == ReviewState.EXPIRED, Duration.ofSeconds(30));
        architect.sessions().resume();

        Review next = asked(architect);

        assertThat(next.id()).isNotEqualTo(review.id());
        assertThat(done).isEmpty();
        heldAgain(architect, task);
    }

    @Test
    void reviewsOfAnEndedTaskAreWithdrawn() throws Exception {
        Architect architect = startBuilder(ReviewLimits.USUAL);
        TaskHandle task = architect.submit(WORK);
        Review review = asked(architect);
        heldAgain(architect, task);

        architect.tasks().cancel(task.id());
        advanceUntil(() -> architect.reviews().get(review.id()).state() == ReviewState.WITHDRAWN);

        assertRefused(Reason.ALREADY_DECIDED, () -> architect.reviews().decide(review.id(), once("ann")));
    }

    @Test
    void whatNobodyDecidesIsRemindedOfEscalatedAndDeniedButNeverApproved() throws Exception {
        for (ReviewLimits.Overdue fate : ReviewLimits.Overdue.values()) {
            Architect architect = start(builder(context -> "").reviewLimits(ReviewLimits.USUAL.withOverdue(fate)));
            Reviews reviews = architect.reviews();
            Review review =
                    reviews.ask(request(ReviewRequester.named("agent:" + fate), ReviewKind.COMMAND, RiskLevel.HIGH));
            reviews.delegate(review.id(), "bob", "ann");

            time.advance(ReviewLimits.USUAL.high());
            reviews.settle();
            assertThat(reviews.get(review.id()).times().reminded()).isPresent();
            time.advance(ReviewLimits.USUAL.high());
            reviews.settle();
            assertThat(reviews.get(review.id()).times().escalated()).isPresent();
            assertThat(reviews.get(review.id()).delegate()).isEmpty();
            time.advance(ReviewLimits.USUAL.high());
            reviews.settle();

            Review last = reviews.get(review.id());
            assertThat(last.state())
                    .isEqualTo(fate == ReviewLimits.Overdue.DENY ? ReviewState.DENIED : ReviewState.OPEN);
            assertThat(last.answer()).isEmpty();
        }
    }

    @Test
    void aQuestionIsAnsweredWithText() throws Exception {
        Architect architect = start(builder(context -> {
            Review answered =
                    host.join().reviews().permit(request(requester(context), ReviewKind.QUESTION, RiskLevel.LOW));
            return answered.outcome().orElseThrow().comment();
        }));
        host.complete(architect);
        TaskHandle task = architect.submit(WORK);
        Review review = asked(architect);
        heldAgain(architect, task);

        assertRefused(Reason.NOT_POSSIBLE, () -> architect.reviews().decide(review.id(), once("ann")));
        architect.reviews().decide(review.id(), ReviewDecision.answer(BUILD.sha256(), "ann", "the second one"));
        advanceUntil(() -> state(architect, task) == TaskState.DONE);

        assertThat(architect.tasks().result(task.id()).orElseThrow().output()).contains("the second one");
        assertThat(architect.reviews().get(review.id()).state()).isEqualTo(ReviewState.USED);
    }

    @Test
    void wishesForChangesOfSeveralFilesReachTheTaskAtOnce() throws Exception {
        Architect architect = startBuilder(ReviewLimits.USUAL);
        TaskHandle task = architect.submit(WORK);
        Review review = asked(architect);
        heldAgain(architect, task);

        architect
                .reviews()
                .decide(
                        review.id(),
                        ReviewDecision.changes(
                                BUILD.sha256(),
                                "ann",
                                "two things",
                                List.of(
                                        ReviewRemark.at("src/A.java", 3, "name it"),
                                        ReviewRemark.at("src/B.java", 9, "test it"))));
        advanceUntil(() -> state(architect, task) == TaskState.DEAD);

        JsonFields input = JsonFields.parse(inputs.remove());
        assertThat(input.text("decision")).contains("changes");
        assertThat(input.objects("comments"))
                .extracting(comment -> comment.requiredText("file"))
                .containsExactly("src/A.java", "src/B.java");
    }

    @Test
    void nobodyDecidesAboutOwnWorkOrAboutWhatWasNotShown() {
        Architect architect = start(builder(context -> ""));
        Reviews reviews = architect.reviews();
        Review review = reviews.ask(
                request(ReviewRequester.named("agent:builder").withUser("ann"), ReviewKind.COMMAND, RiskLevel.LOW));

        assertRefused(Reason.OWN_WORK, () -> reviews.decide(review.id(), once("ann")));
        assertRefused(Reason.OWN_WORK, () -> reviews.decide(review.id(), once("agent:builder")));
        assertRefused(
                Reason.STALE,
                () -> reviews.decide(
                        review.id(),
                        ReviewDecision.of(ReviewChoice.ONCE, action("install").sha256(), "bob")));
        assertRefused(
                Reason.NOT_POSSIBLE,
                () -> reviews.decide(review.id(), ReviewDecision.edit(BUILD.sha256(), "bob", action("test"))));
        assertThat(reviews.get(review.id())).isEqualTo(review);
        reviews.decide(review.id(), once("bob"));
        assertRefused(Reason.STALE, () -> reviews.use(review.id(), action("install")));
        assertThat(reviews.use(review.id(), BUILD).state()).isEqualTo(ReviewState.USED);
    }

    @Test
    void reviewsOfOneShapeAreDecidedTogether() {
        Architect architect = start(builder(context -> ""));
        Reviews reviews = architect.reviews();
        Map<Long, ReviewDecision> decisions = new LinkedHashMap<>();
        for (int i = 0; i < 3; i++) {
            Review review =
                    reviews.ask(request(ReviewRequester.named("agent:" + i), ReviewKind.COMMAND, RiskLevel.LOW));
            decisions.put(review.id(), once("ann").withTook(Duration.ofSeconds(i)));
        }
        Review other = reviews.ask(
                ReviewRequest.builder(ReviewKind.COMMAND, "git push", action("push"), ReviewRequester.named("agent:x"))
                        .shape("git push")
                        .build());
        Map<Long, ReviewDecision> mixed = new LinkedHashMap<>(decisions);
        mixed.put(
                other.id(), ReviewDecision.of(ReviewChoice.ONCE, action("push").sha256(), "ann"));

        assertThatThrownBy(() -> reviews.decideAll(mixed)).hasMessageContaining("2 shapes");
        assertThat(reviews.list(ReviewQuery.oldest(Set.of(ReviewState.OPEN), 10)))
                .hasSize(4);
        Reviews.Batch batch = reviews.decideAll(decisions);

        assertThat(batch.decided()).extracting(Review::state).containsOnly(ReviewState.APPROVED);
        assertThat(batch.decided()).hasSize(3);
        assertThat(batch.refused()).isEmpty();
        ReviewFigures figures = reviews.figures(Duration.ofHours(1));
        assertThat(figures.open()).isEqualTo(1);
        assertThat(figures.decided()).isEqualTo(3);
        assertThat(figures.median()).isEqualTo(Optional.of(Duration.ofSeconds(1)));
        assertThat(figures.hastyShare()).isBetween(0.66, 0.67);
        assertThat(figures.busiestHour()).containsEntry("ann", 3);
        assertThat(figures.tired()).isEmpty();
        assertThat(reviews.similar(batch.decided().get(0)).approved()).isEqualTo(3);
    }
}
