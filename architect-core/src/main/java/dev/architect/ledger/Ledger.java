package dev.architect.ledger;

import dev.architect.check.Check;
import dev.architect.cost.Cost;
import dev.architect.cost.GroupSpend;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.Savings;
import dev.architect.cost.SpendDimension;
import dev.architect.model.ModelId;
import dev.architect.route.OutputForecast;
import dev.architect.route.OutputHistory;
import dev.architect.spend.AttemptSpend;
import dev.architect.spend.InvoiceLine;
import dev.architect.spend.InvoiceMatching;
import dev.architect.spend.InvoiceReport;
import dev.architect.spend.LedgerPage;
import dev.architect.spend.LedgerPosition;
import dev.architect.spend.OutputCalibration;
import dev.architect.spend.RatedReport;
import dev.architect.spend.SpendAxis;
import dev.architect.spend.SpendBucket;
import dev.architect.spend.SpendCell;
import dev.architect.spend.SpendFilter;
import dev.architect.spend.SpendInterval;
import dev.architect.spend.SpendTotals;
import dev.architect.spend.TaskSpend;
import dev.architect.spi.LedgerStore;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.task.TaskId;
import dev.architect.usage.TokenUsage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reads the ledger. Every sum is exact. Methods block for the store; safe for use by several threads. */
public final class Ledger {

    private static final int MOST_TOP = 1_000;
    private static final int MOST_AXES = 2;
    private static final int MOST_PURGED = 1_000;
    private static final int PURGED_AT_ONCE = 200;
    private static final Duration LONGEST_REST = Duration.ofSeconds(1);
    private static final int MOST_BUCKETS = 10_000;
    private static final int EXPORT_PAGE = 500;
    private static final int RATED_PAGE = 2_000;
    private static final int MOST_LINES = 1_000_000;
    private static final int MOST_ITEMS = 10_000;

    /** Longer ones have too many days; times far from now have no day at all. */
    private static final Duration LONGEST_SERIES = Duration.ofDays(MOST_BUCKETS + 1L);

    private static final Comparator<GroupSpend> DEAREST_FIRST = Comparator.comparing(
                    (GroupSpend group) -> group.cost().spent())
            .reversed()
            .thenComparing(GroupSpend::group);

    private final LedgerStore store;
    private final TimeSource time;

    /** Creates a reader of {@code store}, which resolves periods by {@code time}. */
    public Ledger(LedgerStore store, TimeSource time) {
        this.store = Check.notNull("store", store);
        this.time = Check.notNull("time", time);
    }

    /** Returns what the period cost, set against the baseline. */
    public Savings savings(ReportPeriod period) {
        return Savings.of(spend(period));
    }

    /** Returns what each provider did and cost in the period, by name. */
    public List<ProviderSpend> spend(ReportPeriod period) {
        return store.spend(resolve(period));
    }

    /** Returns what the calls of each group did and cost in the period, by the value that they have in common. */
    public List<GroupSpend> spendBy(SpendDimension dimension, ReportPeriod period) {
        Check.notNull("dimension", dimension);
        return store.spendBy(dimension, resolve(period));
    }

    /** Returns the same of the calls that meet {@code filter}. */
    public List<GroupSpend> spendBy(SpendDimension dimension, SpendFilter filter, ReportPeriod period) {
        Check.notNull("dimension", dimension);
        Check.notNull("filter", filter);
        return store.spendBy(dimension, filter, resolve(period));
    }

    /**
     * Returns what the calls did that meet {@code filter} and have the same value on each of the axes, in the order of the values; those without calls are
     * left out. By one dimension it is {@link #spendBy}, which may be read from sums; all else reads each call of the period.
     *
     * @param axes one or two, not the same
     */
    public List<SpendCell> breakdown(List<SpendAxis> axes, SpendFilter filter, ReportPeriod period) {
        List<SpendAxis> copy = List.copyOf(Check.noNulls("axes", axes));
        Check.notNull("filter", filter);
        ReportPeriod.Between span = resolve(period);
        Check.range("axes size", copy.size(), 1, MOST_AXES);
        if (Set.copyOf(copy).size() < copy.size()) {
            throw new IllegalArgumentException("axes are the same one twice, expected two that differ");
        }
        if (copy.size() == 1 && copy.get(0).dimension().isPresent()) {
            return spendBy(copy.get(0).dimension().get(), filter, span).stream()
                    .map(group -> new SpendCell(List.of(group.group()), SpendTotals.of(group)))
                    .toList();
        }
        return store.breakdown(copy, filter, span);
    }

