package dev.architect;

import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.TaskExplanation;
import dev.architect.check.Check;
import dev.architect.graph.TaskGraph;
import dev.architect.graph.TaskLink;
import dev.architect.maintenance.BulkProgress;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskEdit;
import dev.architect.maintenance.TaskFilter;
import dev.architect.route.UnservableRequestException;
import dev.architect.schedule.BulkActions;
import dev.architect.schedule.TaskCanceller;
import dev.architect.schedule.TaskHandles;
import dev.architect.schedule.TaskOperator;
import dev.architect.spi.TaskStore;
import dev.architect.step.OutputChunk;
import dev.architect.step.StepStore;
import dev.architect.step.TaskProgress;
import dev.architect.step.TaskStep;
import dev.architect.submission.IdempotencyKey;
import dev.architect.submission.IdempotencyKeyReusedException;
import dev.architect.submission.PartialSubmissionException;
import dev.architect.submission.TaskInsert;
import dev.architect.submission.TaskSubmission;
import dev.architect.task.ParentTask;
import dev.architect.task.Task;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskNotFoundException;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskPage;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import dev.architect.task.TaskStateException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The durable tasks of an {@link Architect}. Methods block for the store; safe for use by several threads. */
public final class Tasks {

    /** The longest input of a task, in characters. */
    public static final int MAX_INPUT_CHARACTERS = 1_000_000;

    private final TaskStore store;
    private final StepStore steps;
    private final TaskSubmitter submitter;
    private final TaskCanceller canceller;
    private final TaskOperator operator;
    private final BulkActions bulk;
    private final TaskHandles handles;
    private final TaskExplainer explainer;

    Tasks(
            TaskStore store,
            StepStore steps,
            TaskSubmitter submitter,
            TaskCanceller canceller,
            TaskOperator operator,
            BulkActions bulk,
            TaskHandles handles,
            TaskExplainer explainer) {
        this.store = store;
        this.steps = steps;
        this.submitter = submitter;
        this.canceller = canceller;
        this.operator = operator;
        this.bulk = bulk;
        this.handles = handles;
        this.explainer = explainer;
    }

    /**
     * Accepts a task. It is in the store when this returns and will run even if this process dies.
     *
     * @throws IllegalArgumentException when no worker performs such tasks (an {@link
     *     dev.architect.json.InvalidFieldException} for the field {@code type}), or the worker rejects it; an {@link
     *     UnservableRequestException} when no configured model could ever answer the request of a prompt task
     * @throws dev.architect.submission.UniqueKeyTakenException when its {@linkplain dev.architect.task.UniqueKey unique key} is taken and
     *     such a submission is to be refused; else the handle is that of the task that has the key
     * @throws dev.architect.graph.ParentRefusedException when it names a parent that the store does not have
     * @throws dev.architect.error.StoreException when the store does not take it, of kind {@code FULL} for example
     */
    public TaskHandle submit(TaskRequest request) {
        return submitAll(List.of(Check.notNull("request", request))).get(0);
    }

    /**
     * Accepts a task once: when the key was used in the same project within the last 24 hours, no second task is accepted, and the
     * handle is that of the first one.
     *
     * @throws IllegalArgumentException as {@link #submit(TaskRequest)}
     * @throws IdempotencyKeyReusedException when the key was used for another request
     */
    public TaskHandle submit(TaskRequest request, IdempotencyKey key) {
        return submitOnce(List.of(TaskSubmission.of(request, key))).get(0);
    }

    /**
     * Accepts the tasks of a graph, all or none, and returns their handles by their names, in the order of the graph. Each runs when those that
     * it waits for have ended.
     *
     * @throws IllegalArgumentException as {@link #submit(TaskRequest)}, with the name of the task in the message
     * @throws dev.architect.graph.ParentRefusedException when a task names a parent outside the graph that the store does not have
     * @throws dev.architect.submission.UniqueKeyTakenException when a unique key is taken
     */
    public Map<String, TaskHandle> submit(TaskGraph graph) {
        return submitter.submitGraph(graph);
    }

    /**
     * Accepts tasks and returns their handles in the same order. Up to 5,000 are accepted all or none; more are written in groups
     * of 5,000, each of which is accepted all or none, and between which others write.
     *
     * @throws IllegalArgumentException as {@link #submit}, in which case none is accepted; of several tasks, the message names the wrong
     *     one by its index, for example {@code tasks[3]}
     * @throws PartialSubmissionException when a group fails after another one was accepted; it has the handles of those
     */
    public List<TaskHandle> submitAll(List<TaskRequest> requests) {
        return submitter.submitAll(requests);
    }

