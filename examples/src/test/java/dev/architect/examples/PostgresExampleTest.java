package dev.architect.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.ArchitectBuilder;
import dev.architect.error.StoreException;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.postgres.TransactionPooler;
import dev.architect.postgres.TransactionPooler.PreparedStatements;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.store.postgres.PostgresStore;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.provider.ScriptedProvider;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs the examples of the pages on stores and of those for who comes from another task engine. */
final class PostgresExampleTest {

    private static final Duration WAIT = Duration.ofMinutes(1);

    private final PostgresDatabase database =
            PostgresServer.shared(PostgresServer.Version.V15).createDatabase();

    @AfterEach
    void drop() {
        database.close();
    }

    private static Worker echo() {
        return new Worker() {
            @Override
            public Set<String> types() {
                return Set.of("invoice");
            }

            @Override
            public String perform(TaskContext context) {
                return context.request().payload();
            }
        };
    }

    private static ArchitectBuilder builder(PostgresStore store) {
        return Architect.builder()
                .store(store)
                .provider(ScriptedProvider.named("claude"))
                .router(CostAwareRouter.with(RoutingPolicy.standard()));
    }

    private PostgresStore fromUrl() {
        return PostgresExample.fromUrl(database.jdbcUrl(), database.user(), database.password());
    }

    @Test
    void eachWayToOpenItLeadsToTheSameTasks() throws Exception {
        fromUrl().close();
        List<AutoCloseable> open = new ArrayList<>();
        try (TransactionPooler pooler =
                        TransactionPooler.to(database.server(), 8, PreparedStatements.UNTRACKED, Set.of());
                PostgresStore hosted =
                        PostgresExample.fromDataSource(database.jdbcUrl(), database.user(), database.password(), open);
                PostgresStore pooled = PostgresExample.behindPooler(
                        pooler.jdbcUrl(database), database.jdbcUrl(), database.user(), database.password())) {
            hosted.tasks().submit(List.of(TaskRequest.of("invoice", "1")));
            pooled.tasks().submit(List.of(TaskRequest.of("invoice", "2")));

            assertThat(pooled.tasks().counts()).containsEntry(TaskState.READY, 2L);
        }
        for (AutoCloseable pool : open) {
            pool.close();
        }
        assertThatThrownBy(() -> PostgresExample.withoutRightsToMigrate(database.jdbcUrl(), "wrong"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("refuses the user or the password");
    }

    @Test
    void anOrderAndItsTaskAreCommittedTogether() throws Exception {
        database.execute("CREATE TABLE orders (id int PRIMARY KEY)");
        PostgresStore store = fromUrl();
        try (Connection orders = database.connect();
                Architect architect = builder(store).worker(echo()).build()) {
            TaskHandle task = PostgresExample.order(architect, store, orders, 7);

            assertThat(task.await(WAIT).output()).contains("7");
            assertThatThrownBy(() -> PostgresExample.order(architect, store, orders, 7))
                    .isInstanceOf(SQLException.class);
            orders.rollback();
            assertThat(architect.tasks().counts()).containsOnlyKeys(TaskState.DONE);
        }
    }

    @Test
    void mailsAreSentAndAReportOnceAnHour() throws Exception {
        List<String> sent = new CopyOnWriteArrayList<>();
        Instant noon = Instant.parse("2026-11-28T12:34:56Z");
        try (Architect one =
                        builder(fromUrl()).worker(PostgresExample.mails(sent)).build();
                Architect other =
                        builder(fromUrl()).worker(PostgresExample.mails(sent)).build()) {
            List<TaskHandle> tasks = PostgresExample.enqueue(one);
            TaskHandle report = PostgresExample.everyHour(one, noon);
            TaskHandle same = PostgresExample.everyHour(other, noon.plusSeconds(60));
            TaskHandle next = PostgresExample.everyHour(other, noon.plusSeconds(3_600));

            assertThat(same.id()).isEqualTo(report.id());
            for (TaskHandle task : tasks) {
                assertThat(task.await(WAIT).state()).isEqualTo(TaskState.DONE);
            }
            report.await(WAIT);
            next.await(WAIT);
            assertThat(sent)
                    .containsExactlyInAnyOrder(
                            "ada@example.org",
                            "bob@example.org",
                            "eve@example.org",
                            "1",
                            "2",
                            "report of 2026-11-28T12:00:00Z",
                            "report of 2026-11-28T13:00:00Z");
        }
    }
}
