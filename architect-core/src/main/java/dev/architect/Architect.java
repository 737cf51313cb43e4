package dev.architect;

import dev.architect.access.AccessStore;
import dev.architect.activity.ActivityRecorder;
import dev.architect.activity.DecisionWriter;
import dev.architect.audit.AuditStore;
import dev.architect.change.ChangeStore;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.check.Check;
import dev.architect.creation.CreationStore;
import dev.architect.embedding.EmbeddingRequest;
import dev.architect.embedding.EmbeddingResponse;
import dev.architect.event.EventListener;
import dev.architect.gateway.AsyncChats;
import dev.architect.gateway.ChatGateway;
import dev.architect.gateway.LedgerWriter;
import dev.architect.job.Jobs;
import dev.architect.job.export.Exports;
import dev.architect.job.ledger.Reconciliations;
import dev.architect.job.ledger.RerateJobs;
import dev.architect.ledger.Ledger;
import dev.architect.loop.EngineThreads;
import dev.architect.maintenance.EngineHealth;
import dev.architect.project.rule.Projects;
import dev.architect.prompt.PromptWorker;
import dev.architect.record.Feedback;
import dev.architect.request.CostForecast;
import dev.architect.request.PromptTokens;
import dev.architect.request.RequestScope;
import dev.architect.route.Route;
import dev.architect.routing.Routing;
import dev.architect.schedule.BulkActions;
import dev.architect.schedule.Scheduler;
import dev.architect.schedule.TaskCanceller;
import dev.architect.schedule.TaskHandles;
import dev.architect.schedule.TaskOperator;
import dev.architect.schedule.TaskWaiters;
import dev.architect.setting.Settings;
import dev.architect.spi.Router;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import dev.architect.thread.ThreadRunner;
import dev.architect.view.PageViews;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to models, runs durable tasks, and accounts for both. The verbs that every host needs stand here; the rest is
 * grouped by subject: {@link #tasks()}, {@link #ledger()}, {@link #providers()}, {@link #sessions()}, {@link #nodes()}, {@link #activity()},
 * {@link #records()}, {@link #routing()}, {@link #reviews()}, {@link #schedules()}, {@link #queues()}, {@link #limits()}, {@link #jobs()}, {@link #exports()}, {@link #rerateJobs()}, {@link #reconciliations()},
 * {@link #projects()}, {@link #views()}, {@link #settings()}.
 *
 * <p>Build one per process with {@link #builder()} and close it at the end. Methods that touch the store or a provider block,
 * but for {@link #chatAsync}. Safe for use by several threads.
 */
public final class Architect implements AutoCloseable {

    private final OwnedParts owned;
    private final Router router;
    private final ChatGateway gateway;
    private final AsyncChats asyncChats;
    private final Tasks tasks;
    private final Ledger ledger;
    private final LedgerWriter ledgerWriter;
    private final Providers providers;
    private final Sessions sessions;
    private final Nodes nodes;
    private final ActivityLog activity;
    private final Records records;
    private final Routing routing;
    private final Schedules schedules;
    private final Reviews reviews;
    private final Limits limits;
    private final Queues queues;
    private final Jobs jobs;
    private final Exports exports;
    private final RerateJobs rerateJobs;
    private final Reconciliations reconciliations;
    private final Budgets budgets;
    private final Projects projects;
    private final PageViews views;
    private final Settings settings;
    private final Optional<AccessStore> access;
    private final Optional<AuditStore> audit;
    private final Optional<ChangeStore> changes;
    private final Optional<CreationStore> creations;
    private final TimeSource time;
    private final @Nullable Scheduler scheduler;
    private volatile boolean closed;

    /**
     * Starts what {@code parts} describes.
     *
     * @param owned has the store and the providers, and gets what is opened here; the caller closes it when this fails
     */
    Architect(ArchitectBuilder parts, OwnedParts owned) {
        this.owned = owned;
        this.time = parts.time();
        Map<String, Worker> workers = parts.workersByType();
        Store store = parts.requiredStore();
        // Added in this order, they are closed in the reverse one: no attempt runs without a router, no event is lost
        // while the recorder can still write it, and the store goes last.
        ThreadRunner runner = owned.add(new ThreadRunner("architect"));
        this.settings = parts.settings();
        ActivityRecorder recorder = owned.add(new ActivityRecorder(store.activity(), time, runner));
        DecisionWriter decisions = owned.add(
                new DecisionWriter(store.records(), () -> settings.current().recordRetention(), time, runner));
        this.router = parts.createRouter(owned);
        TaskWaiters waiters = owned.add(new TaskWaiters(store.tasks(), time, runner));
        // Before the scheduler, so that it is closed after the last attempt has ended.
        ItemRelay itemRelay = owned.add(new ItemRelay(time, runner));
        EventListener events = new CompositeEventListener(
                relay(parts.listeners(), time, runner), recorder, decisions, waiters, itemRelay.progress());
        router.listen(events);
        // After the router, so that it is closed before it.
        this.routing = owned.add(new Routing(store.cluster(), router.control(), time));
        // At once, so that the first request is routed as all others.
        routing.start(runner);
        this.ledgerWriter = owned.add(new LedgerWriter(store.ledger(), time, runner));
        this.gateway = new ChatGateway(router, ledgerWriter, events, parts.recordsBeforeAnswer());
        this.asyncChats = new AsyncChats(gateway, runner, parts.maxAsyncRequests());
        Scheduler scheduler = parts.performsTasks()
                ? owned.add(new Scheduler(
                        store,
                        time,
                        EngineThreads.of(runner),
                        events,
                        parts.schedulerSettings(settings),
                        workers,
                        capacities(workers, router),
                        gateway))
                : null;
        TaskCanceller canceller = new TaskCanceller(store.tasks(), time, events, scheduler);
        TaskHandles handles = new TaskHandles(store.tasks(), waiters, canceller);
        TaskSubmitter submitter = new TaskSubmitter(
                store.tasks(), store.cluster(), store.nodes(), workers, router, time, events, handles, scheduler);
        BulkActions bulk = new BulkActions(store.tasks(), time, events, scheduler);
        this.jobs = new Jobs(
                store,
                time,
                bulk,
                work -> Optional.ofNullable(scheduler).map(engine -> engine.addRole(Jobs.ROLE, work)));
        this.exports = new Exports(
                store, time, work -> Optional.ofNullable(scheduler).map(engine -> engine.addRole(Exports.ROLE, work)));
        this.rerateJobs = new RerateJobs(
                store,
                time,
                router.control(),
                work -> Optional.ofNullable(scheduler).map(engine -> engine.addRole(RerateJobs.ROLE, work)));
        this.tasks = new Tasks(
                store.tasks(),
                store.steps(),
                submitter,
                canceller,
                new TaskOperator(store.tasks(), time, events, canceller, scheduler),
                bulk,
                handles,
                new TaskExplainer(store, scheduler));
        this.ledger = new Ledger(store.ledger(), time);
        this.reconciliations = new Reconciliations(store.cluster(), ledger, time);
        this.providers = new Providers(router);
        this.sessions = new Sessions(store, scheduler);
        this.nodes = new Nodes(store, scheduler);
        this.activity = new ActivityLog(store.activity());
        this.records = new Records(store.records(), router::learn);
        this.schedules = new Schedules(store.schedules(), submitter, handles);
        this.reviews =
                new Reviews(store.reviews(), tasks, () -> settings.current().reviews(), time, scheduler);
        this.limits = new Limits(store.tasks(), scheduler);
        this.queues = new Queues(store.lanes(), store.cluster(), events, time, scheduler);
        this.budgets = new Budgets(parts.budgets());
        this.projects = new Projects(
                store.projects(),
                store.tasks(),
                store.ledger(),
                request -> tasks.submit(request).id());
        itemRelay.follow(projects);
        this.views = new PageViews(store.cluster(), time);
        this.access = store.access();
        this.audit = store.audit();
        this.changes = store.changes();
        this.creations = store.creations();
        owned.add(store.subscribe(change -> {
            waiters.onChange(change);
            if (scheduler != null) {
                scheduler.onChange(change);
            }
        }));
        waiters.start();
        ledgerWriter.start();
        this.scheduler = scheduler;
        // Last: attempts may run from here on, and they use everything above.
        if (scheduler != null) {
            if (parts.startsPaused()) {
                scheduler.pause();
            }
            scheduler.start();
        }
    }

    /** None for a host that does not listen: each event would pass through a queue and another thread for nothing. */
    private List<EventListener> relay(List<EventListener> listeners, TimeSource time, ThreadRunner runner) {
        return listeners.isEmpty()
                ? List.of()
                : List.of(owned.add(new EventRelay(new CompositeEventListener(listeners), time, runner)));
    }

    private static Map<String, IntSupplier> capacities(Map<String, Worker> workers, Router router) {
        Map<String, IntSupplier> capacities = new HashMap<>();
        // The built-in worker does nothing but call models, so its capacity is theirs.
        workers.forEach((type, worker) ->
                capacities.put(type, worker instanceof PromptWorker ? router::freeCalls : worker::capacity));
        return capacities;
    }

    /** Returns a builder. A store and a router are required. */
    public static ArchitectBuilder builder() {
        return new ArchitectBuilder();
    }

    /**
     * Answers a request now, through the router, within {@link RequestScope#DEFAULT_TIMEOUT}.
     *
     * @throws dev.architect.route.UnservableRequestException when no configured model could ever answer it
     * @throws dev.architect.error.ArchitectException when no candidate answered, or a failure must not be tried elsewhere
     */
    public ChatResponse chat(ChatRequest request) {
        return chat(request, RequestScope.create());
    }

    /** Answers a request now, on behalf of {@code scope}. */
    public ChatResponse chat(ChatRequest request, RequestScope scope) {
        return chat(request, scope, null);
    }

    /** Answers a request now and hands the answer to {@code listener} as it comes. */
    public ChatResponse chat(ChatRequest request, ChatListener listener) {
        return chat(request, RequestScope.create(), Check.notNull("listener", listener));
    }

    /**
     * Answers a request now, on behalf of {@code scope}.
     *
     * @param listener receives the answer as it comes; null for the whole answer at once
     * @throws dev.architect.route.UnservableRequestException when no configured model could ever answer it
     * @throws dev.architect.error.ArchitectException when no candidate answered, or a failure must not be tried elsewhere; a
     *     {@link dev.architect.model.ProviderException} of kind {@code CANCELLED} when the scope's cancellation ended it
     */
    public ChatResponse chat(ChatRequest request, RequestScope scope, @Nullable ChatListener listener) {
        requireOpen();
        return gateway.chat(Check.notNull("request", request), Check.notNull("scope", scope), null, listener);
    }

    /**
     * Turns texts into vectors now, through the router, on behalf of {@code scope}. The calls are in the ledger as those of chats are.
     *
     * @throws dev.architect.route.UnservableRequestException when the model could never do that
     * @throws dev.architect.error.ArchitectException as {@link #chat(ChatRequest, RequestScope, ChatListener)}
     */
    public EmbeddingResponse embed(EmbeddingRequest request, RequestScope scope) {
        requireOpen();
        return gateway.embed(Check.notNull("request", request), Check.notNull("scope", scope));
    }

    /** As {@link #chatAsync(ChatRequest, RequestScope, ChatListener)}, for the whole answer at once. */
    public CompletableFuture<ChatResponse> chatAsync(ChatRequest request, RequestScope scope) {
        return chatAsync(request, scope, null);
    }

    /**
     * Starts a request and returns at once. The future fails with what {@link #chat(ChatRequest, RequestScope, ChatListener)}
     * throws; cancelling it cancels the request, and so does the scope's cancellation.
     *
     * @param listener receives the answer as it comes, on another thread; null for the whole answer at once
     * @throws dev.architect.error.CapacityException when {@link ArchitectBuilder#maxAsyncRequests} are running
     */
    public CompletableFuture<ChatResponse> chatAsync(
            ChatRequest request, RequestScope scope, @Nullable ChatListener listener) {
        requireOpen();
        return asyncChats.chat(Check.notNull("request", request), Check.notNull("scope", scope), listener);
    }

    /** Returns the route that a request of the default scope would take now, without calling a provider. */
    public Route route(ChatRequest request) {
        return route(request, RequestScope.create());
    }

    /**
     * Returns the route that a request would take now on behalf of {@code scope}, without calling a provider: project, user, tags and
     * priority may decide about it. {@link Route#explanation} renders it.
     */
    public Route route(ChatRequest request, RequestScope scope) {
        return router.route(Check.notNull("request", request), Check.notNull("scope", scope));
    }

    /**
     * Returns how many tokens the prompt of a request has on the model that would answer it now: as the provider of a named model counts
     * them, else by an estimate. Nothing is billed for it. Blocks for some seconds at most.
     *
     * @throws dev.architect.route.UnservableRequestException when no configured model could ever answer it
     * @throws dev.architect.route.NoRouteException when no model may answer it now
     */
    public PromptTokens countTokens(ChatRequest request, RequestScope scope) {
        requireOpen();
        router.check(Check.notNull("request", request));
        return router.countTokens(request, Check.notNull("scope", scope));
    }

    /**
     * Returns what a request would cost on the model that would answer it now, with the length of its answer forecast from earlier ones. No model is
     * called. Nothing is billed for it, and nothing is reserved of a budget.
     *
     * @throws dev.architect.route.UnservableRequestException when no configured model could ever answer it
     * @throws dev.architect.route.NoRouteException when no model may answer it now
     */
    public CostForecast forecastCost(ChatRequest request, RequestScope scope) {
        requireOpen();
        router.check(Check.notNull("request", request));
        return router.forecastCost(request, Check.notNull("scope", scope));
    }

    /**
     * Accepts a task. It is in the store when this returns and will run even if this process dies.
     *
     * @throws IllegalArgumentException when no worker performs such tasks, or the worker rejects it; a {@link
     *     dev.architect.route.UnservableRequestException} when no configured model could ever answer the request of a prompt task
     */
    public TaskHandle submit(TaskRequest request) {
        requireOpen();
        return tasks.submit(request);
    }

    /** The durable tasks. */
    public Tasks tasks() {
        requireOpen();
        return tasks;
    }

    /** The ledger: what everything cost. */
    public Ledger ledger() {
        return ledger;
    }

    /** The providers. */
    public Providers providers() {
        return providers;
    }

    /** The session pool of this node. */
    public Sessions sessions() {
        return sessions;
    }

    /** The nodes that share the store. */
    public Nodes nodes() {
        return nodes;
    }

    /** The activity log. */
    public ActivityLog activity() {
        return activity;
    }

    /** Users, logins and tokens of the store; empty when it keeps none. */
    public Optional<AccessStore> access() {
        return access;
    }

    /** The answers of creations by their keys; empty when the store keeps none. */
    public Optional<CreationStore> creations() {
        return creations;
    }

    /** What was done by whom, as the store has it; empty when it keeps no audit. */
    public Optional<AuditStore> audit() {
        return audit;
    }

    /** The log of what was changed, as the store has it; empty when it keeps none. */
    public Optional<ChangeStore> changes() {
        return changes;
    }

    /** Limits on what calls cost. */
    public Budgets budgets() {
        return budgets;
    }

    /** Records of decisions, and feedback about answers. */
    public Records records() {
        return records;
    }

    /** What people change about routing while it runs: policy, models and prices. */
    public Routing routing() {
        requireOpen();
        return routing;
    }

    /** Projects, their boards and items. */
    public Projects projects() {
        requireOpen();
        return projects;
    }

    /** Views of pages that people have saved. */
    public PageViews views() {
        requireOpen();
        return views;
    }

    /** Settings of the engine that can be changed while it runs. */
    public Settings settings() {
        requireOpen();
        return settings;
    }

    /** Tasks that come again and again. */
    public Schedules schedules() {
        requireOpen();
        return schedules;
    }

    /** What a person must decide before it is done. From the first call on, this node takes part in reminding, expiring and delivering. */
    public Reviews reviews() {
        requireOpen();
        reviews.take();
        return reviews;
    }

    /** How many tasks with one limit key may run at once. */
    public Limits limits() {
        requireOpen();
        return limits;
    }

    /** Operations on many tasks that go on by themselves. */
    public Jobs jobs() {
        requireOpen();
        return jobs;
    }

    /** Lists that are written to files in the background. */
    public Exports exports() {
        requireOpen();
        return exports;
    }

    /** What recorded calls would have cost by other prices, worked out in the background. */
    public RerateJobs rerateJobs() {
        requireOpen();
        return rerateJobs;
    }

    /** Invoices of providers that were compared with the ledger. */
    public Reconciliations reconciliations() {
        requireOpen();
        return reconciliations;
    }

    /** Queues and their tenants. */
    public Queues queues() {
        requireOpen();
        return queues;
    }

    /**
     * Keeps that the answer to a request was good enough, or was not; it is durable when this returns. {@link #records()} takes scores and
     * several at once.
     *
     * @param requestId names the request: {@link ChatResponse#requestId()}
     */
    public void feedback(String requestId, boolean isAccepted) {
        requireOpen();
        records.keep(
                isAccepted
                        ? Feedback.accepted(requestId, time.wallTime())
                        : Feedback.rejected(requestId, time.wallTime()));
    }

    /**
     * Keeps how good the answer to a request was; it is durable when this returns.
     *
     * @param requestId names the request: {@link ChatResponse#requestId()}
     * @param score from 0.0 to 1.0
     */
    public void feedback(String requestId, double score) {
        requireOpen();
        records.keep(Feedback.scored(requestId, score, time.wallTime()));
    }

    /** How the engine of this node fares now. Does not block. */
    public EngineHealth health() {
        return new EngineHealth(
                scheduler == null ? Duration.ZERO : scheduler.longestSilence(),
                scheduler == null ? 0 : scheduler.writtenOffCount(),
                scheduler == null ? 0 : scheduler.unrecordedCount(),
                scheduler != null && scheduler.isStoreWaiting(),
                ledgerWriter.keptCount());
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("Architect is closed, expected open");
        }
    }

    /**
     * Makes a {@link #close()} that waits for running tasks, or the next one, give them back at once. Returns at once; safe for use by
     * any thread, such as one that handles a second request to stop.
     */
    public void handBack() {
        if (scheduler != null) {
            scheduler.handBack();
        }
    }

    /**
     * Stops in order: finishes or gives back what runs (within {@link ArchitectBuilder#stopTimeout}), writes what is pending, and closes the
     * providers and the store. A step that fails does not keep the later ones from being done; its failure is thrown at the
     * end. Calling it twice does nothing more.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        // Before the parts are closed, so that no new request comes in while running ones end.
        closed = true;
        owned.close();
    }
}
