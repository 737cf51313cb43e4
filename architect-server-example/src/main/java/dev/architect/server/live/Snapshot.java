package dev.architect.server.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.cost.ReportPeriod;
import dev.architect.route.ProviderStatus;
import dev.architect.server.ArchitectMeters;
import dev.architect.server.api.HouseView;
import dev.architect.server.api.Periods;
import dev.architect.server.api.SpendView;
import dev.architect.server.api.TaskView;
import dev.architect.server.json.Json;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskState;
import java.util.List;
import java.util.Map;

/** Draws the whole house as one JSON object. Used by one thread. */
final class Snapshot {

    private static final int TASKS = 15;
    private static final int ACTIVITIES = 25;

    private final Architect architect;
    private final ArchitectMeters meters;
    private final Throughput throughput;

    Snapshot(Architect architect, ArchitectMeters meters, TimeSource time) {
        this.architect = architect;
        this.meters = meters;
        this.throughput = new Throughput(time);
    }

    ObjectNode draw() {
        Map<TaskState, Long> counts = architect.taskCounts();
        List<ProviderStatus> providers = architect.providers();
        ObjectNode json = Json.object();
        json.set("tasks", HouseView.counts(counts));
        json.put("tasksPerSecond", Json.plain(throughput.perSecond(ended(counts))));
        json.put("runningAttempts", architect.runningAttempts());
        json.set("assign", assign());
        json.set("sessions", HouseView.sessions(architect.sessions()));
        json.set("providers", HouseView.providers(providers));
        json.set(
                "summary", SpendView.summary(Periods.TODAY, architect.ledger().spend(ReportPeriod.today()), providers));
        json.set("latestTasks", TaskView.brief(architect.tasks(TaskQuery.newest(TASKS))));
        json.set("activities", HouseView.activities(architect.activity(Long.MAX_VALUE, ACTIVITIES)));
        return json;
    }

    private ObjectNode assign() {
        ArchitectMeters.AssignLatency latency = meters.assignLatency();
        ObjectNode json = Json.object().put("count", latency.count());
        Json.putMillis(json, "p50Ms", latency.p50());
        Json.putMillis(json, "p95Ms", latency.p95());
        Json.putMillis(json, "p99Ms", latency.p99());
        return json;
    }

    private static long ended(Map<TaskState, Long> counts) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().isTerminal())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
