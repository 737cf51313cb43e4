package dev.architect.spi;

import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.graph.ParentOutcome;
import dev.architect.graph.ParentRefusedException;
import dev.architect.graph.TaskGraph;
import dev.architect.graph.TaskLink;
import dev.architect.lane.LaneFullException;
import dev.architect.maintenance.PurgeCursor;
import dev.architect.maintenance.PurgedTasks;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskEdit;
import dev.architect.maintenance.TaskFilter;
import dev.architect.maintenance.TaskRetention;
import dev.architect.project.ProjectId;
import dev.architect.submission.AcceptedTask;
import dev.architect.submission.IdempotencyKey;
import dev.architect.submission.IdempotencyKeyReusedException;
import dev.architect.submission.TaskSubmission;
import dev.architect.submission.UniqueKeyTakenException;
import dev.architect.task.KeyLimit;
import dev.architect.task.ParentTask;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskPage;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import dev.architect.task.UniqueKey;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tasks and their attempts.
 *
 * <p>A claim raises a task's epoch and sets its owner; whatever ends the attempt clears the owner; epochs never fall. Ready
 * tasks are claimed in the order of {@code ready time + level × 30 s}, then id. Times are by the store's clock.
 */
public interface TaskStore {

    /** How much later than more urgent work of the next level a task is served. */
    Duration AGING = Duration.ofSeconds(30);

    /** After how many crashes of its node a task is dead. */
    int MAX_CRASHES = 3;

    /** The most ids that one call of {@link #ids} returns. */
    int MAX_IDS = 5_000;

    /** The error of an attempt that {@link #forceCancel} has ended. */
    String FORCED = "cancelled by force";

    /** The error of a task that had not begun when it expired. */
    String NOT_BEGUN = "it had not begun in time";

    /** The error of a task whose limit over all its tries has passed. */
    String NOT_DONE = "it was not done within its total timeout";

    /** The most tasks that one call of {@link #redrive} or {@link #purge} is for. */
    int MAX_BATCH = 500;

    /**
     * Accepts tasks, all or none, and returns their ids in the same order. They are durable when this returns. Where a {@linkplain
     * UniqueKey unique key} is taken, the id is that of the task that has it.
     *
     * <p>A task with parents that have not ended is {@linkplain TaskState#BLOCKED blocked}. Each of them counts once: one that is done
     * releases the task, and so does one that ends without success where the task is to proceed then. Where it is to be cancelled, it is, and
     * with it what waits for it; else it goes on waiting for the parent to be made ready again. All of it happens in the transaction of the
     * parent's end. Of a parent that has ended before, the same holds at once. Wherever a task becomes ready, its parents come first, then
     * its due time, which counts from its acceptance, and the permit of its limit key last.
     *
     * @throws UniqueKeyTakenException when a key is taken and is to be refused then; nothing is accepted
     * @throws LaneFullException when so many tasks of a queue or tenant wait that no more are taken, or it is being drained; nothing is accepted
     * @throws ParentRefusedException when there is no parent with one of the ids; nothing is accepted
     */
    List<TaskId> submit(List<TaskRequest> requests);

    /**
     * Accepts tasks of which some have an idempotency key, all or none, in order. A key that was used before in the same project, and
     * not longer than {@link IdempotencyKey#RETENTION} ago, accepts no task and answers the one it was used for; so does one that stands
     * twice in the list. Key and task become durable together. A submission whose {@linkplain UniqueKey unique key} is taken, by an earlier one
     * of the list as well, accepts no task either, and answers the one that has it.
     *
     * @throws UniqueKeyTakenException when a unique key is taken and is to be refused then; nothing is accepted
     * @throws IdempotencyKeyReusedException when a key was used for another request; nothing is accepted then
     * @throws LaneFullException when so many tasks of a queue or tenant wait that no more are taken; nothing is accepted
     * @throws ParentRefusedException when there is no parent with one of the ids; nothing is accepted then
     */
    List<AcceptedTask> submitOnce(List<TaskSubmission> submissions);

    /**
     * Accepts the tasks of a graph, all or none, and returns their ids in its order. They are durable when this returns.
     *
     * @throws UniqueKeyTakenException when a unique key of one is taken; nothing is accepted
     * @throws ParentRefusedException when there is no parent outside the graph with one of the ids; nothing is accepted
     */
    List<TaskId> submitGraph(TaskGraph graph);

    /** Returns the parents of a task in the order in which it names them; none when there is no task with that id. */
    List<TaskLink> parents(TaskId id);

    /**
     * Returns the tasks that wait for a task or have waited for it, in the order of their ids.
     *
     * @param after only those after this one; empty begins with the lowest
     * @param limit the most tasks, 1 to {@link #MAX_BATCH}
     */
    List<TaskLink> children(TaskId id, Optional<TaskId> after, int limit);

    /**
     * Returns what has become of the parents of a task, in the order in which it names them. They are kept as long as a child of theirs may
     * run; one that is not in the store all the same is left out.
     */
    List<ParentOutcome> parentOutcomes(TaskId id);