    /**
     * Returns the groups that cost most, exact and estimated: the dearest first, and equal ones by their values.
     *
     * @param limit 1 to 1,000
     */
    public List<GroupSpend> top(SpendDimension dimension, SpendFilter filter, ReportPeriod period, int limit) {
        Check.range("limit", limit, 1, MOST_TOP);
        return spendBy(dimension, filter, period).stream()
                .sorted(DEAREST_FIRST)
                .limit(limit)
                .toList();
    }

    /**
     * Returns the tasks that cost most, exact and estimated, by their calls in the period that meet the filter: the dearest first, and of equal
     * ones the one with the lowest id. The group is the id of the task.
     *
     * @param limit 1 to 1,000
     */
    public List<GroupSpend> topTasks(SpendFilter filter, ReportPeriod period, int limit) {
        Check.notNull("filter", filter);
        return store.topTasks(filter, resolve(period), Check.range("limit", limit, 1, MOST_TOP));
    }

    /**
     * Returns what the calls of every minute, hour or day of the period did, oldest first; those without calls are zero. The first and the last one have
     * the calls of the period alone.
     *
     * @throws IllegalArgumentException when the period has more than 10,000 minutes, hours or days
     */
    public List<SpendBucket> series(SpendInterval interval, SpendFilter filter, ReportPeriod period) {
        Check.notNull("interval", interval);
        Check.notNull("filter", filter);
        ReportPeriod.Between span = resolve(period);
        List<Instant> begins = begins(interval, span);
        Map<Instant, SpendTotals> totals = new HashMap<>();
        store.series(interval, filter, span).forEach(bucket -> totals.put(bucket.begin(), bucket.totals()));
        return begins.stream()
                .map(begin -> new SpendBucket(begin, totals.getOrDefault(begin, SpendTotals.ZERO)))
                .toList();
    }

    private static List<Instant> begins(SpendInterval interval, ReportPeriod.Between span) {
        List<Instant> begins = new ArrayList<>();
        // The ends of all time have no hour before or after them.
        boolean isLong = Duration.between(span.from(), span.to()).compareTo(LONGEST_SERIES) > 0;
        Instant begin = isLong ? span.from() : interval.begin(span.from());
        while (!isLong && begin.isBefore(span.to()) && begins.size() <= MOST_BUCKETS) {
            begins.add(begin);
            begin = interval.next(begin);
        }
        if (isLong || begins.size() > MOST_BUCKETS) {
            throw new IllegalArgumentException("period is from " + span.from() + " to " + span.to()
                    + ", expected at most " + MOST_BUCKETS + " times one " + interval);
        }
        return begins;
    }

    /** Returns what one task cost, by attempt and with each call. */
    public TaskSpend spendOf(TaskId task) {
        List<LedgerEntry> calls = ofTask(task);
        List<AttemptSpend> attempts = store.attempts(task).entrySet().stream()
                .map(attempt -> new AttemptSpend(
                        attempt.getKey(),
                        attempt.getValue(),
                        calls.stream()
                                .filter(call -> call.origin().epoch() == attempt.getKey())
                                .toList()))
                .toList();
        SpendTotals totals = attempts.stream().map(AttemptSpend::totals).reduce(SpendTotals.ZERO, SpendTotals::plus);
        return new TaskSpend(task, totals, attempts);
    }

    /**
     * Writes the calls of the period that meet {@code filter} to {@code out}, oldest first, in constant memory. The columns are those that
     * {@code docs/how-to/report-on-cost.md} lists. Calls that are recorded meanwhile may be among them.
     *
     * @return how many calls were written
     * @throws IOException when {@code out} does; what was written before stays
     */
    public long export(LedgerFormat format, SpendFilter filter, ReportPeriod period, Appendable out)
            throws IOException {
        Check.notNull("format", format);
        Check.notNull("filter", filter);
        ReportPeriod.Between span = resolve(period);
        LedgerLineWriter lines = new LedgerLineWriter(format, Check.notNull("out", out));
        lines.begin();
        Optional<LedgerPosition> position = Optional.empty();
        long written = 0;
        List<LedgerEntry> page;
        do {
            page = store.page(filter, span, position, EXPORT_PAGE);
            for (LedgerEntry entry : page) {
                lines.write(entry);
                position = Optional.of(LedgerPosition.after(entry));
            }
            written += page.size();
        } while (page.size() == EXPORT_PAGE);
        return written;
    }

