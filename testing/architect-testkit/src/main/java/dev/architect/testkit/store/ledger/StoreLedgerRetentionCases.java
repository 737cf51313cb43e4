package dev.architect.testkit.store.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.FencingToken;
import dev.architect.cost.GroupSpend;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.maintenance.TaskRetention;
import dev.architect.model.FailureKind;
import dev.architect.spend.LedgerPosition;
import dev.architect.spend.SpendBucket;
import dev.architect.spend.SpendFilter;
import dev.architect.spend.SpendInterval;
import dev.architect.spend.SpendTotals;
import dev.architect.task.TaskState;
import dev.architect.testkit.store.node.StoreHandles;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What stays of calls that are deleted, or whose tasks are: sums, and what was accepted. */
public abstract class StoreLedgerRetentionCases extends StoreLedgerFixture {

    private static final ReportPeriod.Between FROM_LATER = new ReportPeriod.Between(LATER, ALL.to());

    /** Creates the cases for one store. */
    protected StoreLedgerRetentionCases(StoreHandles handles) {
        super(handles);
    }

    @Test
    void answersStayAcceptedWhenTheirTasksAreDeleted() {
        FencingToken done = running();
        finish(done, TaskState.DONE);
        FencingToken dead = running();
        finish(dead, TaskState.DEAD);
        List<LedgerEntry> calls = List.of(
                call("done").attempt(done).entry(), call("dead").attempt(dead).entry());
        ledger().record(calls);
        SpendFilter filter =
                SpendFilter.ALL.with(SpendDimension.PROVIDER, "claude").with(SpendDimension.PROJECT, "default");
        SpendTotals before = SpendTotals.sum(ledger().spendBy(SpendDimension.MODEL, filter, ALL));
        assertThat(before.requests()).isEqualTo(1);
        assertThat(before.cost().baseline().picoUsd()).isPositive();
        time.advance(Duration.ofDays(60));

        assertThat(store().tasks()
                        .purge(TaskRetention.DEFAULT, Optional.empty(), 10)
                        .tasks())
                .isEqualTo(2);

        assertThat(store().tasks().find(done.id())).isEmpty();
        assertThat(SpendTotals.sum(ledger().spendBy(SpendDimension.MODEL, filter, ALL)))
                .isEqualTo(before);
        // With the last call goes what is left of the task.
        if (hasSums()) {
            rollUpAll(time.wallTime());
            assertThat(ledger().purge(calls.stream().map(LedgerPosition::after).toList()))
                    .isPositive();
            assertThat(store().tasks().attempts(done.id())).isEmpty();
        }
        assertThat(store().tasks().attempts(dead.id())).isEmpty();
    }

    @Test
    void whatSumsHaveOfDeletedCallsStays() {
        boolean hasSums = hasSums();
        FencingToken running = running();
        List<LedgerEntry> calls = List.of(
                call("first").request("one").failed(FailureKind.TIMEOUT).entry(),
                call("second").request("one").position(1).entry(),
                call("open").attempt(running).entry(),
                call("late").at(START.plus(Duration.ofDays(2))).entry());
        ledger().record(calls);
        List<LedgerPosition> all = calls.stream().map(LedgerPosition::after).toList();
        assertThat(ledger().purge(all)).as("before they are added up").isZero();
        rollUpAll(START.plus(Duration.ofDays(1)));
        List<GroupSpend> models = ledger().spendBy(SpendDimension.MODEL, ALL);
        List<SpendBucket> days = ledger().series(SpendInterval.DAY, SpendFilter.ALL, ALL);

        assertThat(ledger().purge(all)).isEqualTo(hasSums ? 2 : 0);

        assertThat(ledger().spendBy(SpendDimension.MODEL, ALL)).isEqualTo(models);
        assertThat(ledger().series(SpendInterval.DAY, SpendFilter.ALL, ALL)).isEqualTo(days);
        if (hasSums) {
            assertThat(ledger().page(SpendFilter.ALL, ALL, Optional.empty(), 10))
                    .extracting(LedgerEntry::callId)
                    .containsExactly("open", "late");
        }
        // The end of an attempt shows in the sums, and then its calls can go.
        finish(running, TaskState.DONE);
        rollUpAll(START.plus(Duration.ofDays(1)));
        List<GroupSpend> accepted = ledger().spendBy(SpendDimension.MODEL, ALL);
        assertThat(ledger().purge(all)).isEqualTo(hasSums ? 1 : 0);
        assertThat(ledger().spendBy(SpendDimension.MODEL, ALL)).isEqualTo(accepted);
        rollUpAll(START.plus(Duration.ofDays(3)));
        assertThat(ledger().purge(all)).isEqualTo(hasSums ? 1 : 0);
        assertThat(ledger().spendBy(SpendDimension.MODEL, ALL)).isEqualTo(accepted);
        assertThat(ledger().purge(all)).isZero();
    }