    /**
     * Returns the tasks that were cancelled, each in the transaction that ended one of these without success, because they waited for it, for
     * one another or for both; those that have become something else since are left out.
     *
     * @param ended at most {@link #MAX_BATCH}
     */
    List<TaskId> cancelledBy(Collection<TaskId> ended);

    /**
     * Makes up to {@code limit} scheduled tasks ready whose time has come, the earliest first, and returns how many. Each has been ready
     * since its due time, but for no longer than {@link #AGING}: what is long overdue overtakes work of one level more at most.
     */
    int promoteDue(int limit);

    /**
     * Gives permits of limit keys that are free to tasks that wait for them, and returns how many became ready. Each change to tasks does so
     * for the keys it has to do with; this is for what a transaction of a host has submitted, and for what another node left behind.
     *
     * @param limit after how many it may stop, 1 to {@link #MAX_BATCH}
     */
    int promoteLimited(int limit);

    /**
     * Sets how many tasks with a limit key may be ready or run at once, for any key of any project. Those that are beyond a lower limit
     * stay as they are, and none follows until there are fewer.
     */
    void setLimit(KeyLimit limit);

    /**
     * Gives a limit key {@link KeyLimit#DEFAULT} again.
     *
     * @return whether a limit was set for it
     */
    boolean removeLimit(ProjectId project, String key);

    /**
     * Returns the limits that are set, in the order of project and key.
     *
     * @param after where the last page ended; empty begins with the first
     * @param limit the most limits, 1 to {@link #MAX_BATCH}
     */
    List<KeyLimit> limits(Optional<KeyLimit> after, int limit);

    /** Returns the unfinished task of a project that has a unique key. */
    Optional<TaskId> holderOf(ProjectId project, String uniqueKey);

    /**
     * Ends tasks as {@link TaskState#EXPIRED} that wait, whatever for, and whose time is over; the earliest first. A claim takes none of
     * them, ended or not.
     *
     * @param limit the most tasks, 1 to {@link #MAX_BATCH}
     */
    List<TaskId> expire(int limit);

    /** Returns how long until the next waiting task expires, zero when one is overdue; empty when none will. */
    Optional<Duration> untilNextExpiry();

    /** Returns how long until the next scheduled task is due, zero when one is overdue; empty when none is scheduled. */
    Optional<Duration> untilNextDue();

    /**
     * Claims ready tasks of the types and lanes that the request names, in their order of service; none when its incarnation is not alive,
     * and none of a lane beyond what the {@linkplain dev.architect.lane.LaneSettings settings} of its queue and tenant allow now. Of the
     * tasks with one crash less than {@link #MAX_CRASHES} at most one is among them, and none unless the request takes one. A task whose stored form cannot be read is not returned: it becomes dead, with the reason as its error.
     */
    List<ClaimedTask> claim(ClaimRequest request);

    /**
     * Ends attempts: each with its attempt row, result and new state, if its fencing token still matches. All of them or none are
     * recorded: when this throws anything but {@code OUTCOME_UNKNOWN}, nothing was. A task that is to be held although its
     * cancellation was requested is ready instead, so that its next claim cancels it.
     *
     * @return the tokens that matched; the others were recorded earlier or have lost their task, and changed nothing
     */
    Set<FencingToken> finish(List<AttemptEnd> ends);

    /**
     * Cancels a task that is not running, held ones included, or requests it of the owner of a running one; a task in a final state stays as it is.
     *
     * @return the task as it stands afterwards, empty when there is none with that id
     */
    Optional<Task> cancel(TaskId id);

    /**
     * Cancels a running task at once, whatever its owner does: the attempt ends as {@code CANCELLED} and has lost its task.
     *
     * @return the fencing token of the attempt that ended, empty when the task does not run, or when there is none with that id
     */
    Optional<FencingToken> forceCancel(TaskId id);

    /**
     * Changes a task that waits, whatever for. A scheduled one whose delay becomes zero is ready, and a ready one that gets a delay is
     * scheduled; a held one stays held, and a blocked one blocked.
     *
     * @param edit makes of the request of the task one that a worker takes; one {@linkplain TaskEdit#version of a version} is for a task that has
     *     it when it is changed: of several such edits at a time, one is made
     * @return whether it waited, and had that version
     */
    boolean edit(TaskId id, TaskEdit edit);

    /**
     * Has a task wait for other tasks than before. Only one that is ready, scheduled, limited or blocked is changed: it is blocked while it waits for
     * a parent, and goes on as after the end of its last parent when it waits for none. A parent that has ended counts at once; one that has failed
     * cancels the task when that is to happen. Its result and that of other parents are read as those of parents that it was submitted with.
     *
     * @param parents all parents, at most {@link dev.architect.task.TaskOptions#MAX_PARENTS}, each once
     * @param version as of {@link TaskEdit#version}: of several changes of a task at a time, one is made
     * @return whether it was such a task, and had that version
     * @throws dev.architect.graph.TaskCycleException when tasks would wait for each other, with their ids; nothing has changed
     * @throws dev.architect.graph.ParentRefusedException when a parent is missing, or in another shard; nothing has changed
     */
    boolean replaceParents(TaskId id, List<ParentTask> parents, Optional<Long> version);

