package dev.architect.job;

import dev.architect.check.Check;
import dev.architect.document.DocumentPlaces;
import dev.architect.job.BulkJob.State;
import dev.architect.loop.SingleRole;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskFilter;
import dev.architect.node.NodeRole;
import dev.architect.node.RoleRegistration;
import dev.architect.node.RoleWork;
import dev.architect.node.SharedDocument;
import dev.architect.node.StaleDocumentException;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Operations on many tasks that go on by themselves: accepted by any node, carried out by one that {@linkplain #takePart takes part}, 1,000 tasks at a
 * time in the order of their ids. How far a job has come is durable: when the process ends, the job goes on elsewhere or after a restart, and each task
 * is changed once. The last {@value #PLACES} jobs are kept. Methods block for the store; safe for use by several threads.
 *
 * <ol>
 *   <li>Before a chunk is changed, its end and size are written down; afterwards, how much was done. Each write demands the version that was read, so a
 *       node that stood still and has lost its role changes nothing of what its successor has written.
 *   <li>A chunk that was begun by a process which has ended is looked at again: the tasks in it that no longer pass the filter were done, the rest is
 *       done now. Tasks that were made ready again and have ended since are told by the time of their end.
 * </ol>
 */
public final class Jobs {

    /** The role of the node that carries out jobs. */
    public static final String ROLE = "architect.jobs";

    private static final int PLACES = 100;
    private static final DocumentPlaces.Form<BulkJob> FORM = new DocumentPlaces.Form<>(
            "architect.job.",
            BulkJobCodec::write,
            BulkJobCodec::read,
            BulkJob::id,
            BulkJob::createdAt,
            job -> job.state().isEnded());
    private static final int CHUNK = 1_000;
    private static final int ID_RADIX = 36;

    /** How long one call of the work goes on; a role is lost after five seconds. */
    private static final Duration TURN = Duration.ofSeconds(2);

    /** How long it takes until a job is seen that another node has accepted. */
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(500);

    private final TaskStore tasks;
    private final DocumentPlaces<BulkJob> documents;
    private final TimeSource time;
    private final BulkChanger actions;
    private final SingleRole role;

    /**
     * Creates the jobs of a store.
     *
     * @param actions does to tasks what jobs are for
     * @param roles lets the node take part in a role with this work; returns empty where it performs no tasks
     */
    public Jobs(
            Store store, TimeSource time, BulkChanger actions, Function<RoleWork, Optional<RoleRegistration>> roles) {
        this.tasks = Check.notNull("store", store).tasks();
        this.documents = new DocumentPlaces<>(store.cluster(), PLACES, "jobs that have not ended", FORM);
        this.time = Check.notNull("time", time);
        this.actions = Check.notNull("actions", actions);
        this.role = new SingleRole(Check.notNull("roles", roles));
    }

    /** Returns how many tasks a job would be for now, and changes nothing. */
    public long count(BulkJobRequest request) {
        Check.notNull("request", request);
        return actions.count(request.action(), request.tasks(time.wallTime()));
    }

    /**
     * Accepts a job; it is durable when this returns.
     *
     * @throws ExpectedCountException when as many tasks pass the filter as the request does not expect
     * @throws dev.architect.error.CapacityException when a hundred jobs have not ended
     * @throws IllegalArgumentException when the filter is none for the action
     */
    public BulkJob submit(BulkJobRequest request) {
        return accept(prepare(request));
    }

    /**
     * Returns the job that {@link #accept} would accept, after a count of its tasks. Nothing is changed yet.
     *
     * @throws ExpectedCountException when as many tasks pass the filter as the request does not expect
     * @throws IllegalArgumentException when the filter is none for the action
     */
    public BulkJob prepare(BulkJobRequest request) {
        Instant now = time.wallTime();
        TaskFilter filter = Check.notNull("request", request).tasks(now);
        long count = actions.count(request.action(), filter);
        if (!request.expects(count)) {
            throw new ExpectedCountException(request.expectedCount().orElse(0L), count);
        }
        return new BulkJob(
                Long.toString(time.random(Long.MAX_VALUE), ID_RADIX),
                request,
                State.WAITING,
                now,
                now.plus(request.startAfter()),
                Optional.empty(),
                count,
                0,
                0,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * Accepts a job that was prepared; it is durable when this returns.
     *
     * @return the same job
     * @throws dev.architect.error.CapacityException when a hundred jobs have not ended
     */
    public BulkJob accept(BulkJob prepared) {
        documents.add(Check.notNull("prepared", prepared));
        return prepared;
    }

    /** Whether a document that a store has written is this job as it was accepted. */
    public static boolean holds(SharedDocument document, BulkJob job) {
        return FORM.isIn(Check.notNull("document", document), Check.notNull("job", job));
    }

    /** Returns the jobs that are kept, newest first. */
    public List<BulkJob> list() {
        return documents.all().stream().map(DocumentPlaces.Entry::value).toList();
    }

    /** Returns a job; empty when there is none with this id, or it is kept no more. */
    public Optional<BulkJob> find(String id) {
        return documents.find(Check.notNull("id", id)).map(DocumentPlaces.Entry::value);
    }

    /**
     * Stops a job: one that waits changes nothing, one that runs ends after its chunk. One that has ended stays as it is.
     *
     * @return the job afterwards; empty when there is none with this id
     */
    public Optional<BulkJob> stop(String id) {
        Check.notNull("id", id);
        while (true) {
            Optional<DocumentPlaces.Entry<BulkJob>> entry = documents.find(id);
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            BulkJob job = entry.get().value();
            if (job.state().isEnded() || job.state() == State.STOPPING) {
                return Optional.of(job);
            }
            BulkJob stopped = job.state() == State.WAITING
                    ? job.ended(State.STOPPED, time.wallTime(), Optional.empty())
                    : job.at(State.STOPPING);
            try {
                return Optional.of(documents.write(entry.get(), stopped).value());
            } catch (StaleDocumentException changed) {
                // It went on meanwhile: once more, until one of both was faster.
                continue;
            }
        }
    }

    /**
     * Lets this node carry out jobs while no other one does.
     *
     * @return what ends that; empty on a node that performs no tasks, or takes part already
     */
    public Optional<RoleRegistration> takePart() {
        return role.takePart(work());
    }

    /** What the node does again and again that carries out jobs. */
    public RoleWork work() {
        return this::run;
    }

    private Duration run(NodeRole role) {
        long begin = time.nanoTime();
        while (time.nanoTime() - begin < TURN.toNanos()) {
            Instant now = time.wallTime();
            List<DocumentPlaces.Entry<BulkJob>> waiting = documents.all().stream()
                    .filter(entry -> !entry.value().state().isEnded())
                    .sorted(Comparator.comparing(entry -> entry.value().startsAt()))
                    .toList();
            if (waiting.isEmpty()) {
                return LOOK_INTERVAL;
            }
            DocumentPlaces.Entry<BulkJob> first = waiting.get(0);
            Duration left = Duration.between(now, first.value().startsAt());
            if (first.value().state() == State.WAITING && left.compareTo(Duration.ZERO) > 0) {
                return left.compareTo(LOOK_INTERVAL) < 0 ? left : LOOK_INTERVAL;
            }
            try {
                step(first, now);
            } catch (StaleDocumentException changed) {
                // It was stopped, or another node has it: what stands there counts.
                continue;
            }
        }
        return Duration.ZERO;
    }

    private void step(DocumentPlaces.Entry<BulkJob> entry, Instant now) {
        BulkJob job = entry.value();
        TaskFilter filter;
        try {
            filter = job.request().tasks(job.createdAt());
        } catch (IllegalArgumentException unknown) {
            // Accepted by a newer version. The others must not wait for it.
            documents.write(entry, job.ended(State.FAILED, now, Optional.ofNullable(unknown.getMessage())));
            return;
        }
        if (job.state() == State.WAITING) {
            start(entry, filter, now);
        } else if (job.chunk().isPresent()) {
            finish(entry, recovered(job, job.chunk().get(), filter));
        } else if (job.state() == State.STOPPING) {
            documents.write(entry, job.ended(State.STOPPED, now, Optional.empty()));
        } else {
            List<TaskId> ids = tasks.ids(filter, job.last(), CHUNK);
            if (ids.isEmpty()) {
                documents.write(entry, job.ended(State.DONE, now, Optional.empty()));
                return;
            }
            BulkJob.Chunk chunk = new BulkJob.Chunk(ids.get(ids.size() - 1), ids.size(), now);
            finish(documents.write(entry, job.begun(chunk)), new Rest(ids, 0));
        }
    }

    /** It is counted again when it was accepted some time before: that number is what the caller has agreed to. */
    private void start(DocumentPlaces.Entry<BulkJob> entry, TaskFilter filter, Instant now) {
        BulkJob job = entry.value();
        boolean isDelayed = !job.request().startAfter().isZero();
        long count = isDelayed ? actions.count(job.request().action(), filter) : job.total();
        if (!job.request().expects(count)) {
            String reason =
                    new ExpectedCountException(job.request().expectedCount().orElse(0L), count).getMessage();
            documents.write(entry, job.withTotal(count).ended(State.FAILED, now, Optional.ofNullable(reason)));
            return;
        }
        documents.write(entry, job.withTotal(count).at(State.RUNNING));
    }

    /** The tasks of a chunk that are left, and how many of it were done before. */
    private record Rest(List<TaskId> ids, long doneBefore) {}

    private Rest recovered(BulkJob job, BulkJob.Chunk chunk, TaskFilter filter) {
        List<TaskId> left = tasks.ids(filter, job.last(), CHUNK).stream()
                .filter(id -> id.compareTo(chunk.end()) <= 0)
                .filter(id -> job.request().action().kind() != TaskAction.Kind.REDRIVE || endedBefore(id, chunk.at()))
                .toList();
        return new Rest(left, Math.max(0, chunk.count() - left.size()));
    }

    /** What has ended since was made ready again by this chunk, and has run. */
    private boolean endedBefore(TaskId id, Instant begin) {
        return tasks.find(id)
                .flatMap(Task::endedAt)
                .filter(end -> end.isBefore(begin))
                .isPresent();
    }

    private void finish(DocumentPlaces.Entry<BulkJob> entry, Rest rest) {
        TaskAction action = entry.value().request().action();
        Set<TaskId> changed = new HashSet<>();
        for (int from = 0; from < rest.ids().size(); from += TaskStore.MAX_BATCH) {
            int to = Math.min(rest.ids().size(), from + TaskStore.MAX_BATCH);
            changed.addAll(actions.change(action, rest.ids().subList(from, to)));
        }
        List<TaskId> skipped = new ArrayList<>(entry.value().skippedTasks());
        rest.ids().stream()
                .filter(id -> !changed.contains(id))
                .limit((long) BulkJob.MAX_SKIPPED - skipped.size())
                .forEach(skipped::add);
        long done = rest.doneBefore() + changed.size();
        long left = rest.ids().size() - (long) changed.size();
        DocumentPlaces.Entry<BulkJob> now = entry;
        while (true) {
            try {
                documents.write(now, now.value().advanced(done, left, skipped));
                return;
            } catch (StaleDocumentException stopped) {
                // A stop changes the state alone; the chunk is still this one unless another node has gone on with it.
                Optional<DocumentPlaces.Entry<BulkJob>> again =
                        documents.find(entry.value().id());
                if (again.isEmpty()
                        || !again.get().value().chunk().equals(entry.value().chunk())) {
                    throw stopped;
                }
                now = again.get();
            }
        }
    }
}
