package dev.architect.testkit.store.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.FencingToken;
import dev.architect.budget.Budget;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetScope;
import dev.architect.budget.BudgetStore;
import dev.architect.change.ChangePage;
import dev.architect.change.ChangePosition;
import dev.architect.change.ChangeStore;
import dev.architect.change.ChangeTopic;
import dev.architect.change.RecordedChange;
import dev.architect.cost.Money;
import dev.architect.event.ActivityEntry;
import dev.architect.json.JsonText;
import dev.architect.lane.LaneScope;
import dev.architect.lane.LaneSettings;
import dev.architect.maintenance.TaskEdit;
import dev.architect.node.NodeOrder;
import dev.architect.recurring.ScheduleRequest;
import dev.architect.review.Review;
import dev.architect.review.ReviewComment;
import dev.architect.review.ReviewKind;
import dev.architect.review.ReviewLimits;
import dev.architect.review.ReviewRemark;
import dev.architect.review.ReviewRequest;
import dev.architect.review.ReviewRequester;
import dev.architect.review.ReviewedAction;
import dev.architect.spi.Store;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.task.UniqueKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The log of changes: whatever was kept is in it, under numbers without a gap, on every handle. */
public abstract class StoreChangeLogCases extends StoreFixture {

    private static final int WRITERS = 12;
    private static final int TASKS_OF_A_WRITER = 15;

    /** Creates the cases for one store. */
    protected StoreChangeLogCases(StoreHandles handles) {
        super(handles);
    }

    @BeforeEach
    void requireALog() {
        assertThat(store().changes().isPresent()).isEqualTo(hasChangeLog());
        assumeTrue(hasChangeLog(), "a store of several others has no log of changes");
    }

    private ChangeStore changes() {
        return of(store());
    }

    private static ChangeStore of(Store store) {
        return store.changes().orElseThrow();
    }

    private static List<RecordedChange> after(ChangeStore store, ChangePosition position) {
        List<RecordedChange> all = new ArrayList<>();
        ChangePage page = store.after(position, ChangeStore.MAX_PAGE);
        while (!page.changes().isEmpty()) {
            assertThat(page.isGap()).isFalse();
            all.addAll(page.changes());
            page = store.after(page.position(), ChangeStore.MAX_PAGE);
        }
        return all;
    }

    private static Set<String> keys(List<RecordedChange> changes, ChangeTopic topic) {
        Set<String> keys = new ConcurrentSkipListSet<>();
        changes.stream().filter(change -> change.topic() == topic).forEach(change -> keys.addAll(change.keys()));
        return keys;
    }

    /** What {@code work} has changed, by what the other handle sees. */
    private Set<String> changedBy(ChangeTopic topic, Runnable work) throws Exception {
        ChangePosition before = of(second()).newest();
        work.run();
        return keys(after(of(second()), before), topic);
    }

    private TaskId submit(TaskRequest request) {
        return store().tasks().submit(List.of(request)).get(0);
    }

    private static String key(TaskId id) {
        return Long.toString(id.value());
    }

    private AttemptEnd end(FencingToken token, TaskState next) {
        AttemptOutcome outcome = next == TaskState.DONE ? AttemptOutcome.SUCCEEDED : AttemptOutcome.FAILED;
        return new AttemptEnd(
                token,
                "llm-1",
                time.wallTime(),
                time.wallTime(),
                outcome,
                next,
                Duration.ofSeconds(1),
                next == TaskState.DONE ? AttemptResult.output("o") : AttemptResult.error("e"));
    }

    @Test
    void everyStepOfATaskIsInTheLog() throws Exception {
        long node = nodes().join("n");
        TaskId[] id = new TaskId[1];
        FencingToken[] token = new FencingToken[1];
        assertThat(changedBy(ChangeTopic.TASK, () -> id[0] = submit(TaskRequest.prompt("p"))))
                .containsExactly(key(id[0]));
        Set<String> own = Set.of(key(id[0]));

        assertThat(changedBy(
                        ChangeTopic.TASK, () -> store().tasks().edit(id[0], TaskEdit.to(TaskRequest.prompt("other")))))
                .isEqualTo(own);
        assertThat(changedBy(ChangeTopic.TASK, () -> store().tasks().hold(id[0])))
                .isEqualTo(own);
        assertThat(changedBy(ChangeTopic.TASK, () -> store().tasks().resume(id[0], Optional.empty())))
                .isEqualTo(own);
        assertThat(changedBy(
                        ChangeTopic.TASK, () -> token[0] = claim(node, 1).get(0).fencingToken()))
                .isEqualTo(own);
        assertThat(changedBy(
                        ChangeTopic.TASK, () -> store().tasks().finish(List.of(end(token[0], TaskState.SCHEDULED)))))
                .isEqualTo(own);
        assertThat(changedBy(ChangeTopic.TASK, () -> store().tasks().runNow(id[0])))
                .isEqualTo(own);
        claim(node, 1);
        assertThat(changedBy(ChangeTopic.TASK, () -> store().tasks().cancel(id[0])))
                .as("a request to cancel")
                .isEqualTo(own);
        assertThat(changedBy(ChangeTopic.TASK, () -> store().tasks().forceCancel(id[0])))
                .isEqualTo(own);
        assertThat(changedBy(ChangeTopic.TASK, () -> store().tasks().redrive(List.of(id[0]))))
                .isEqualTo(own);
        FencingToken last = claim(node, 1).get(0).fencingToken();
        assertThat(changedBy(ChangeTopic.TASK, () -> store().tasks().finish(List.of(end(last, TaskState.DONE)))))
                .isEqualTo(own);
        assertThat(changedBy(ChangeTopic.TASK, () -> store().tasks().cancel(id[0])))
                .as("one that has ended stays as it is")
                .isEmpty();
    }

