package dev.architect.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/** Tasks in transactions of the host, on a SQLite file. */
final class TransactionalTasksTest {

    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final TaskRequest TASK = TaskRequest.of("echo", "order 1");

    @TempDir
    private Path folder;

    private ApplicationContextRunner host() {
        return Hosts.onSqlite(folder.resolve("host.db"))
                .withUserConfiguration(Hosts.Echo.class)
                .withBean(Orders.class);
    }

    /** A service as hosts write them. */
    static class Orders {

        private final JdbcTemplate jdbc;
        private final TransactionalTasks tasks;

        Orders(JdbcTemplate jdbc, TransactionalTasks tasks) {
            this.jdbc = jdbc;
            this.tasks = tasks;
            jdbc.execute("CREATE TABLE IF NOT EXISTS orders (id INTEGER)");
        }

        @Transactional
        public TaskHandle place(int id, RuntimeException failureOrNull) {
            jdbc.update("INSERT INTO orders (id) VALUES (?)", id);
            TaskHandle task = tasks.submit(TASK);
            if (failureOrNull != null) {
                throw failureOrNull;
            }
            return task;
        }

        int count() {
            return jdbc.queryForObject("SELECT count(*) FROM orders", Integer.class);
        }
    }

    private static int tasks(AssertableApplicationContext host) {
        return host.getBean(Architect.class).tasks().list(TaskQuery.newest(100)).size();
    }

    @Test
    void aRollBackLeavesNoTask() {
        host().run(host -> {
            Orders orders = host.getBean(Orders.class);
            assertThatThrownBy(() -> orders.place(1, new IllegalStateException("no stock")))
                    .hasMessage("no stock");

            assertThat(orders.count()).isZero();
            assertThat(tasks(host)).isZero();
        });
    }

    @Test
    void aCommitRunsIt() {
        host().run(host -> {
            Orders orders = host.getBean(Orders.class);
            TaskHandle task = orders.place(1, null);

            assertThat(task.await(WAIT).output()).contains("order 1");
            assertThat(orders.count()).isOne();
        });
    }

    @Test
    void nothingIsThereBeforeTheCommit() {
        host().run(host -> {
            AtomicReference<TaskHandle> task = new AtomicReference<>();
            template(host).executeWithoutResult(status -> {
                task.set(host.getBean(TransactionalTasks.class).submit(TASK));
                assertThat(tasks(host)).isZero();
            });
            assertThat(task.get().await(WAIT).isDone()).isTrue();
        });
    }

    @Test
    void withoutATransactionItIsStoredAtOnce() {
        host().run(host -> assertThat(host.getBean(TransactionalTasks.class)
                        .submit(TASK)
                        .await(WAIT)
                        .isDone())
                .isTrue());
    }

    @Test
    void withoutATransactionItIsRefusedWhenOneIsMandatory() {
        host().withPropertyValues("architect.tasks.propagation=mandatory").run(host -> {
            TransactionalTasks tasks = host.getBean(TransactionalTasks.class);
            assertThatThrownBy(() -> tasks.submit(TASK))
                    .isInstanceOf(IllegalTransactionStateException.class)
                    .hasMessage("tasks were submitted without a transaction, expected one because it is mandatory");
            assertThat(template(host)
                            .execute(status -> tasks.submit(TASK))
                            .await(WAIT)
                            .isDone())
                    .isTrue();
        });
        host().run(host -> assertThatThrownBy(
                        () -> host.getBean(TransactionalTasks.class).mandatory().submit(TASK))
                .isInstanceOf(IllegalTransactionStateException.class));
    }

    @Test
    void aDataSourceBehindAProxyIsTheSame() {
        DataSource behind = DataSourceBuilder.create()
                .url("jdbc:sqlite:" + folder.resolve("host.db") + "?busy_timeout=10000")
                .build();
        Hosts.on("")
                .withUserConfiguration(Hosts.Echo.class)
                .withBean(DataSource.class, () -> new TransactionAwareDataSourceProxy(behind))
                .run(host -> {
                    TransactionalTasks tasks = host.getBean(TransactionalTasks.class);
                    template(host).executeWithoutResult(status -> {
                        tasks.submit(TASK);
                        status.setRollbackOnly();
                    });
                    assertThat(tasks(host)).isZero();
                    assertThat(template(host)
                                    .execute(status -> tasks.submit(TASK))
                                    .await(WAIT)
                                    .isDone())
                            .isTrue();
                });
    }

