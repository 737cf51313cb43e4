package dev.architect.server;

import dev.architect.Queues;
import dev.architect.Sessions;
import dev.architect.budget.Budget;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetScope;
import dev.architect.cost.Money;
import dev.architect.lane.LaneScope;
import dev.architect.server.ContractRequests.Sent;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Right requests that change what several people change, each of the version that there is. */
final class ChangeRequests {

    private static final LaneScope QUEUE = LaneScope.of("mails");
    private static final LaneScope TENANT = LaneScope.of("mails", "a");

    private final ServerFixture fixture;

    ChangeRequests(ServerFixture fixture) {
        this.fixture = fixture;
    }

    private long version(LaneScope scope) {
        Queues queues = fixture.architect.queues();
        queues.remove(scope);
        return queues.settings(scope).version();
    }

    private static Budget weekly() {
        return new Budget("weekly", BudgetScope.ALL, BudgetPeriod.DAY, Money.ofUsd("5"), BudgetMode.SOFT);
    }

    private Sent budget() {
        fixture.architect.budgets().set(weekly());
        return Sent.json("/api/budgets/weekly", "{'limitUsd':7.5,'period':'month','scope':null,'mode':'hard'}")
                .ifMatch(weekly().version());
    }

    private Sent removedBudget() {
        fixture.architect.budgets().set(weekly());
        return Sent.to("/api/budgets/weekly").ifMatch(weekly().version());
    }

    private Sent task() {
        TaskId id = fixture.submitJson("{\"prompt\":\"hello\",\"delay\":\"1h\"}");
        Task task = fixture.architect.tasks().find(id).orElseThrow();
        return Sent.json("/api/tasks/" + id, "{'priority':3,'dueAt':'2027-01-31T12:00:00Z','attributes':{'a':null}}")
                .ifMatch(task.version());
    }

    private Sent dependencies() {
        TaskId parent = fixture.submitJson("{\"prompt\":\"hello\",\"delay\":\"1h\"}");
        TaskId id = fixture.submitJson("{\"prompt\":\"hello\",\"delay\":\"1h\"}");
        Task task = fixture.architect.tasks().find(id).orElseThrow();
        return Sent.json(
                        "/api/tasks/" + id + "/dependencies",
                        "{'parents':[{'task':'" + parent + "','onFailure':'cancel'}]}")
                .ifMatch(task.version());
    }

    private Sent pool() {
        Sessions sessions = fixture.architect.sessions();
        return Sent.json("/api/pools/llm", "{'minSessions':2,'maxSessions':9,'slotsPerSession':null}")
                .ifMatch(sessions.poolSettings("llm").version());
    }

    private Sent settings() {
        return Sent.json("/api/settings", "{'retentionDone':'3d','outageLimit':null,'reviewWarnPerHour':50}")
                .ifMatch(fixture.architect.settings().stored().version());
    }

    /** Adds a request of each operation. */
    void addTo(BiConsumer<String, Supplier<Sent>> requests) {
        String change = "{'weight':2,'maxRunning':3,'rate':'9/s','maxWaiting':null,'paused':false,'draining':false}";
        requests.accept("updateTask", this::task);
        requests.accept("saveTaskDependencies", this::dependencies);
        requests.accept(
                "updateQueueSettings",
                () -> Sent.json("/api/queues/mails", change).ifMatch(version(QUEUE)));
        requests.accept(
                "updateTenantSettings",
                () -> Sent.json("/api/queues/mails/tenants/a", change).ifMatch(version(TENANT)));
        requests.accept("getLane", () -> Sent.to("/api/lanes/mails:a"));
        requests.accept(
                "updateLane", () -> Sent.json("/api/lanes/mails:a", change).ifMatch(version(TENANT)));
        requests.accept("drainQueue", () -> Sent.to("/api/queues/mails/drain"));
        requests.accept("drainTenant", () -> Sent.to("/api/queues/mails/tenants/a/drain"));
        requests.accept("updatePool", this::pool);
        requests.accept("listPoolMoves", () -> Sent.to("/api/pools/llm/moves"));
        requests.accept("updateBudget", this::budget);
        requests.accept("deleteBudget", this::removedBudget);
        requests.accept("updateSettings", this::settings);
    }
}