    /**
     * As {@link #submitAll}, for tasks of which some have an idempotency key, as in {@link #submit(TaskRequest, IdempotencyKey)}. A key
     * that stands twice in the list has the effect of two submissions.
     *
     * @throws IdempotencyKeyReusedException when a key was used for another request; nothing of its group is accepted
     */
    public List<TaskHandle> submitOnce(List<TaskSubmission> submissions) {
        return submitter.submitOnce(submissions);
    }

    /**
     * Checks tasks as {@link #submit} does, and stores them in a transaction of the host. They exist, and start, when the host has
     * committed; after a roll back there are none, and their handles find nothing. There is no event for their submission.
     *
     * <pre>{@code
     * connection.setAutoCommit(false);
     * orders.insert(connection, order);
     * architect.tasks().submitWith(List.of(invoice), requests -> store.submit(connection, requests));
     * connection.commit();
     * }</pre>
     *
     * @param insert stores them, for example {@code SqliteStore.submit} with the host's connection
     * @throws IllegalArgumentException as {@link #submitAll}; nothing was stored
     * @throws E what {@code insert} throws
     */
    public <E extends Exception> List<TaskHandle> submitWith(List<TaskRequest> requests, TaskInsert<E> insert)
            throws E {
        return submitter.submitWith(requests, insert);
    }

    /**
     * Makes this node look for ready tasks now, for a host that has just committed a transaction with tasks of {@link #submitWith}: without
     * it, they start when the store announces them, or a fraction of a second later. Returns at once; does nothing on a node that performs
     * no tasks.
     */
    public void wake() {
        submitter.wake();
    }

    /** Returns a handle of a task, also of an earlier process; empty when there is none with that id. */
    public Optional<TaskHandle> handle(TaskId id) {
        return find(id).map(task -> handles.handle(task.id()));
    }

    /** Returns a task as it stands, empty when there is none with that id. */
    public Optional<Task> find(TaskId id) {
        return store.find(Check.notNull("id", id));
    }

    /** Returns tasks, newest first. */
    public List<Task> list(TaskQuery query) {
        return store.list(Check.notNull("query", query));
    }

    /**
     * Returns tasks, newest first, for somebody who waits for them. The time that it takes is bounded, so a page may have fewer tasks than the query
     * asks for, or none, although more follow.
     */
    public TaskPage browse(TaskQuery query) {
        return store.browse(Check.notNull("query", query));
    }

    /** Returns how a task ended, empty while it has not or when there is none with that id. */
    public Optional<TaskResult> result(TaskId id) {
        return store.result(Check.notNull("id", id));
    }

    /** Returns the ended attempts of a task, oldest first. */
    public List<Attempt> attempts(TaskId id) {
        return store.attempts(Check.notNull("id", id));
    }

    /**
     * Returns why the attempts at a task ran where they ran: why this node, this session and these models. It answers by what was kept of
     * each attempt, also after its node has gone. The last {@value dev.architect.attempt.AttemptBasis#MAX_ROUTES} requests of an attempt are
     * kept.
     *
     * @return empty when there is no task with that id
     */
    public Optional<TaskExplanation> explain(TaskId id) {
        return explainer.explain(Check.notNull("id", id));
    }

    /** Returns the tasks that a task waits for or has waited for, in the order in which it names them. */
    public List<TaskLink> parents(TaskId id) {
        return store.parents(Check.notNull("id", id));
    }

    /** Returns the tasks that wait for a task or have waited for it, in the order of their ids, at most {@value TaskStore#MAX_BATCH}. */
    public List<TaskLink> children(TaskId id) {
        return store.children(Check.notNull("id", id), Optional.empty(), TaskStore.MAX_BATCH);
    }

    /**
     * As {@link #children(TaskId)}, from a child on.
     *
     * @param after the last child of the page before
     * @param limit the most children, 1 to {@value TaskStore#MAX_BATCH}
     */
    public List<TaskLink> children(TaskId id, TaskId after, int limit) {
        return store.children(
                Check.notNull("id", id),
                Optional.of(Check.notNull("after", after)),
                Check.range("limit", limit, 1, TaskStore.MAX_BATCH));
    }

    /** Returns the durable steps of a task in the order in which they were recorded. */
    public List<TaskStep> steps(TaskId id) {
        return steps.steps(Check.notNull("id", id));
    }