    /**
     * Writes calls in the form of {@link #export}.
     *
     * @param isBegin whether they are the first ones: then what stands before them is written too
     * @throws IOException when {@code out} does
     */
    public static void write(LedgerFormat format, boolean isBegin, List<LedgerEntry> calls, Appendable out)
            throws IOException {
        LedgerLineWriter lines = new LedgerLineWriter(Check.notNull("format", format), Check.notNull("out", out));
        if (isBegin) {
            lines.begin();
        }
        for (LedgerEntry call : Check.noNulls("calls", calls)) {
            lines.write(call);
        }
    }

    /**
     * Returns some calls of the period that meet {@code filter}, in the order of their begin.
     *
     * @param position where the last page ended: the {@linkplain LedgerPosition#after place after} its last call; empty for the first page
     * @param limit the most calls, 1 to 10,000
     */
    public List<LedgerEntry> page(
            SpendFilter filter, ReportPeriod period, Optional<LedgerPosition> position, int limit) {
        Check.notNull("filter", filter);
        Check.notNull("position", position);
        return store.page(filter, resolve(period), position, Check.range("limit", limit, 1, EXPORT_PAGE));
    }

    /**
     * Returns some calls of the period that meet {@code filter}, in the order of their begin, for somebody who waits for them. The time that it takes is
     * bounded, so a page may have fewer calls than {@code limit}, or none, although more follow.
     *
     * @param position where the last page says that it goes on; empty for the first page
     * @param limit the most calls, 1 to 500
     */
    public LedgerPage browse(SpendFilter filter, ReportPeriod period, Optional<LedgerPosition> position, int limit) {
        Check.notNull("filter", filter);
        Check.notNull("position", position);
        return store.browse(filter, resolve(period), position, Check.range("limit", limit, 1, EXPORT_PAGE));
    }

    /**
     * Returns what the calls of the period that meet {@code filter} would have cost by another rating, by group. Reads every call, in pages and
     * with memory for the groups alone. The same catalogue changes nothing; calls that earlier versions have recorded without a service tier count
     * as of the usual one.
     */
    public RatedReport rerate(Rerating rerating, SpendDimension dimension, SpendFilter filter, ReportPeriod period) {
        Check.notNull("rerating", rerating);
        Check.notNull("dimension", dimension);
        RatedSum total = new RatedSum();
        SortedMap<String, RatedSum> groups = new TreeMap<>();
        SortedMap<String, Long> unpriced = new TreeMap<>();
        store.metered(dimension, Check.notNull("filter", filter), resolve(period), call -> {
            Cost before = call.cost();
            Cost after = rerating.rate(call);
            total.add(before, after);
            groups.computeIfAbsent(call.group(), group -> new RatedSum()).add(before, after);
            if (after.amount().isEmpty()) {
                unpriced.merge(call.answered().toString(), 1L, Long::sum);
            }
        });
        return new RatedReport(
                rerating.catalogueVersion(),
                total.as(""),
                groups.entrySet().stream()
                        .map(group -> group.getValue().as(group.getKey()))
                        .toList(),
                unpriced);
    }

    /**
     * Compares the invoice of a provider with the calls of the period that meet {@code filter}, which should name the provider. Reads every call, in
     * pages; memory grows with the invoice alone, or with days and models of the calls. A call counts on the day on which it began.
     *
     * @param matching what the keys of the lines are
     * @param lines those of the invoice; at most 1,000,000
     * @param tolerance by how much an item may differ and be matched all the same, for invoices that round; zero or more
     * @param mostItems how many of the items that do not match are listed; 0 to 10,000
     */
    public InvoiceReport reconcile(
            InvoiceMatching matching,
            List<InvoiceLine> lines,
            Money tolerance,
            int mostItems,
            SpendFilter filter,
            ReportPeriod period) {
        Check.notNull("matching", matching);
        Check.range("lines size", Check.noNulls("lines", lines).size(), 0, MOST_LINES);
        Check.notNegative("tolerance", Check.notNull("tolerance", tolerance).picoUsd());
        Check.range("mostItems", mostItems, 0, MOST_ITEMS);
        Reconciliation reconciliation = new Reconciliation(matching, lines, tolerance, mostItems);
        read(filter, period, RATED_PAGE, reconciliation::add);
        return reconciliation.report();
    }

