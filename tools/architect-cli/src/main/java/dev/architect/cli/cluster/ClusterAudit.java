package dev.architect.cli.cluster;

import dev.architect.Architect;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskState;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the database says about the tasks that were accepted.
 *
 * @param lost how many are not done, or not there
 * @param recordedTwice how many have more than one recorded success
 */
record ClusterAudit(long lost, long recordedTwice) {

    private static final int PAGE = 500;

    static ClusterAudit of(Architect architect, List<TaskId> accepted) {
        Set<TaskId> done = done(architect);
        long lost = accepted.stream().filter(id -> !done.contains(id)).count();
        long twice =
                accepted.stream().filter(id -> successes(architect, id) > 1).count();
        return new ClusterAudit(lost, twice);
    }

    private static Set<TaskId> done(Architect architect) {
        Set<TaskId> done = new HashSet<>();
        TaskQuery query =
                TaskQuery.newest(PAGE).withStates(Set.of(TaskState.DONE)).withType(JournalWorker.TYPE);
        List<Task> page = architect.tasks().list(query);
        while (!page.isEmpty()) {
            page.forEach(task -> done.add(task.id()));
            page = architect.tasks().list(query.after(page.get(page.size() - 1).id()));
        }
        return done;
    }

    private static long successes(Architect architect, TaskId id) {
        return architect.tasks().attempts(id).stream()
                .filter(attempt -> attempt.outcome() == AttemptOutcome.SUCCEEDED)
                .count();
    }
}
