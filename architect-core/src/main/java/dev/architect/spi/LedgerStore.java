package dev.architect.spi;

import dev.architect.cost.GroupSpend;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.task.TaskId;
import java.time.Instant;
import java.util.List;

/** Calls and their cost. Entries are only ever added. Sums are exact. */
public interface LedgerStore {

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
    List<GroupSpend> spendBy(SpendDimension dimension, ReportPeriod.Between period);

    /**
     * Adds up some of the calls that began before {@code before}, so that reports read few rows for them. Reports are the same before and
     * afterwards. A store that keeps no sums, as by default, does nothing.
     *
     * @return whether there may be more to add up
     */
    default boolean rollUp(Instant before) {
        return false;
    }

    /** Returns the calls of one task, oldest first. */
    List<LedgerEntry> ofTask(TaskId task);

    /** Returns the newest calls, newest first; {@code limit} is 1 to 10,000. */
    List<LedgerEntry> newest(int limit);
}