    @Test
    void tasksThatGoOnByThemselvesAreInTheLog() throws Exception {
        long node = nodes().join("n");
        submit(TaskRequest.prompt("p"));
        claim(node, 1);

        assertThat(changedBy(ChangeTopic.TASK, () -> {
                    try {
                        kill(node);
                    } catch (Exception failure) {
                        throw new IllegalStateException(failure);
                    }
                    store().tasks().reap(node);
                }))
                .as("a task of a node that died")
                .hasSize(1);
        TaskId later = submit(TaskRequest.prompt("later").withDelay(Duration.ofSeconds(5)));
        time.advance(Duration.ofSeconds(6));
        assertThat(changedBy(ChangeTopic.TASK, () -> store().tasks().promoteDue(10)))
                .as("a task that was due")
                .containsExactly(key(later));
    }

    @Test
    void whatWasRefusedIsNotInTheLog() throws Exception {
        TaskRequest taken =
                TaskRequest.prompt("p").withOptions(TaskOptions.DEFAULT.withUniqueKey(UniqueKey.rejecting("one")));
        submit(taken);

        Set<String> changed = changedBy(
                ChangeTopic.TASK,
                () -> assertThatThrownBy(() -> store().tasks().submit(List.of(TaskRequest.prompt("beside"), taken)))
                        .isInstanceOf(RuntimeException.class));

        assertThat(changed).isEmpty();
    }

    @Test
    void otherThingsAreInTheLog() throws Exception {
        long[] node = new long[1];
        assertThat(changedBy(ChangeTopic.NODE, () -> node[0] = nodes().join("n")))
                .containsExactly(Long.toString(node[0]));
        assertThat(changedBy(ChangeTopic.NODE, () -> nodes().order(node[0], NodeOrder.DRAIN)))
                .containsExactly(Long.toString(node[0]));
        assertThat(changedBy(ChangeTopic.NODE, () -> nodes().leave(node[0]))).containsExactly(Long.toString(node[0]));
        Review[] review = new Review[1];
        assertThat(changedBy(
                        ChangeTopic.REVIEW,
                        () -> review[0] = store().reviews()
                                .orElseThrow()
                                .open(Review.opened(0, review(), time.wallTime(), ReviewLimits.USUAL))))
                .containsExactly(Long.toString(review[0].id()));
        assertThat(changedBy(
                        ChangeTopic.REVIEW,
                        () -> store().reviews()
                                .orElseThrow()
                                .comment(new ReviewComment(
                                        review[0].id(), 0, "ann", time.wallTime(), ReviewRemark.of("why?")))))
                .containsExactly(Long.toString(review[0].id()));
        assertThat(changedBy(
                        ChangeTopic.SCHEDULE,
                        () -> store().schedules()
                                .orElseThrow()
                                .create(
                                        ScheduleRequest.every("hourly", Duration.ofHours(1), TaskRequest.prompt("p")),
                                        time.wallTime(),
                                        Optional.of(time.wallTime()))))
                .hasSize(1);
        assertThat(changedBy(
                        ChangeTopic.QUEUE,
                        () -> store().lanes()
                                .save(LaneSettings.of(LaneScope.of("reports", "a"))
                                        .withPaused(true))))
                .containsExactly("reports");
        LaneSettings mails = LaneSettings.of(LaneScope.of("mails"));
        assertThat(changedBy(ChangeTopic.QUEUE, () -> store().lanes().change(mails.withWeight(2), mails)))
                .containsExactly("mails");
        assertThat(changedBy(ChangeTopic.QUEUE, () -> store().lanes().change(mails.withWeight(3), mails)))
                .isEmpty();
        Budget budget = new Budget("daily", BudgetScope.ALL, BudgetPeriod.DAY, Money.ofUsd("6"), BudgetMode.SOFT);
        BudgetStore budgets = store().budgets().orElseThrow();
        assertThat(changedBy(ChangeTopic.BUDGET, () -> budgets.set(budget))).containsExactly("daily");
        assertThat(changedBy(ChangeTopic.BUDGET, () -> budgets.set(budget))).containsExactly("daily");
        assertThat(changedBy(ChangeTopic.BUDGET, () -> budgets.change(budget, budget)))
                .containsExactly("daily");
        assertThat(changedBy(ChangeTopic.BUDGET, () -> budgets.remove("daily"))).containsExactly("daily");
        assertThat(changedBy(ChangeTopic.BUDGET, () -> budgets.change(budget, budget)))
                .isEmpty();
        assertThat(changedBy(ChangeTopic.BUDGET, () -> budgets.remove("daily"))).isEmpty();
        assertThat(changedBy(ChangeTopic.BUDGET, () -> budgets.remove(budget))).isEmpty();
        budgets.set(budget);
        assertThat(changedBy(ChangeTopic.BUDGET, () -> budgets.remove(budget))).containsExactly("daily");
        assertThat(changedBy(
                        ChangeTopic.ACTIVITY,
                        () -> store().activity()
                                .append(List.of(
                                        new ActivityEntry(0, time.wallTime(), "node", Optional.empty(), "joined")))))
                .containsExactly("new");
    }

