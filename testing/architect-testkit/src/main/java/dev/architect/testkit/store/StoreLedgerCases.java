package dev.architect.testkit.store;

import static dev.architect.testkit.store.LedgerEntryFixture.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.attempt.FencingToken;
import dev.architect.change.ChangePage;
import dev.architect.change.ChangePosition;
import dev.architect.change.ChangeStore;
import dev.architect.change.ChangeTopic;
import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.task.TaskId;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Single calls in the ledger. */
abstract class StoreLedgerCases extends StoreCases {

    StoreLedgerCases(StoreContract contract) {
        super(contract);
    }

    @Test
    void aCallIsInTheLogOfChangesOnce() {
        assumeTrue(store().changes().isPresent(), "a store of several others has no log of changes");
        ChangeStore changes = store().changes().orElseThrow();
        ChangePosition before = changes.newest();
        store().ledger().record(List.of(call("call-1").entry(), call("call-2").entry()));
        ChangePage recorded = changes.after(before, ChangeStore.MAX_PAGE);
        store().ledger().record(List.of(call("call-1").entry()));

        assertThat(recorded.changes()).hasSize(1);
        assertThat(recorded.changes().get(0).topic()).isEqualTo(ChangeTopic.CALL);
        assertThat(recorded.changes().get(0).keys()).containsExactly("new");
        assertThat(changes.after(recorded.position(), ChangeStore.MAX_PAGE).changes())
                .isEmpty();
    }

    @Test
    void keepsEveryFieldOfACall() {
        LedgerEntry entry = new LedgerEntry(
                "call-1",
                new CallOrigin(
                        "request-1",
                        Optional.of(new TaskId(99)),
                        3,
                        Attribution.of(new ProjectId("apollo")).withUser("u-17").withTag("team", "Größe")),
                new CallRoute(
                        Complexity.COMPLEX, 2, ModelId.parse("anythingllm/work/space"), ModelId.parse("claude/haiku")),
                new CallTiming(ManualTime.START.plusNanos(123_456_000), Duration.ofNanos(1_234_567_000)),
                CallOutcome.CANCELLED,
                Optional.of(FailureKind.TIMEOUT),
                new Metering(
                        TokenUsage.builder()
                                .add(UsageBucket.INPUT, 0)
                                .add(UsageBucket.CACHE_READ, 7)
                                .add(UsageBucket.OUTPUT, 3)
                                .build(),
                        UsageSource.ESTIMATED),
                new CallCharge(
                        new Cost(CostStatus.STATED, Optional.of(new Money(Long.MAX_VALUE))),
                        Optional.of(new Money(-5)),
                        Cost.UNPRICED,
                        "2026-11-22"),
                Optional.of(StopReason.PAUSED));

        store().ledger().record(List.of(entry));

        assertThat(store().ledger().newest(1)).containsExactly(entry);
        assertThat(store().ledger().ofTask(new TaskId(99))).containsExactly(entry);
    }

    @Test
    void keepsEveryStopReason() {
        for (StopReason reason : StopReason.values()) {
            LedgerEntry entry = call("ended-" + reason)
                    .stopReason(reason)
                    .at(ManualTime.START.plusSeconds(reason.ordinal()))
                    .entry();

            store().ledger().record(List.of(entry));

            assertThat(store().ledger().newest(1)).containsExactly(entry);
        }
    }

    @Test
    void keepsAbsentValuesAbsent() {
        LedgerEntry entry = call("c")
                .usage(TokenUsage.UNKNOWN)
                .cost(Cost.UNPRICED)
                .baseline(Cost.NOT_BILLED)
                .stopReason(null)
                .entry();

        store().ledger().record(List.of(entry));

        assertThat(store().ledger().newest(1)).containsExactly(entry);
    }

    @Test
    void recordsACallOnlyOnce() {
        LedgerEntry first = call("same").entry();
        LedgerEntry second = call("same").provider("openai").entry();

        store().ledger().record(List.of(first, second));
        store().ledger().record(List.of(second, call("other").entry()));

        assertThat(store().ledger().newest(10))
                .containsExactlyInAnyOrder(first, call("other").entry());
    }

    @Test
    void aCallThatIsBegunIsNoEntryUntilItIsRecorded() {
        LedgerEntry begun = call("begun").cancelled().entry();
        LedgerEntry recorded = call("begun").entry();

        store().ledger().begin(begun);
        assertThat(store().ledger().newest(10)).isEmpty();

        store().ledger().record(List.of(recorded));
        store().ledger().begin(begun);
        assertThat(store().ledger().newest(10)).containsExactly(recorded);
    }

    @Test
    void recordsAllOrNone() {
        List<LedgerEntry> withNull = Arrays.asList(call("good").entry(), null);

        assertThatThrownBy(() -> store().ledger().record(withNull)).isInstanceOf(NullPointerException.class);

        assertThat(store().ledger().newest(10)).isEmpty();
    }

    @Test
    void listsTheCallsOfATaskOldestFirst() {
        FencingToken fencingToken = new FencingToken(new TaskId(5), 1, 1);
        LedgerEntry late = call("late")
                .attempt(fencingToken)
                .at(ManualTime.START.plusSeconds(2))
                .entry();
        LedgerEntry early = call("early")
                .attempt(fencingToken)
                .at(ManualTime.START.plusSeconds(1))
                .entry();
        store().ledger().record(List.of(late, early, call("direct").entry()));

        assertThat(store().ledger().ofTask(fencingToken.id())).containsExactly(early, late);
        assertThat(store().ledger().ofTask(new TaskId(6))).isEmpty();
    }

    @Test
    void listsTheNewestCallsFirst() {
        store().ledger()
                .record(IntStream.range(0, 20)
                        .mapToObj(i -> call("c" + i)
                                .at(ManualTime.START.plusSeconds(i * 7 % 20))
                                .entry())
                        .toList());

        List<LedgerEntry> newest = store().ledger().newest(5);

        assertThat(newest)
                .extracting(entry -> entry.timing().startedAt())
                .containsExactly(
                        ManualTime.START.plusSeconds(19),
                        ManualTime.START.plusSeconds(18),
                        ManualTime.START.plusSeconds(17),
                        ManualTime.START.plusSeconds(16),
                        ManualTime.START.plusSeconds(15));
    }

    @Test
    void rejectsInvalidPageSizes() {
        assertThatThrownBy(() -> store().ledger().newest(10_001))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit is 10001, expected 1..10000");
        assertThatThrownBy(() -> store().ledger().newest(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
