package dev.architect;

import dev.architect.budget.BudgetCatalogue;
import dev.architect.check.Check;
import dev.architect.event.EventListener;
import dev.architect.maintenance.TaskRetention;
import dev.architect.prompt.PromptWorker;
import dev.architect.review.ReviewLimits;
import dev.architect.schedule.Scheduler;
import dev.architect.setting.EngineSettings;
import dev.architect.setting.Settings;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.Router;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.task.PoolLimits;
import dev.architect.task.TaskOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Wires an {@link Architect}: the chain of calls shows what runs. Builds once. The store and the providers belong to the
 * {@code Architect} from {@link #build()} on, and are closed with it. Not safe for use by several threads.
 *
 * <p>A call that fails closes the store and the providers that were added, and that provider: they are usually made within the
 * chain of calls, where the caller has no reference to close. The builder cannot be used any more then.
 */
public final class ArchitectBuilder {

    /** How many asynchronous requests run at a time unless the host sets another limit. */
    public static final int DEFAULT_MAX_ASYNC_REQUESTS = 1_000;

    /** How long a task waits for unavailable providers before it is dead, unless the host sets another limit. */
    public static final Duration DEFAULT_OUTAGE_LIMIT = Duration.ofHours(24);

    /** How long {@link Architect#close()} takes at most for running tasks, unless the builder says otherwise. */
    public static final Duration DEFAULT_STOP_TIMEOUT = Duration.ofSeconds(20);

    /** How long records of decisions and feedback are kept, unless the host sets another time. */
    public static final Duration DEFAULT_RECORD_RETENTION = Duration.ofDays(30);

    private static final Duration MAX_STOP_TIMEOUT = Duration.ofHours(1);

    private @Nullable Store store;
    private Router.@Nullable Factory router;
    private final List<ModelProvider> providers = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>(List.of(new PromptWorker()));
    private final List<EventListener> listeners = new ArrayList<>();
    private TimeSource time = TimeSource.system();
    private final Map<String, PoolLimits> pools =
            new TreeMap<>(Map.of(TaskOptions.DEFAULT_SESSION_KIND, PoolLimits.DEFAULT));
    private String nodeName = "node";
    private int maxAsyncRequests = DEFAULT_MAX_ASYNC_REQUESTS;
    private boolean recordsBeforeAnswer = true;
    private Duration outageLimit = DEFAULT_OUTAGE_LIMIT;
    private Duration stopTimeout = DEFAULT_STOP_TIMEOUT;
    private TaskRetention retention = TaskRetention.DEFAULT;
    private Duration recordRetention = DEFAULT_RECORD_RETENTION;
    private ReviewLimits reviewLimits = ReviewLimits.USUAL;
    private boolean performsTasks = true;
    private boolean startsPaused;
    private boolean built;
    private @Nullable Optional<BudgetCatalogue> budgets;

    ArchitectBuilder() {}

    /** Where tasks, ledger and activity are stored. Required. */
    public ArchitectBuilder store(Store chosen) {
        return with(() -> this.store = Check.notNull("store", chosen));
    }

    /** Adds a provider; names must differ. */
    public ArchitectBuilder provider(ModelProvider added) {
        return with(() -> {
            providers.add(Check.notNull("provider", added));
            if (providers.stream()
                            .filter(known -> known.name().equals(added.name()))
                            .count()
                    > 1) {
                throw new IllegalArgumentException(
                        "provider '" + added.name() + "' was added twice, expected different names");
            }
        });
    }

    /** The router that selects among the providers. Required. */
    public ArchitectBuilder router(Router.Factory chosen) {
        return with(() -> this.router = Check.notNull("router", chosen));
    }

    /** Adds a worker for task types of the host's own. The type {@code prompt} is built in. */
    public ArchitectBuilder worker(Worker added) {
        return with(() -> workers.add(Check.notNull("worker", added)));
    }

    /** Adds a listener to all events. */
    public ArchitectBuilder listener(EventListener added) {
        return with(() -> listeners.add(Check.notNull("listener", added)));
    }

    /** Clocks and randomness; the system's by default. */
    public ArchitectBuilder time(TimeSource chosen) {
        return with(() -> this.time = Check.notNull("time", chosen));
    }

    /**
     * The size of the pool of sessions for tasks that name no kind of session; {@link PoolLimits#DEFAULT} by default. It is that of this node:
     * nodes that share a store each have their own.
     */
    public ArchitectBuilder pool(PoolLimits limits) {
        return pool(TaskOptions.DEFAULT_SESSION_KIND, limits);
    }

    /**
     * Gives the node a pool of sessions of another kind, for tasks with that {@linkplain TaskOptions#withSessionKind kind of session}; this node
     * performs no tasks of kinds that it has no pool of.
     *
     * @param kind written as in {@link TaskOptions#sessionKind}
     */
    public ArchitectBuilder pool(String kind, PoolLimits limits) {
        return with(() -> this.pools.put(TaskOptions.checkName("kind", kind), Check.notNull("limits", limits)));
    }

    /** This node's name for people; {@code node} by default. */
    public ArchitectBuilder nodeName(String name) {
        return with(() -> this.nodeName = Check.notBlank("nodeName", name));
    }

    /**
     * How long {@link Architect#close()} lets running tasks go on before it interrupts them and gives them back, the time that they take to return
     * included; {@link #DEFAULT_STOP_TIMEOUT} by default.
     *
     * @throws IllegalArgumentException when it is negative or longer than an hour
     */
    public ArchitectBuilder stopTimeout(Duration timeout) {
        if (Check.notNull("timeout", timeout).isNegative() || timeout.compareTo(MAX_STOP_TIMEOUT) > 0) {
            throw new IllegalArgumentException("stopTimeout is " + timeout + ", expected zero to " + MAX_STOP_TIMEOUT);
        }
        this.stopTimeout = timeout;
        return this;
    }

    /**
     * Whether a direct request returns only when its calls are in the ledger; true by default. With false the answer does not wait
     * for the store, and what was asked in the last moments before a crash is missing, unless the store notes calls before they are sent.
     * The calls of a task are in the ledger before the task is done in any case.
     */
    public ArchitectBuilder recordBeforeAnswer(boolean waits) {
        this.recordsBeforeAnswer = waits;
        return this;
    }

    /** The most requests of {@link Architect#chatAsync} at a time; {@link #DEFAULT_MAX_ASYNC_REQUESTS} by default. */
    public ArchitectBuilder maxAsyncRequests(int limit) {
        return with(() -> this.maxAsyncRequests = Check.range("maxAsyncRequests", limit, 1, Integer.MAX_VALUE));
    }

    /**
     * How long a task waits for what it needs, counted from its first attempt that found it unavailable (a provider that is down,
     * an open circuit breaker, no free permit), before it is dead; {@link #DEFAULT_OUTAGE_LIMIT} by default. Such attempts do not
     * count as tries.
     */
    public ArchitectBuilder outageLimit(Duration limit) {
        this.outageLimit = Check.positive("outageLimit", limit);
        return this;
    }

    /**
     * How long ended tasks are kept; {@link TaskRetention#DEFAULT} by default. Nodes that perform tasks delete older ones, a few at a
     * time.
     */
    public ArchitectBuilder retention(TaskRetention kept) {
        return with(() -> this.retention = Check.notNull("retention", kept));
    }

    /**
     * How long records of decisions and feedback about answers are kept; {@link #DEFAULT_RECORD_RETENTION} by default. A node that writes
     * records deletes older ones every hour.
     */
    public ArchitectBuilder recordRetention(Duration kept) {
        return with(() -> this.recordRetention = Check.positive("recordRetention", kept));
    }

    /** How long things take in the queue of reviews; {@link ReviewLimits#USUAL} by default. The same on all nodes of a store. */
    public ArchitectBuilder reviewLimits(ReviewLimits limits) {
        return with(() -> this.reviewLimits = Check.notNull("reviewLimits", limits));
    }

    /** Makes a node that sends requests and submits tasks but performs no tasks itself. */
    public ArchitectBuilder withoutTaskExecution() {
        this.performsTasks = false;
        return this;
    }

    /**
     * Makes a node that claims no tasks until {@link Sessions#resume}, for a host whose other parts start later than this one. It takes
     * requests and submissions from the beginning.
     */
    public ArchitectBuilder paused() {
        this.startsPaused = true;
        return this;
    }

    /**
     * Starts. Blocks while the node registers itself in the store.
     *
     * <p>When it fails, the store and the providers are closed as well, and nothing that it started goes on. What fails while they
     * are closed is suppressed in the failure.
     *
     * @throws IllegalStateException when the store or the router is missing, two workers name the same task type, it was called
     *     before, or an earlier call failed
     * @throws dev.architect.error.StoreException when the store fails
     */
    public Architect build() {
        if (built) {
            throw new IllegalStateException("build() was called twice, or after a call that failed, expected once");
        }
        built = true;
        OwnedParts owned = owned();
        try {
            return new Architect(this, owned);
        } catch (Throwable failure) {
            owned.closeBecauseOf(failure);
            throw failure;
        }
    }

    private OwnedParts owned() {
        OwnedParts owned = new OwnedParts();
        if (store != null) {
            owned.add(store);
        }
        providers.forEach(owned::add);
        return owned;
    }

    /** Makes a change of the builder; when it fails, what was added is closed, unless it belongs to an Architect already. */
    private ArchitectBuilder with(Runnable change) {
        try {
            change.run();
            return this;
        } catch (RuntimeException failure) {
            if (!built) {
                built = true;
                owned().closeBecauseOf(failure);
            }
            throw failure;
        }
    }

    Duration stopTimeout() {
        return stopTimeout;
    }

    Store requiredStore() {
        if (store == null) {
            throw new IllegalStateException("store is missing, expected a call of store(...)");
        }
        return store;
    }

    /** The same for the router and for the host, so that a change of the host is seen by the router at once. */
    Optional<BudgetCatalogue> budgets() {
        if (budgets == null) {
            budgets = requiredStore().budgets().map(BudgetCatalogue::new);
        }
        return budgets;
    }

    /** Makes the router, which owns the providers from then on. */
    Router createRouter(OwnedParts owned) {
        if (router == null) {
            throw new IllegalStateException("router is missing, expected a call of router(...)");
        }
        Router created = router.create(new Router.Parts(
                providers,
                time,
                requiredStore().quotas(),
                budgets(),
                Optional.of(requiredStore().records())));
        providers.forEach(owned::remove);
        return owned.add(created);
    }

    Map<String, Worker> workersByType() {
        Map<String, Worker> byType = new LinkedHashMap<>();
        for (Worker worker : workers) {
            for (String type : worker.types()) {
                if (byType.put(type, worker) != null) {
                    throw new IllegalStateException(
                            "task type '" + type + "' has two workers, expected one for each type");
                }
            }
        }
        return Map.copyOf(byType);
    }

    List<EventListener> listeners() {
        return List.copyOf(listeners);
    }

    TimeSource time() {
        return time;
    }

    Scheduler.Settings schedulerSettings(Settings settings) {
        return new Scheduler.Settings(
                nodeName,
                Map.copyOf(pools),
                () -> settings.current().outageLimit(),
                () -> settings.current().retention(),
                stopTimeout);
    }

    /** Reads what is set in the store in place of what was configured here. */
    Settings settings() {
        return new Settings(
                requiredStore().cluster(),
                time,
                new EngineSettings(retention, recordRetention, outageLimit, reviewLimits),
                new EngineSettings(
                        TaskRetention.DEFAULT, DEFAULT_RECORD_RETENTION, DEFAULT_OUTAGE_LIMIT, ReviewLimits.USUAL),
                LoggerFactory.getLogger(Settings.class)::warn);
    }

    int maxAsyncRequests() {
        return maxAsyncRequests;
    }

    boolean recordsBeforeAnswer() {
        return recordsBeforeAnswer;
    }

    boolean startsPaused() {
        return startsPaused;
    }

    boolean performsTasks() {
        return performsTasks;
    }
}