    /** Returns how far the worker of a task has come, by its last statement; empty when it has made none. */
    public Optional<TaskProgress> progress(TaskId id) {
        return steps.progress(Check.notNull("id", id));
    }

    /**
     * Returns what the last attempt at a task has written so far, in order, at most {@link StepStore#MAX_CHUNKS_READ} parts. A part of a larger
     * epoch than the one before it belongs to a later attempt, which begins anew.
     *
     * @param after only parts with a larger number; 0 begins with the first
     */
    public List<OutputChunk> output(TaskId id, long after) {
        return steps.output(Check.notNull("id", id), Check.notNegative("after", after), StepStore.MAX_CHUNKS_READ);
    }

    /** Returns how many tasks are in each state; states without tasks are absent. */
    public Map<TaskState, Long> counts() {
        return store.counts();
    }

    /**
     * Cancels a task: a waiting one at once, a running one by interruption.
     *
     * @return the task as it stands afterwards, empty when there is none with that id
     */
    public Optional<Task> cancel(TaskId id) {
        return canceller.cancel(Check.notNull("id", id));
    }

    /**
     * Cancels a task at once, whatever its worker does: a running one has ended when this returns. Its worker is interrupted, also on
     * another node; what it still returns changes nothing, and what it has cost stays in the ledger. {@link #cancel} is enough for
     * workers that honour their interruption.
     *
     * @return the task as it stands afterwards, empty when there is none with that id
     */
    public Optional<Task> forceCancel(TaskId id) {
        return operator.forceCancel(Check.notNull("id", id));
    }

    /**
     * Holds a task back that waits, until it is resumed.
     *
     * @throws TaskStateException when it is not ready, scheduled, blocked or limited
     * @throws TaskNotFoundException when there is none with that id
     */
    public Task hold(TaskId id) {
        return operator.hold(Check.notNull("id", id));
    }

    /**
     * Makes a held task ready, or blocked when it waits for parents.
     *
     * @throws TaskStateException when it is not held
     * @throws TaskNotFoundException when there is none with that id
     */
    public Task resume(TaskId id) {
        return operator.resume(Check.notNull("id", id), Optional.empty());
    }

    /**
     * Makes a held task ready, and gives its worker an input: what a person has answered.
     *
     * @param input in the worker's own format, at most {@value #MAX_INPUT_CHARACTERS} characters
     * @throws TaskStateException when it is not held
     * @throws TaskNotFoundException when there is none with that id
     */
    public Task resume(TaskId id, String input) {
        return operator.resume(
                Check.notNull("id", id), Optional.of(Check.atMost("input", input, MAX_INPUT_CHARACTERS)));
    }

    /**
     * Answers a task that is held because its worker has asked something, as {@link #resume(TaskId, String)} does. One that an operator holds is
     * not answered by mistake.
     *
     * @param payload in the worker's own format, at most {@value #MAX_INPUT_CHARACTERS} characters
     * @throws TaskStateException when it is not held by a question
     * @throws TaskNotFoundException when there is none with that id
     */
    public Task signal(TaskId id, String payload) {
        Check.notNull("id", id);
        Check.atMost("payload", payload, MAX_INPUT_CHARACTERS);
        TaskState state =
                find(id).orElseThrow(() -> new TaskNotFoundException(id)).state();
        if (question(id).isEmpty()) {
            throw new TaskStateException(id, state, "held by a question of its worker");
        }
        return operator.resume(id, Optional.of(payload));
    }

    /** Returns what the worker of a held task has asked; empty when it is not held, or was held by an operator. */
    public Optional<String> question(TaskId id) {
        if (find(id).filter(task -> task.state() == TaskState.HELD).isEmpty()) {
            return Optional.empty();
        }
        List<Attempt> attempts = attempts(id);
        return attempts.isEmpty()
                ? Optional.empty()
                : Optional.of(attempts.get(attempts.size() - 1))
                        .filter(last -> last.outcome() == AttemptOutcome.NEEDS_INPUT)
                        .flatMap(Attempt::error);
    }

    /**
     * Makes a dead, cancelled or expired task ready again, or blocked when a parent has not released it. Its tries count from zero, its time from now; its attempts so far and its cost
     * stay.
     *
     * @throws TaskStateException when it is not dead, cancelled or expired; what is done is run again as a new task
     * @throws dev.architect.submission.UniqueKeyTakenException when another task has its unique key
     * @throws TaskNotFoundException when there is none with that id
     */
    public Task redrive(TaskId id) {
        return operator.redrive(Check.notNull("id", id));
    }