    @Test
    void sumsOfMinutesAreThoseOfTheLastDays() {
        boolean hasSums = hasSums();
        List<LedgerEntry> calls = List.of(
                call("a").at(LATER.plusSeconds(59)).entry(),
                call("b").at(LATER.plusSeconds(60)).entry(),
                call("c").at(LATER.plusSeconds(119)).provider("openai").entry(),
                call("d").at(LATER.plus(Duration.ofHours(30))).entry());
        ledger().record(calls);
        List<SpendBucket> minutes = minutes(SpendFilter.ALL);
        List<SpendBucket> ofOne = minutes(SpendFilter.ALL.with(SpendDimension.PROVIDER, "openai"));
        List<SpendBucket> hours = ledger().series(SpendInterval.HOUR, SpendFilter.ALL, FROM_LATER);
        assertThat(minutes)
                .extracting(SpendBucket::begin)
                .containsExactly(LATER, LATER.plusSeconds(60), LATER.plus(Duration.ofHours(30)));

        rollUpAll(LATER.plus(Duration.ofHours(47)));
        assertThat(ledger().purge(calls.stream().map(LedgerPosition::after).toList()))
                .isEqualTo(hasSums ? 4 : 0);

        // Of deleted calls only sums are left.
        assertThat(minutes(SpendFilter.ALL)).isEqualTo(minutes);
        assertThat(minutes(SpendFilter.ALL.with(SpendDimension.PROVIDER, "openai")))
                .isEqualTo(ofOne);
        record(call("late").at(LATER.plusSeconds(61)));
        for (int round = 0; round < 2; round++) {
            assertThat(minutes(SpendFilter.ALL).get(1).totals().calls().all()).isEqualTo(3);
            rollUpAll(LATER.plus(Duration.ofHours(47)));
        }
        // The day that is past has its hours.
        record(call("next").at(LATER.plus(Duration.ofHours(70))));
        rollUpAll(LATER.plus(Duration.ofHours(72)));
        assertThat(minutes(SpendFilter.ALL)).extracting(SpendBucket::begin).contains(LATER.plus(Duration.ofHours(30)));
        if (hasSums) {
            assertThat(minutes(SpendFilter.ALL))
                    .filteredOn(minute -> minute.begin().isBefore(LATER.plus(Duration.ofHours(24))))
                    .singleElement()
                    .extracting(minute -> minute.totals().calls().all())
                    .isEqualTo(1L);
        }
        assertThat(ledger().series(SpendInterval.HOUR, SpendFilter.ALL, FROM_LATER)
                        .get(0)
                        .totals()
                        .calls()
                        .all())
                .isEqualTo(hours.get(0).totals().calls().all() + 1);
    }

    private List<SpendBucket> minutes(SpendFilter filter) {
        return ledger().series(SpendInterval.MINUTE, filter, FROM_LATER);
    }
}
