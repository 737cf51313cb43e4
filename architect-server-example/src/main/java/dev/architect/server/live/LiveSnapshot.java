package dev.architect.server.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.cost.ReportPeriod;
import dev.architect.micrometer.ArchitectMeters;
import dev.architect.route.ProviderStatus;
import dev.architect.server.report.PeriodParameter;
import dev.architect.server.report.SpendView;
import dev.architect.server.report.StatusView;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.task.TaskTitle;
import dev.architect.server.task.TaskView;
import dev.architect.spi.TimeSource;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the state of the server as one JSON object. Used by one thread. */
final class LiveSnapshot {

    private static final int TASKS = 15;
    private static final int ACTIVITIES = 25;

    private final Architect architect;
    private final ArchitectMeters meters;
    private final TaskThroughput throughput;
    private Map<TaskId, Optional<String>> titles = Map.of();

    LiveSnapshot(Architect architect, ArchitectMeters meters, TimeSource time) {
        this.architect = architect;
        this.meters = meters;
        this.throughput = new TaskThroughput(time);
    }

    ObjectNode write() {
        Map<TaskState, Long> counts = architect.tasks().counts();
        List<ProviderStatus> providers = architect.providers().statuses();
        ObjectNode json = JsonResponseWriter.object();
        json.set("tasks", StatusView.counts(counts));
        json.put("tasksPerSecond", JsonResponseWriter.plain(throughput.perSecond(ended(counts))));
        json.put("runningAttempts", architect.sessions().runningAttempts());
        json.set("assign", assign());
        json.set("sessions", StatusView.sessions(architect.sessions().list()));
        json.set("providers", StatusView.providers(providers));
        json.set(
                "summary",
                SpendView.summary(PeriodParameter.TODAY, architect.ledger().spend(ReportPeriod.today()), providers));
        json.set("latestTasks", latestTasks());
        json.set("activities", StatusView.activities(architect.activity().before(Long.MAX_VALUE, ACTIVITIES)));
        return json;
    }

    /** A task's title never changes, and reading it out of a long request takes a while: those of the last snapshot are kept. */
    private ArrayNode latestTasks() {
        List<Task> tasks = architect.tasks().list(TaskQuery.newest(TASKS));
        Map<TaskId, Optional<String>> shown = new HashMap<>();
        tasks.forEach(task -> shown.put(
                task.id(), titles.containsKey(task.id()) ? titles.get(task.id()) : TaskTitle.of(task.request())));
        titles = shown;
        return TaskView.summary(tasks, task -> shown.getOrDefault(task.id(), Optional.empty()));
    }

    private ObjectNode assign() {
        ArchitectMeters.AssignLatency latency = meters.assignLatency();
        ObjectNode json = JsonResponseWriter.object().put("count", latency.count());
        JsonResponseWriter.putMillis(json, "p50Ms", latency.p50());
        JsonResponseWriter.putMillis(json, "p95Ms", latency.p95());
        JsonResponseWriter.putMillis(json, "p99Ms", latency.p99());
        return json;
    }

    private static long ended(Map<TaskState, Long> counts) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().isTerminal())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
