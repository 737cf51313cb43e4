package dev.architect.job.ledger;

import dev.architect.check.Check;
import dev.architect.control.RouterControl;
import dev.architect.cost.CallCounts;
import dev.architect.cost.GroupSpend;
import dev.architect.cost.PriceCatalogue;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.document.DocumentPlaces;
import dev.architect.error.StoreException;
import dev.architect.job.BulkJob.State;
import dev.architect.ledger.Ledger;
import dev.architect.ledger.Rerating;
import dev.architect.loop.SingleRole;
import dev.architect.node.NodeRole;
import dev.architect.node.RoleRegistration;
import dev.architect.node.RoleWork;
import dev.architect.node.SharedDocument;
import dev.architect.node.StaleDocumentException;
import dev.architect.spend.RatedReport;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What recorded calls would have cost by other prices, worked out in the background: accepted by any node, carried out by one that {@linkplain #takePart
 * takes part}, a stretch of time after the other. How far a job has come is durable with the sums so far: when the process ends, it goes on elsewhere
 * or after a restart. The ledger is read and never changed; the report stands beside it, with the reason and the version of the prices. The last
 * {@value #PLACES} jobs are kept. Methods block for the store; safe for use by several threads.
 *
 * <p>A job without a price file of its own takes the prices of the router. When these change before it has ended it begins anew, so that a report is always
 * of one catalogue.
 */
public final class RerateJobs {

    /** The role of the node that rates calls anew. */
    public static final String ROLE = "architect.reratings";

    /** The most groups of a report. */
    public static final int MAX_GROUPS = 1_000;

    private static final int PLACES = 10;
    private static final DocumentPlaces.Form<RerateJob> FORM = new DocumentPlaces.Form<>(
            "architect.rerate.",
            RerateJobCodec::write,
            RerateJobCodec::read,
            RerateJob::id,
            RerateJob::createdAt,
            job -> job.state().isEnded());
    private static final int ID_RADIX = 36;

    /** How long one call of the work goes on; a role is lost after five seconds. */
    private static final Duration TURN = Duration.ofSeconds(2);

    /** How long it takes until a job is seen that another node has accepted. */
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

    private static final Duration SHORTEST_STRETCH = Duration.ofSeconds(10);
    private static final Duration FIRST_STRETCH = Duration.ofHours(1);
    private static final Duration LONGEST_STRETCH = Duration.ofHours(6);

    /** A stretch that took less is doubled, one that took four times as long is halved. */
    private static final Duration QUICK = Duration.ofMillis(150);

    private static final int SLOW_FACTOR = 4;

    private final Store store;
    private final Ledger ledger;
    private final DocumentPlaces<RerateJob> documents;
    private final TimeSource time;
    private final Optional<RouterControl> router;
    private final SingleRole role;
    // Of the thread that carries out jobs.
    private Duration stretch = FIRST_STRETCH;
    private @Nullable Parsed parsed;

    /** The price file of a job, which is read once. */
    private record Parsed(String job, PriceCatalogue catalogue) {}

    /**
     * Creates the jobs of a store.
     *
     * @param router has the prices; empty where they cannot be asked for
     * @param roles lets the node take part in a role with this work; returns empty where it performs no tasks
     */
    public RerateJobs(
            Store store,
            TimeSource time,
            Optional<RouterControl> router,
            Function<RoleWork, Optional<RoleRegistration>> roles) {
        this.store = Check.notNull("store", store);
        this.time = Check.notNull("time", time);
        this.ledger = new Ledger(store.ledger(), time);
        this.documents = new DocumentPlaces<>(store.cluster(), PLACES, "jobs that rate calls and have not ended", FORM);
        this.router = Check.notNull("router", router);
        this.role = new SingleRole(Check.notNull("roles", roles));
    }

    private RouterControl router() {
        return router.orElseThrow(
                () -> new UnsupportedOperationException("the router has no prices to ask for, expected one that has"));
    }

    /**
     * Returns the job that {@link #accept} would accept. Its period ends now at the latest. Nothing is changed yet.
     *
     * @param by who wants it; not blank
     * @throws dev.architect.error.InvalidFileException with everything that is wrong with the price file
     * @throws UnsupportedOperationException when the router has no prices that can be asked for
     */
    public RerateJob prepare(RerateRequest request, String by) {
        Check.notNull("request", request);
        Check.notBlank("by", by);
        // What is wrong with its prices is refused now.
        request.prices().file().ifPresent(file -> router().parseCatalogue(file));
        router();
        Instant now = time.wallTime();
        ReportPeriod.Between period = request.period();
        // As far as now, so that calls which begin meanwhile are not counted in a part of the report.
        Instant end = period.to().isBefore(now) ? period.to() : now;
        ReportPeriod.Between past =
                new ReportPeriod.Between(period.from(), end.isBefore(period.from()) ? period.from() : end);
        return new RerateJob(
                Long.toString(time.random(Long.MAX_VALUE), ID_RADIX),
                request.with(request.prices(), past),
                by,
                State.WAITING,
                now,
                Optional.empty(),
                new RerateJob.Progress(0, past.from(), Optional.empty()),
                Optional.empty());
    }

    /**
     * Accepts a job that was prepared; it is durable when this returns.
     *
     * @return the same job
     * @throws dev.architect.error.CapacityException when {@value #PLACES} jobs have not ended
     */
    public RerateJob accept(RerateJob prepared) {
        documents.add(Check.notNull("prepared", prepared));
        return prepared;
    }

    /** Whether a document that a store has written is this job as it was accepted. */
    public static boolean holds(SharedDocument document, RerateJob job) {
        return FORM.isIn(Check.notNull("document", document), Check.notNull("job", job));
    }

    /** Returns the jobs that are kept, newest first. */
    public List<RerateJob> list() {
        return documents.all().stream().map(DocumentPlaces.Entry::value).toList();
    }

    /** Returns a job; empty when there is none with this id, or it is kept no more. */
    public Optional<RerateJob> find(String id) {
        return documents.find(Check.notNull("id", id)).map(DocumentPlaces.Entry::value);
    }

    /**
     * Stops a job; its report is that of the calls so far. One that has ended stays as it is.
     *
     * @return the job afterwards; empty when there is none with this id
     */
    public Optional<RerateJob> stop(String id) {
        Check.notNull("id", id);
        while (true) {
            Optional<DocumentPlaces.Entry<RerateJob>> entry = documents.find(id);
            if (entry.isEmpty() || entry.get().value().state().isEnded()) {
                return entry.map(DocumentPlaces.Entry::value);
            }
            try {
                return Optional.of(documents
                        .write(entry.get(), entry.get().value().ended(State.STOPPED, time.wallTime()))
                        .value());
            } catch (StaleDocumentException changed) {
                // It went on meanwhile: once more, until one of both was faster.
                continue;
            }
        }
    }

    /**
     * Lets this node carry out jobs while no other one does.
     *
     * @return what ends that; empty on a node that performs no tasks, or takes part already, or whose router has no prices
     */
    public Optional<RoleRegistration> takePart() {
        return router.isEmpty() ? Optional.empty() : role.takePart(work());
    }

    /** What the node does again and again that carries out jobs. */
    public RoleWork work() {
        return this::run;
    }

    private Duration run(NodeRole held) {
        long begin = time.nanoTime();
        while (time.nanoTime() - begin < TURN.toNanos()) {
            Optional<DocumentPlaces.Entry<RerateJob>> next = documents.all().stream()
                    .filter(entry -> !entry.value().state().isEnded())
                    .min(Comparator.comparing(entry -> entry.value().createdAt()));
            if (next.isEmpty()) {
                parsed = null;
                return LOOK_INTERVAL;
            }
            try {
                step(next.get());
            } catch (StaleDocumentException changed) {
                // It was stopped, or another node has it: what stands there counts.
                continue;
            }
        }
        return Duration.ZERO;
    }

    private void step(DocumentPlaces.Entry<RerateJob> entry) {
        try {
            documents.write(entry, further(entry.value()));
        } catch (StoreException | StaleDocumentException later) {
            throw later;
        } catch (RuntimeException refused) {
            // Accepted by a newer version, or a report that is too long. The others must not wait for it.
            documents.write(entry, entry.value().failed(time.wallTime(), String.valueOf(refused.getMessage())));
        }
    }

    private RerateJob further(RerateJob job) {
        RerateRequest request = job.request();
        if (job.state() == State.WAITING) {
            return job.started(count(request));
        }
        Instant next = job.progress().next();
        Rerating rerating = request.prices().rerating(catalogue(job));
        boolean isOtherCatalogue = job.progress()
                .report()
                .filter(report -> !report.catalogueVersion().equals(rerating.catalogueVersion()))
                .isPresent();
        if (isOtherCatalogue) {
            return job.started(count(request));
        }
        // Times without calls take no steps.
        Optional<Instant> begin = store
                .ledger()
                .page(
                        request.filter(),
                        new ReportPeriod.Between(next, request.period().to()),
                        Optional.empty(),
                        1)
                .stream()
                .map(call -> call.timing().startedAt())
                .findFirst();
        if (begin.isEmpty()) {
            RerateJob whole = job.progress().report().isPresent()
                    ? job
                    : job.advanced(next, rated(rerating, request, next, next));
            return whole.ended(State.DONE, time.wallTime());
        }
        Instant end = begin.get().plus(stretch);
        Instant stop =
                end.isBefore(request.period().to()) ? end : request.period().to();
        long before = time.nanoTime();
        RatedReport report = rated(rerating, request, begin.get(), stop);
        adapt(Duration.ofNanos(time.nanoTime() - before));
        RerateJob after = job.advanced(stop, report);
        int groups = after.progress().report().orElseThrow().groups().size();
        if (groups > MAX_GROUPS) {
            throw new IllegalStateException("the report has more than " + MAX_GROUPS
                    + " groups, expected fewer: another dimension or a filter makes it shorter");
        }
        return after;
    }

    private RatedReport rated(Rerating rerating, RerateRequest request, Instant from, Instant to) {
        return ledger.rerate(rerating, request.dimension(), request.filter(), ReportPeriod.between(from, to));
    }

    private long count(RerateRequest request) {
        return store.ledger().spendBy(SpendDimension.OUTCOME, request.filter(), request.period()).stream()
                .map(GroupSpend::calls)
                .mapToLong(CallCounts::all)
                .sum();
    }

    /** So that a step takes some tenths of a second, however many calls there are in an hour. */
    private void adapt(Duration took) {
        if (took.compareTo(QUICK) < 0) {
            Duration longer = stretch.multipliedBy(2);
            stretch = longer.compareTo(LONGEST_STRETCH) < 0 ? longer : LONGEST_STRETCH;
        } else if (took.compareTo(QUICK.multipliedBy(SLOW_FACTOR)) > 0) {
            Duration shorter = stretch.dividedBy(2);
            stretch = shorter.compareTo(SHORTEST_STRETCH) > 0 ? shorter : SHORTEST_STRETCH;
        }
    }

    private PriceCatalogue catalogue(RerateJob job) {
        Optional<String> file = job.request().prices().file();
        if (file.isEmpty()) {
            return router().prices().catalogue();
        }
        Parsed known = parsed;
        if (known == null || !known.job().equals(job.id())) {
            known = new Parsed(job.id(), router().parseCatalogue(file.get()));
            parsed = known;
        }
        return known.catalogue();
    }
}