    @Test
    void aReadOnlyTransactionIsRefused() {
        host().run(host -> {
            TransactionTemplate template = template(host);
            template.setReadOnly(true);
            assertThatThrownBy(() -> template.execute(
                            status -> host.getBean(TransactionalTasks.class).submit(TASK)))
                    .isInstanceOf(IllegalTransactionStateException.class)
                    .hasMessageContaining("read-only");
            assertThat(tasks(host)).isZero();
        });
    }

    @Test
    void aTransactionOfAnotherResourceIsRefused() {
        host().withBean(
                        "other",
                        PlatformTransactionManager.class,
                        NoDatabase::new,
                        definition -> definition.setPrimary(false))
                .run(host -> {
                    TransactionTemplate other =
                            new TransactionTemplate(host.getBean("other", PlatformTransactionManager.class));
                    assertThatThrownBy(() -> other.execute(status ->
                                    host.getBean(TransactionalTasks.class).submit(TASK)))
                            .isInstanceOf(IllegalTransactionStateException.class)
                            .hasMessageContaining("no JDBC connection of the DataSource");
                    assertThat(tasks(host)).isZero();
                });
    }

    @Test
    void aStoreInAnotherDatabaseIsRefusedInATransactionOnly() {
        Hosts.on("jdbc:h2:mem:orders")
                .withUserConfiguration(Hosts.Echo.class)
                .withPropertyValues("architect.store.sqlite.file=" + folder.resolve("own.db"))
                .run(host -> {
                    TransactionalTasks tasks = host.getBean(TransactionalTasks.class);
                    assertThatThrownBy(() -> template(host).execute(status -> tasks.submit(TASK)))
                            .isInstanceOf(IllegalTransactionStateException.class)
                            .hasMessageContaining("not in the database of the transaction");
                    assertThat(tasks.submit(TASK).await(WAIT).isDone()).isTrue();
                });
    }

    @Test
    void aWrongTaskIsRefusedBeforeTheDatabaseIsTouched() {
        host().run(host -> {
            TransactionalTasks tasks = host.getBean(TransactionalTasks.class);
            template(host).executeWithoutResult(status -> {
                assertThatThrownBy(() -> tasks.submit(TaskRequest.of("eco", "")))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("task type is 'eco'");
                tasks.submit(TASK);
            });
            assertThat(tasks(host)).isOne();
        });
    }

    @Test
    void manyTasksAndASuspendedTransactionKeepApart() {
        // A transaction within another one writes in turn, so that the outer one must not have written yet.
        host().run(host -> {
            TransactionalTasks tasks = host.getBean(TransactionalTasks.class);
            TransactionTemplate own = template(host);
            own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
            List<TaskHandle> inner = new ArrayList<>();
            template(host).executeWithoutResult(outer -> {
                own.executeWithoutResult(status -> inner.addAll(tasks.submitAll(List.of(TASK, TASK))));
                IntStream.range(0, 50).forEach(one -> tasks.submit(TASK));
                outer.setRollbackOnly();
            });

            for (TaskHandle task : inner) {
                assertThat(task.await(WAIT).isDone()).isTrue();
            }
            assertThat(tasks(host)).isEqualTo(2);
        });
    }

    @Test
    void thereIsNoneWithoutSpringsJdbc() {
        Hosts.inMemory()
                .withClassLoader(new FilteredClassLoader(DataSourceUtils.class))
                .run(host -> assertThat(host).hasNotFailed().doesNotHaveBean(TransactionalTasks.class));
    }

    @Test
    void backsOff() {
        host().withBean("own", TransactionalTasks.class, () -> new TransactionalTasks(null, null, null))
                .run(host ->
                        assertThat(host).hasSingleBean(TransactionalTasks.class).hasBean("own"));
    }

    private static TransactionTemplate template(AssertableApplicationContext host) {
        return new TransactionTemplate(host.getBean(PlatformTransactionManager.class));
    }

    /** Transactions of something that is no database. */
    private static final class NoDatabase extends AbstractPlatformTransactionManager {

        private static final long serialVersionUID = 1L;

        @Override
        protected Object doGetTransaction() {
            return new Object();
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {}

        @Override
        protected void doCommit(DefaultTransactionStatus status) {}

        @Override
        protected void doRollback(DefaultTransactionStatus status) {}
    }
}
