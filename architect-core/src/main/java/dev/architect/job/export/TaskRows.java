package dev.architect.job.export;

import dev.architect.export.ExportForm;
import dev.architect.export.ExportSubject;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.maintenance.TaskFilterReader;
import dev.architect.spi.TaskStore;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tasks without their prompts and payloads, in the order of their acceptance. */
final class TaskRows extends PagedRows<Task> {

    private static final List<String> COLUMNS = List.of(
            "id",
            "type",
            "state",
            "priority",
            "project",
            "user",
            "tags",
            "queue",
            "tenant",
            "attempt",
            "maxAttempts",
            "createdAt",
            "dueAt",
            "endedAt",
            "stopReason");

    private final TaskStore tasks;
    private final TaskQuery query;

    /** {@code now} is what times such as {@code -7d} in the filter are before. */
    TaskRows(TaskStore tasks, ExportSubject.Tasks subject, Instant now, ExportForm form) {
        super(form, COLUMNS, TaskQuery.MAX_LIMIT);
        this.tasks = tasks;
        TaskQuery newest = new TaskFilterReader(subject.filter(), subject.zone(), now).query(TaskQuery.MAX_LIMIT);
        this.query = new TaskQuery(
                newest.states(),
                newest.lanes(),
                newest.project(),
                newest.createdFrom(),
                // What is accepted later is not part of it, so that it ends.
                newest.createdBefore().or(() -> Optional.of(now)),
                Optional.empty(),
                TaskQuery.MAX_LIMIT,
                TaskQuery.Order.OLDEST_FIRST);
    }

    @Override
    List<Task> page(Optional<String> after) {
        return tasks.list(new TaskQuery(
                query.states(),
                query.lanes(),
                query.project(),
                query.createdFrom(),
                query.createdBefore(),
                after.map(TaskId::parse),
                query.limit(),
                query.order()));
    }

    @Override
    String cursor(Task task) {
        return task.id().toString();
    }

    @Override
    boolean isBeyondEnd(Task task) {
        // The query has the end.
        return false;
    }

    @Override
    List<@Nullable Object> values(Task task) {
        TaskRequest request = task.request();
        List<@Nullable Object> values = new ArrayList<>(COLUMNS.size());
        values.add(task.id().toString());
        values.add(request.type());
        values.add(JsonFields.wordOf(task.state()));
        values.add(request.priority().level());
        values.add(request.attribution().project().name());
        values.add(request.attribution().user().orElse(null));
        values.add(
                JsonText.raw(JsonText.write(new TreeMap<>(request.attribution().tags()))));
        values.add(request.options().queue());
        values.add(request.options().tenant());
        values.add(task.attempt());
        values.add(request.maxAttempts());
        values.add(task.createdAt().toString());
        values.add(task.dueAt().map(Instant::toString).orElse(null));
        values.add(task.endedAt().map(Instant::toString).orElse(null));
        values.add(task.stopReason().map(JsonFields::wordOf).orElse(null));
        return values;
    }
}
