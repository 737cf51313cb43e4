package dev.architect.examples;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.architect.Architect;
import dev.architect.spi.Store;
import dev.architect.spi.TaskContext;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.store.postgres.PostgresStore;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.submission.IdempotencyKey;
import dev.architect.task.Priority;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The examples of the pages on stores and of those for who comes from another task engine. */
final class PostgresExample {

    private PostgresExample() {}

    static Store memory() {
        Store store = new InMemoryStore(TimeSource.system());
        return store;
    }

    static Store sqlite() {
        Store store = SqliteStore.at(Path.of("architect.db"));
        return store;
    }

    static Store postgres(String password) {
        Store store = PostgresStore.builder("jdbc:postgresql://db.example:5432/app")
                .user("architect_app")
                .password(password)
                .schema("architect")
                .open();
        return store;
    }

    static PostgresStore fromUrl(String url, String user, String password) {
        PostgresStore store = PostgresStore.builder(url)
                .user(user)
                .password(password)
                .schema("architect")
                .connections(10)
                .open();
        return store;
    }

    static PostgresStore fromDataSource(String url, String user, String password, List<AutoCloseable> open) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(10 + 10 + 1);
        HikariDataSource pool = new HikariDataSource(config);
        PostgresStore store =
                PostgresStore.builder(pool).schema("architect").connections(10).open();
        open.add(pool);
        return store;
    }

    static PostgresStore withoutRightsToMigrate(String url, String password) {
        PostgresStore store = PostgresStore.builder(url)
                .user("architect_app")
                .password(password)
                .schema("architect")
                .migrate(false)
                .open();
        return store;
    }

    static PostgresStore behindPooler(String poolerUrl, String directUrl, String user, String password) {
        PostgresStore store = PostgresStore.builder(poolerUrl)
                .user(user)
                .password(password)
                .schema("architect")
                .listenUrl(directUrl)
                .open();
        return store;
    }

    static TaskHandle order(Architect architect, PostgresStore store, Connection connection, int order)
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
        architect.tasks().wake();
        return handles.get(0);
    }

    static Worker mails(List<String> sent) {
        Worker mails = new Worker() {
            @Override
            public Set<String> types() {
                return Set.of("mail");
            }

            @Override
            public String perform(TaskContext context) {
                sent.add(context.request().payload());
                return "sent";
            }
        };
        return mails;
    }

    static List<TaskHandle> enqueue(Architect architect) {
        List<TaskHandle> tasks = new ArrayList<>();
        tasks.add(architect.submit(TaskRequest.of("mail", "ada@example.org")));
        tasks.add(architect.submit(TaskRequest.of("mail", "bob@example.org").withDelay(Duration.ofMillis(10))));
        tasks.add(architect.submit(TaskRequest.of("mail", "eve@example.org").withPriority(Priority.HIGH)));
        tasks.addAll(architect.tasks().submitAll(List.of(TaskRequest.of("mail", "1"), TaskRequest.of("mail", "2"))));
        return tasks;
    }

    static TaskHandle everyHour(Architect architect, Instant now) {
        Instant hour = now.truncatedTo(ChronoUnit.HOURS);
        return architect
                .tasks()
                .submit(TaskRequest.of("mail", "report of " + hour), new IdempotencyKey("report " + hour));
    }
}
