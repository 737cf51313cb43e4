package dev.architect.export;

import dev.architect.check.Check;
import dev.architect.cost.ReportPeriod;
import dev.architect.filter.Filter;
import dev.architect.spend.SpendFilter;
import java.time.ZoneId;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** What is exported: rows of which list. */
public sealed interface ExportSubject {

    /** Returns what the function for this kind of subject returns. */
    <R> R fold(Function<Calls, R> calls, Function<Tasks, R> tasks, Function<Activities, R> activities);

    /**
     * Calls of the ledger, the oldest first.
     *
     * @param filter those that meet it
     * @param period those that began in it
     */
    record Calls(SpendFilter filter, ReportPeriod.Between period) implements ExportSubject {

        /** Checks both. */
        public Calls {
            Check.notNull("filter", filter);
            Check.notNull("period", period);
        }

        @Override
        public <R> R fold(Function<Calls, R> calls, Function<Tasks, R> tasks, Function<Activities, R> activities) {
            return calls.apply(this);
        }
    }

    /**
     * Tasks without their prompts, the oldest first.
     *
     * @param filter those that pass it; times such as {@code -7d} are before the export was accepted
     * @param zone the zone of days in the filter
     */
    record Tasks(Filter filter, ZoneId zone) implements ExportSubject {

        /** Checks both. */
        public Tasks {
            Check.notNull("filter", filter);
            Check.notNull("zone", zone);
        }

        @Override
        public <R> R fold(Function<Calls, R> calls, Function<Tasks, R> tasks, Function<Activities, R> activities) {
            return tasks.apply(this);
        }
    }

    /**
     * Entries of the activity log, the oldest first.
     *
     * @param kinds their kinds; empty for all
     */
    record Activities(Set<String> kinds) implements ExportSubject {

        /** Copies the set. */
        public Activities {
            kinds = Set.copyOf(new TreeSet<>(Check.noNulls("kinds", kinds)));
        }

        @Override
        public <R> R fold(Function<Calls, R> calls, Function<Tasks, R> tasks, Function<Activities, R> activities) {
            return activities.apply(this);
        }
    }
}