    /**
     * Makes all dead, cancelled and expired tasks ready again that pass a filter, 500 at a time, so that others write in between. A task
     * whose unique key another one has stays as it is.
     *
     * @return how many
     * @throws IllegalArgumentException when the filter has other states
     */
    public int redriveAll(TaskFilter filter) {
        return operator.redriveAll(Check.notNull("filter", filter));
    }

    /**
     * Returns how many tasks {@link #redriveAll} would make ready now, and changes nothing.
     *
     * @throws IllegalArgumentException when the filter has states other than dead, cancelled and expired
     */
    public long countRedrivable(TaskFilter filter) {
        return operator.countRedrivable(Check.notNull("filter", filter));
    }

    /**
     * Changes a task that waits: its level, due time, payload or attributes. The result is checked as a submission is. An edit {@linkplain
     * TaskEdit#ofVersion of a version} keeps what somebody else has changed since the task was read.
     *
     * @throws IllegalArgumentException when nothing is to be changed, or no worker takes the result; the task stays as it is
     * @throws TaskStateException when it does not wait: a running task may be cancelled, and what has ended redriven
     * @throws dev.architect.maintenance.StaleTaskException when the edit is of another version than the task has
     * @throws TaskNotFoundException when there is none with that id
     */
    public Task edit(TaskId id, TaskEdit edit) {
        Check.notNull("id", id);
        if (Check.notNull("edit", edit).isEmpty()) {
            throw new IllegalArgumentException("edit is empty, expected at least one change");
        }
        Task task = find(id).orElseThrow(() -> new TaskNotFoundException(id));
        submitter.checkEdited(edit.applyTo(task.request()));
        return operator.edit(id, edit);
    }

    /**
     * Has a task that has not begun wait for other tasks than before. It is blocked while it waits for one of them, and goes on when it waits for none.
     *
     * @param parents all that it is to wait for from now on, at most {@value dev.architect.task.TaskOptions#MAX_PARENTS}; empty for none
     * @param version the {@linkplain Task#version version} of the task as it was read
     * @return the task afterwards; cancelled when a parent has failed without which it must not run
     * @throws IllegalArgumentException when a parent stands twice, or there are too many; a {@link dev.architect.graph.TaskCycleException} with the ids
     *     when tasks would wait for each other
     * @throws dev.architect.graph.ParentRefusedException when the store does not have a parent
     * @throws TaskStateException when it is not ready, scheduled, limited or blocked
     * @throws dev.architect.maintenance.StaleTaskException when it has another version
     * @throws TaskNotFoundException when there is none with that id
     */
    public Task replaceParents(TaskId id, List<ParentTask> parents, long version) {
        Check.notNull("id", id);
        // Checks their number, and that each stands once.
        List<ParentTask> wanted = TaskOptions.DEFAULT.withParents(parents).parents();
        return operator.replaceParents(id, wanted, version);
    }

    /**
     * Makes a ready or scheduled task the next one that is claimed of its type.
     *
     * @throws TaskStateException when it is neither
     * @throws TaskNotFoundException when there is none with that id
     */
    public Task runNow(TaskId id) {
        return operator.runNow(Check.notNull("id", id));
    }

    /**
     * Returns how many tasks an action would be done to now, and changes nothing.
     *
     * @throws IllegalArgumentException when the filter has states that the action is not for
     */
    public long count(TaskAction action, TaskFilter filter) {
        return bulk.count(Check.notNull("action", action), Check.notNull("filter", filter));
    }

    /**
     * Does something to all tasks that pass a filter, 500 at a time, so that others write in between.
     *
     * @throws IllegalArgumentException when the filter has states that the action is not for
     */
    public BulkProgress changeAll(TaskAction action, TaskFilter filter) {
        return changeAll(action, filter, Optional.empty(), progress -> true);
    }

    /**
     * As {@link #changeAll(TaskAction, TaskFilter)}, from a task on, as long as the caller wishes. An action that was stopped, or whose process ended, goes
     * on after {@link BulkProgress#last}: each task is met once.
     *
     * @param after the last task that an earlier call has looked at; empty begins with the oldest
     * @param goesOn is called after each batch, on the thread of the caller; false stops there
     * @throws IllegalArgumentException when the filter has states that the action is not for
     */
    public BulkProgress changeAll(
            TaskAction action, TaskFilter filter, Optional<TaskId> after, Predicate<BulkProgress> goesOn) {
        return bulk.run(
                Check.notNull("action", action),
                Check.notNull("filter", filter),
                Check.notNull("after", after),
                Check.notNull("goesOn", goesOn));
    }
}
