package dev.architect.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.attempt.FencingToken;
import dev.architect.maintenance.BulkProgress;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskEdit;
import dev.architect.maintenance.TaskFilter;
import dev.architect.node.PoolSettings;
import dev.architect.recurring.ScheduleRequest;
import dev.architect.recurring.ScheduleRun;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.Priority;
import dev.architect.task.Task;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.task.TimeLimits;
import dev.architect.task.UniqueKey;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.time.ManualTime;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;

/** The examples of {@code docs/how-to/run-tasks.md} and {@code docs/how-to/schedule-tasks.md}. */
final class TaskExample {

    private TaskExample() {}

    static TaskHandle order(Architect architect, SqliteStore store, Connection connection, int order)
            throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO orders (id) VALUES (?)")) {
            insert.setInt(1, order);
            insert.executeUpdate();
        }
        TaskRequest invoice = TaskRequest.of("invoice", Integer.toString(order));
        List<TaskHandle> handles =
                architect.tasks().submitWith(List.of(invoice), requests -> store.submit(connection, requests));
        connection.commit();
        return handles.get(0);
    }

    static void schedules(Architect architect) {
        TaskRequest report = TaskRequest.prompt("Summarise what was ordered yesterday");
        architect
                .schedules()
                .save(ScheduleRequest.cron("daily-report", "30 6 * * MON-FRI", ZoneId.of("Europe/Berlin"), report));
        architect
                .schedules()
                .save(ScheduleRequest.every("clean-up", Duration.ofMinutes(15), TaskRequest.of("clean-up", "")));
    }

    static List<Instant> operateSchedules(Architect architect) {
        architect.schedules().pause("daily-report");
        List<Instant> next = architect.schedules().next("daily-report", 3);
        architect.schedules().resume("daily-report");
        TaskHandle now = architect.schedules().runNow("daily-report");
        List<ScheduleRun> history = architect.schedules().runs("daily-report", 20);
        architect.schedules().delete("clean-up");
        assertThat(history.get(0).task()).contains(now.id());
        return next;
    }

    static Worker invoices(Connection connection) {
        Worker invoices = new Worker() {
            @Override
            public Set<String> types() {
                return Set.of("invoice");
            }

            @Override
            public void check(TaskRequest request) {
                if (!request.payload().matches("[0-9]{1,9}")) {
                    throw new IllegalArgumentException("payload is not the number of an order");
                }
            }

            @Override
            public String perform(TaskContext context) throws SQLException {
                FencingToken token = context.fencingToken();
                try (PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO invoice (task, epoch, order_id) VALUES (?, ?, ?) ON CONFLICT (task) DO NOTHING")) {
                    insert.setString(1, token.id().toString());
                    insert.setLong(2, token.epoch());
                    insert.setString(3, context.request().payload());
                    insert.executeUpdate();
                }
                return "invoice of order " + context.request().payload();
            }
        };
        return invoices;
    }

    static int redrive(Architect architect) {
        TaskFilter dead = TaskFilter.of(TaskState.DEAD).withType("invoice");
        System.out.println(architect.tasks().countRedrivable(dead) + " tasks are tried again");
        return architect.tasks().redriveAll(dead);
    }

    /** A worker made of a function. */
    interface Performed {
        String perform(TaskContext context) throws Exception;
    }

    static Worker worker(String type, Performed performed) {
        return new Worker() {
            @Override
            public Set<String> types() {
                return Set.of(type);
            }

            @Override
            public String perform(TaskContext context) throws Exception {
                return performed.perform(context);
            }
        };
    }

    static void manualTime() {
        ManualTime time = new ManualTime();
        AtomicInteger tries = new AtomicInteger();
        Worker flaky = worker("flaky", context -> {
            if (tries.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
            }
            return "done";
        });
        try (Architect architect = Architect.builder()
                .store(new InMemoryStore(time))
                .provider(ScriptedProvider.named("claude"))
                .router(CostAwareRouter.with(RoutingPolicy.standard()))
                .worker(flaky)
                .time(time)
                .build()) {
            TaskHandle task = architect.submit(TaskRequest.of("flaky", "").withDelay(Duration.ofMinutes(5)));
            while (task.result().isEmpty()) {
                time.advance(Duration.ofMillis(100));
                Thread.onSpinWait();
            }
            assertThat(task.result().orElseThrow().state()).isEqualTo(TaskState.DONE);
            assertThat(tries).hasValue(3);
        }
    }

    static TaskHandle index(Architect architect, String repository, String commit) {
        TaskRequest index = TaskRequest.of("index", commit)
                .withDelay(Duration.ofSeconds(30))
                .withOptions(TaskOptions.DEFAULT.withUniqueKey(UniqueKey.replacing(repository)));
        return architect.submit(index);
    }

    static TaskHandle reminder(Architect architect, String text) {
        TaskOptions options = TaskOptions.DEFAULT
                .withExpiry(Duration.ofHours(1))
                .withTimeLimits(TimeLimits.NONE
                        .withSoft(Duration.ofMinutes(4))
                        .withNoHeartbeat(Duration.ofMinutes(1))
                        .withTotal(Duration.ofHours(6)));
        return architect.submit(TaskRequest.of("reminder", text).withOptions(options));
    }

    static Task postpone(Architect architect, TaskId id) {
        TaskEdit edit = TaskEdit.NONE.withPriority(Priority.LOW).withDelay(Duration.ofHours(2));
        return architect.tasks().edit(id, edit);
    }

    static Task postponeAsSeen(Architect architect, TaskId id) {
        Task seen = architect.tasks().find(id).orElseThrow();
        return architect
                .tasks()
                .edit(id, TaskEdit.NONE.withPriority(Priority.LOW).ofVersion(seen.version()));
    }

    static void growPool(Architect architect) {
        PoolSettings pool = architect.sessions().poolSettings("llm");
        architect.sessions().setPool(pool.withMinSessions(Optional.of(4)).withMaxSessions(Optional.of(20)));
    }

    static BulkProgress cancelAll(Architect architect, Optional<TaskId> last, Predicate<BulkProgress> goesOn) {
        TaskFilter waiting = TaskFilter.of(TaskState.READY, TaskState.SCHEDULED).withType("index");
        long tasks = architect.tasks().count(TaskAction.CANCEL, waiting);
        BulkProgress progress = architect.tasks().changeAll(TaskAction.CANCEL, waiting, last, goesOn);
        System.out.println(progress.done() + " of " + tasks + " tasks cancelled");
        return progress;
    }

    static void answer(Architect architect, TaskId id, Function<String, String> person) {
        architect.tasks().question(id).ifPresent(question -> architect.tasks().signal(id, person.apply(question)));
    }
}