    private static ReviewRequest review() {
        return ReviewRequest.builder(
                        ReviewKind.COMMAND,
                        "mvn verify",
                        ReviewedAction.of(JsonText.write(Map.of("action", "exec", "argv", List.of("mvn", "verify")))),
                        ReviewRequester.named("agent:builder"))
                .build();
    }

    @Test
    void whileMuchIsChangedEachReaderSeesEveryNumberOnceAndInOrder() throws Exception {
        ChangePosition before = changes().newest();
        Set<String> submitted = new ConcurrentSkipListSet<>();
        AtomicInteger writing = new AtomicInteger(WRITERS);
        onBothHandles((handle, number) -> {
            if (number < WRITERS) {
                for (int i = 0; i < TASKS_OF_A_WRITER; i++) {
                    handle.tasks()
                            .submit(IntStream.range(0, 1 + i % 3)
                                    .mapToObj(n -> TaskRequest.prompt("p" + n))
                                    .toList())
                            .forEach(id -> submitted.add(key(id)));
                }
                writing.decrementAndGet();
                return;
            }
            List<RecordedChange> seen = new ArrayList<>();
            ChangePosition position = before;
            boolean isLast;
            do {
                // Read before the page: what was written by then is on it.
                isLast = writing.get() == 0;
                ChangePage page = of(handle).after(position, 7);
                assertThat(page.isGap()).isFalse();
                seen.addAll(page.changes());
                isLast &= page.changes().isEmpty();
                position = page.position();
            } while (!isLast);
            assertThat(seen)
                    .extracting(RecordedChange::sequence)
                    .containsExactlyElementsOf(LongStream.rangeClosed(before.sequence() + 1, position.sequence())
                            .boxed()
                            .toList());
            assertThat(keys(seen, ChangeTopic.TASK)).isEqualTo(submitted);
        });
    }

    @Test
    void manyChangesOfOneCallShareEntriesOfAFewKeys() throws Exception {
        ChangePosition before = changes().newest();

        submit(240);

        List<RecordedChange> seen = after(of(second()), before);
        assertThat(keys(seen, ChangeTopic.TASK)).hasSize(240);
        assertThat(seen).hasSize(5);
    }

    @Test
    void aPositionThatTheLogDoesNotHaveIsAGap() throws Exception {
        submit(1);
        ChangePosition newest = of(second()).newest();

        assertThat(changes().newest()).isEqualTo(newest);
        assertThat(changes().after(newest, 1)).isEqualTo(new ChangePage(false, List.of(), newest));
        ChangePage later = changes().after(new ChangePosition(newest.era(), newest.sequence() + 1), 1);
        assertThat(later).isEqualTo(new ChangePage(true, List.of(), newest));
        ChangePage foreign = changes().after(new ChangePosition("another", 0), 1);
        assertThat(foreign).isEqualTo(new ChangePage(true, List.of(), newest));
        assertThatThrownBy(() -> changes().after(newest, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> changes().after(newest, ChangeStore.MAX_PAGE + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anotherEraIsAGapOnEachHandle() throws Exception {
        submit(1);
        ChangePosition before = changes().newest();

        of(second()).beginEra();

        ChangePage page = changes().after(before, 10);
        assertThat(page.isGap()).isTrue();
        assertThat(page.position().era()).isNotEqualTo(before.era());
        submit(1);
        assertThat(of(second()).after(page.position(), 10).changes()).hasSize(1);
    }
}