    /**
     * Puts a ready, scheduled or limited task before all others of its lane; it is ready then, or limited while its key has no permit. Its wait is not known any more, and counts as zero.
     *
     * @return whether it was one
     */
    boolean runNow(TaskId id);

    /**
     * Does the same to many tasks in one transaction; those in another state than the action is for stay as they are, and so do those to be
     * cancelled that are to be held. What an action does to one task is what {@link #cancel}, {@link #hold}, {@link #resume} without
     * an input, and {@link #edit} do.
     *
     * @param ids at most {@link #MAX_BATCH}
     * @param action any but a redrive, which is {@link #redrive}
     * @return the tasks that it was done to, with their states now
     */
    Map<TaskId, TaskState> change(Collection<TaskId> ids, TaskAction action);

    /**
     * Holds a ready, scheduled, blocked or limited task back until it is resumed, unless its cancellation was requested. Its parents go on
     * counting, and its due time stays.
     *
     * @return whether it was one
     */
    boolean hold(TaskId id);

    /**
     * Makes a held task ready, at the end of the order of its level. One that waits for parents is blocked again, one whose due time is not over, or
     * the wait before its next try, is scheduled for it again, and one with a limit key waits for its permit first, here and wherever else a task
     * becomes ready.
     *
     * @param input what its worker gets from now on, at most 1,000,000 characters; empty leaves it what it had before
     * @return whether it was held
     */
    boolean resume(TaskId id, Optional<String> input);

    /**
     * Makes dead, cancelled and expired tasks ready again, as if they were new: their tries, crashes and snoozes count from zero, their time
     * from now, and their result is deleted. Their epoch goes on, and their attempts stay. One that has not been released by all of its
     * parents is blocked again.
     *
     * @param ids at most {@link #MAX_BATCH}; other tasks stay as they are, and so do those whose unique key another one has
     * @return the tasks that are ready again
     */
    Set<TaskId> redrive(Collection<TaskId> ids);

    /**
     * Deletes tasks that ended longer ago than they are kept, with everything but their ledger entries, and idempotency keys that have
     * expired. A task whose child is not done stays for as long: the child may need its result. One step looks at a bounded number of tasks.
     *
     * @param after where the last step stopped; empty begins with the oldest task
     * @param limit the most tasks to look at, 1 to {@link #MAX_BATCH}
     */
    PurgedTasks purge(TaskRetention retention, Optional<PurgeCursor> after, int limit);

    /** Returns those of {@code fencingTokens} whose task is to be cancelled. */
    Set<FencingToken> cancelRequested(Collection<FencingToken> fencingTokens);

    /**
     * Recovers the running tasks of a dead incarnation: each is ready again at its former place in the order, with an attempt row
     * {@code LOST} that does not count as a try; or dead when this was the third such end.
     *
     * @return how many were recovered
     */
    int reap(long deadIncarnation);

    /** Returns the fencing tokens of all tasks that {@code incarnation} runs, for the audit of its own memory. */
    Set<FencingToken> runningOf(long incarnation);

    /** Returns a task, empty when there is none with that id. */
    Optional<Task> find(TaskId id);

    /** Returns tasks, newest first. */
    List<Task> list(TaskQuery query);

    /**
     * Returns the tasks that {@link #list} returns, for somebody who waits for them: where no index leads to what the query asks for, a store
     * may look at a bounded number of tasks and then say where to go on, so a page may have fewer tasks than the query asks for, or none,
     * although more follow. By default everything is looked at.
     */
    default TaskPage browse(TaskQuery query) {
        if (query.limit() < TaskQuery.MAX_LIMIT) {
            return TaskPage.of(list(query.withLimit(query.limit() + 1)), query.limit());
        }
        List<Task> tasks = list(query);
        if (tasks.size() < query.limit()) {
            return new TaskPage(tasks, Optional.empty());
        }
        TaskId last = tasks.get(tasks.size() - 1).id();
        boolean hasMore = !list(query.after(last).withLimit(1)).isEmpty();
        return new TaskPage(tasks, hasMore ? Optional.of(last) : Optional.empty());
    }

    /**
     * Returns ids of tasks that pass a filter, in ascending order.
     *
     * @param after only ids after this one; empty begins with the lowest
     * @param limit the most ids, 1 to {@link #MAX_IDS}
     */
    List<TaskId> ids(TaskFilter filter, Optional<TaskId> after, int limit);

    /** Returns how a task ended, empty while it has not or when there is none with that id. */
    Optional<TaskResult> result(TaskId id);

    /** Returns those of {@code ids} whose task has ended. */
    Set<TaskId> ended(Collection<TaskId> ids);

    /** Returns the fencing token of the attempt that runs a task now; empty when none does, or when there is no task with that id. */
    Optional<FencingToken> runningAttempt(TaskId id);

    /** Returns the ended attempts of a task, oldest first. */
    List<Attempt> attempts(TaskId id);

    /** Returns how many tasks are in each state; states without tasks are absent. */
    Map<TaskState, Long> counts();
}