    /**
     * Returns how well the lengths of answers are forecast, by model: for each call of the period that meets {@code filter}, in the order of their
     * begin, what {@link OutputHistory} would have said from those before it. Calls before the period are not used, so its first ones are cold. Reads
     * every call, in pages.
     *
     * @return one for each model that was called, in the order of their names
     */
    public List<OutputCalibration> outputCalibration(SpendFilter filter, ReportPeriod period) {
        OutputHistory history = new OutputHistory();
        SortedMap<String, OutputCalibration> models = new TreeMap<>();
        read(filter, period, RATED_PAGE, call -> {
            if (!OutputHistory.counts(call)) {
                return;
            }
            TokenUsage usage = call.metering().usage();
            ModelId model = call.route().requested();
            Optional<OutputForecast> forecast =
                    history.forecast(model, call.route().complexity(), usage.promptTokens());
            long answer = usage.completionTokens();
            models.merge(
                    model.toString(),
                    new OutputCalibration(
                            model.toString(),
                            1,
                            forecast.isEmpty() ? 1 : 0,
                            forecast.filter(each -> answer <= each.p50()).isPresent() ? 1 : 0,
                            forecast.filter(each -> answer <= each.p90()).isPresent() ? 1 : 0),
                    OutputCalibration::plus);
            history.add(call);
        });
        return List.copyOf(models.values());
    }

    /** Reads every call, oldest first. */
    private void read(SpendFilter filter, ReportPeriod period, int pageSize, Consumer<LedgerEntry> reader) {
        Check.notNull("filter", filter);
        ReportPeriod.Between span = resolve(period);
        Optional<LedgerPosition> position = Optional.empty();
        List<LedgerEntry> page;
        do {
            page = store.page(filter, span, position, pageSize);
            page.forEach(reader);
            position = page.isEmpty() ? position : Optional.of(LedgerPosition.after(page.get(page.size() - 1)));
        } while (page.size() == pageSize);
    }

    /**
     * Deletes calls for good, such as those that an {@link #export} has written to an archive; call it again with the same ones when it fails, because some may be
     * gone then: few are deleted in one transaction, and it rests for as long as each one takes, so that calls that are
     * recorded meanwhile do not wait; an interrupted thread does not rest. A call stays while the sums lack it, or the end of its attempt is not known. Reports that are read from sums are the same before and
     * afterwards for periods of full hours, and by minute for the last two days; all others report on what is left. Stores without sums, as that in memory, keep their calls.
     *
     * @param calls each by the {@linkplain LedgerPosition#after place after it}, at most 1,000
     * @return how many were deleted
     */
    public int purge(List<LedgerPosition> calls) {
        Check.range("calls size", Check.noNulls("calls", calls).size(), 0, MOST_PURGED);
        List<LedgerPosition> copy = List.copyOf(calls);
        int deleted = 0;
        WakeUp rest = time.newWakeUp();
        for (int from = 0; from < copy.size(); from += PURGED_AT_ONCE) {
            long begin = time.nanoTime();
            deleted += store.purge(copy.subList(from, Math.min(copy.size(), from + PURGED_AT_ONCE)));
            rest(rest, Duration.ofNanos(time.nanoTime() - begin));
        }
        return deleted;
    }

    private static void rest(WakeUp rest, Duration duration) {
        try {
            rest.await(duration.compareTo(LONGEST_REST) < 0 ? duration : LONGEST_REST);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private ReportPeriod.Between resolve(ReportPeriod period) {
        return Check.notNull("period", period).resolve(time.wallTime());
    }

    /** Returns a call; empty when there is none with this id. */
    public Optional<LedgerEntry> call(String callId) {
        return store.call(Check.notNull("callId", callId));
    }

    /**
     * Returns the calls of one request, oldest first: several when it failed over, none when a cache has answered it or it is not known.
     *
     * @param requestId names the request, and its first call: {@link dev.architect.chat.ChatResponse#requestId()}
     */
    public List<LedgerEntry> ofRequest(String requestId) {
        return store.ofRequest(Check.notNull("requestId", requestId));
    }

    /** Returns the calls of one task, oldest first. */
    public List<LedgerEntry> ofTask(TaskId task) {
        return store.ofTask(Check.notNull("task", task));
    }

    /** Returns the newest calls, newest first; {@code limit} is 1 to 10,000. */
    public List<LedgerEntry> newest(int limit) {
        return store.newest(limit);
    }
}
