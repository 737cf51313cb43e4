package dev.architect.spi;

import dev.architect.cost.LedgerEntry;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.ReportPeriod;
import dev.architect.task.TaskId;
import java.util.List;

/** Calls and their cost. Entries are only ever added. Sums are exact. */
public interface LedgerStore {

    /** Adds entries, all or none; one whose call id is already there is left as it is. */
    void record(List<LedgerEntry> entries);

    /**
     * Returns what each provider did in the period, by name of the provider that was called.
     *
     * <p>The baseline, and the number of requests, count answered calls that were accepted: of direct requests, and of
     * attempts that succeeded.
     */
    List<ProviderSpend> spend(ReportPeriod.Between period);

    /** Returns the calls of one task, oldest first. */
    List<LedgerEntry> ofTask(TaskId task);

    /** Returns the newest calls, newest first; {@code limit} is 1 to 10,000. */
    List<LedgerEntry> newest(int limit);
}
