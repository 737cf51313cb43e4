package dev.architect.spi;

import dev.architect.cost.GroupSpend;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.spend.LedgerPage;
import dev.architect.spend.LedgerPosition;
import dev.architect.spend.MeteredCall;
import dev.architect.spend.SpendAxis;
import dev.architect.spend.SpendBucket;
import dev.architect.spend.SpendCell;
import dev.architect.spend.SpendFilter;
import dev.architect.spend.SpendInterval;
import dev.architect.spend.SpendTotals;
import dev.architect.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/** Calls and their cost. Entries are only ever added. Sums are exact. */
public interface LedgerStore {

    /** How many calls {@link #metered} takes at a time by default. */
    int METERED_PAGE = 2_000;

    /**
     * Notes a call that is about to be sent. When this process ends before the call is {@linkplain #record recorded}, the provider may
     * bill it all the same, so {@code unrecorded} is added by whoever finds that the process has ended. Recording an entry of the same
     * call id settles the note, and a call id that is recorded already is left as it is.
     *
     * <p>A call waits for this, so it should be no slower than a write to memory; it need not outlive a loss of power. By default
     * nothing is noted.
     *
     * @param unrecorded the entry of a call of which nothing more was heard, with its probable usage
     */
    default void begin(LedgerEntry unrecorded) {}

    /**
     * Whether {@link #begin} does anything, the same whenever it is asked: when not, no entry need be made for it. Not by default; a store that
     * implements {@code begin} returns {@code true} here.
     */
    default boolean notesCalls() {
        return false;
    }

    /** Adds entries, all or none; one whose call id is already there is left as it is. */
    void record(List<LedgerEntry> entries);

    /**
     * Returns what each provider did in the period, by name of the provider that was called.
     *
     * <p>The baseline, and the number of requests, count answered calls that were accepted: of direct requests, and of
     * attempts that succeeded. An answered call is a failover when a call of the same request to a candidate before it has failed.
     */
    List<ProviderSpend> spend(ReportPeriod.Between period);

    /** Returns what the calls of each group did in the period, by the value that they have in common. */
    default List<GroupSpend> spendBy(SpendDimension dimension, ReportPeriod.Between period) {
        return spendBy(dimension, SpendFilter.ALL, period);
    }

    /**
     * The same of the calls that meet {@code filter}. Whether an answer is a failover depends on the failed calls of its request, also when
     * these do not meet the filter.
     */
    List<GroupSpend> spendBy(SpendDimension dimension, SpendFilter filter, ReportPeriod.Between period);

    /**
     * Returns what the calls did that have the same value on each of the axes, in the order of {@link SpendCell#BY_VALUES}; those without calls are left
     * out. Each call of the period that meets the filter is read.
     *
     * @param axes one or two, not the same
     */
    List<SpendCell> breakdown(List<SpendAxis> axes, SpendFilter filter, ReportPeriod.Between period);

    /** Returns what the calls of each minute, hour or day of the period did, oldest first; those without calls are left out. */
    List<SpendBucket> series(SpendInterval interval, SpendFilter filter, ReportPeriod.Between period);

    /**
     * Returns the tasks that cost most, exact and estimated, by their calls in the period that meet the filter: the dearest first, and of equal
     * ones the one with the lowest id. The group is the id of the task; {@code limit} is 1 to 1,000.
     */
    List<GroupSpend> topTasks(SpendFilter filter, ReportPeriod.Between period, int limit);

    /** Returns what the attempts of one task did, by epoch; attempts without calls are left out. */
    SortedMap<Long, SpendTotals> attempts(TaskId task);

    /**
     * Returns some calls in the order of their begin, and of one begin in the order of their ids: the first ones of the period that meet the
     * filter and stand after {@code position}. A call that is recorded late may stand before a position that was reached already.
     *
     * @param position where the last page ended; empty for the first one
     * @param limit 1 to 10,000
     */
    List<LedgerEntry> page(
            SpendFilter filter, ReportPeriod.Between period, Optional<LedgerPosition> position, int limit);

    /**
     * Returns the calls that {@link #page} returns, for somebody who waits for them: where no index leads to what the filter asks for, a store
     * may look at a bounded number of calls and then say where to go on, so a page may have fewer calls than {@code limit}, or none, although
     * more follow. By default everything is looked at.
     *
     * @param position where the last page ended; empty for the first one
     * @param limit 1 to 9,999
     */
    default LedgerPage browse(
            SpendFilter filter, ReportPeriod.Between period, Optional<LedgerPosition> position, int limit) {
        return LedgerPage.of(page(filter, period, position, limit + 1), limit);
    }

    /**
     * Reads what pricing needs of the calls of the period that meet the filter, in no order that counts. Blocks until all are read; memory does not
     * grow with their number. A call that is recorded or deleted meanwhile is read or left out. By default it is taken from {@linkplain #page pages}; a
     * store that finds less than whole entries faster implements it.
     *
     * @param dimension whose value is the group of each call
     * @param reader gets each call once, on the thread that called; what it throws ends the reading
     */
    default void metered(
            SpendDimension dimension,
            SpendFilter filter,
            ReportPeriod.Between period,
            Consumer<? super MeteredCall> reader) {
        Optional<LedgerPosition> position = Optional.empty();
        List<LedgerEntry> page;
        do {
            page = page(filter, period, position, METERED_PAGE);
            page.forEach(entry -> reader.accept(MeteredCall.of(dimension, entry)));
            position = page.isEmpty() ? position : Optional.of(LedgerPosition.after(page.get(page.size() - 1)));
        } while (page.size() == METERED_PAGE);
    }

    /**
     * Adds up some of the calls that began before {@code before}, so that reports read few rows for them. Reports are the same before and
     * afterwards. A store that keeps no sums, as by default, does nothing.
     *
     * @return whether there may be more to add up
     */
    default boolean rollUp(Instant before) {
        return false;
    }

    /**
     * Deletes these calls, all or none of those that can go: a call that the sums lack, or of whose attempt the end is not known, stays. Sums keep
     * what they have of deleted calls, so {@link #spend}, and {@link #spendBy} and {@link #series} without conditions, are the same
     * before and afterwards for periods of full hours, and series of minutes for the last two days before the newest {@link #rollUp}; everything else reports on what is left. A store that keeps no sums, as by default, deletes
     * nothing.
     *
     * @param calls each by the place after it, at most 1,000
     * @return how many were deleted
     */
    default int purge(List<LedgerPosition> calls) {
        return 0;
    }

    /** Returns a call; empty when there is none with this id. Takes the same time however many calls there are. */
    Optional<LedgerEntry> call(String callId);

    /**
     * Returns the calls of one request in the order of their begin, and of one begin in that of their places on the route and of their ids: none
     * for a request that was answered without a call, or is not known. Takes the same time however many calls there are.
     */
    List<LedgerEntry> ofRequest(String requestId);

    /** Returns the calls of one task, oldest first. */
    List<LedgerEntry> ofTask(TaskId task);

    /** Returns the newest calls, newest first; {@code limit} is 1 to 10,000. */
    List<LedgerEntry> newest(int limit);
}
