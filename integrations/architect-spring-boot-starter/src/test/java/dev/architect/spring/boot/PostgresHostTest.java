package dev.architect.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.spi.Store;
import dev.architect.spi.Worker;
import dev.architect.spring.boot.Hosts.TypedWorker;
import dev.architect.store.postgres.PostgresStore;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** A host with PostgreSQL: by JDBC and by JPA, in its own schema and another one. */
final class PostgresHostTest {

    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final TaskRequest TASK = TaskRequest.of("echo", "order 1");

    private PostgresDatabase database;

    @BeforeEach
    void create() {
        database = PostgresServer.shared(PostgresServer.Version.V15).createDatabase();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private ApplicationContextRunner host() {
        return Hosts.on(database.jdbcUrl())
                .withPropertyValues(
                        "spring.datasource.username=" + database.user(),
                        "spring.datasource.password=" + database.password())
                .withUserConfiguration(Hosts.Echo.class);
    }

    @Test
    void theStoreIsInTheDatabaseOfTheHost() {
        host().run(host -> {
            assertThat(host).hasNotFailed();
            assertThat(host.getBean(Store.class)).isInstanceOf(PostgresStore.class);
            assertThat(host.getBean(Architect.class).submit(TASK).await(WAIT).output())
                    .contains("order 1");
        });
        assertThat(database.count("SELECT count(*) FROM pg_tables WHERE tablename = 'task' AND schemaname = 'public'"))
                .isOne();
    }

    @Test
    void theTablesAreInTheSchemaOfTheHostsChoice() {
        host().withPropertyValues("architect.store.postgres.schema=work").run(host -> {
            assertThat(host).hasNotFailed();
            JdbcTemplate jdbc = host.getBean(JdbcTemplate.class);
            jdbc.execute("CREATE TABLE orders (id int)");
            AtomicReference<TaskHandle> task = new AtomicReference<>();
            template(host.getBean(PlatformTransactionManager.class)).executeWithoutResult(status -> {
                task.set(host.getBean(TransactionalTasks.class).submit(TASK));
                // The host's own tables are found as before.
                jdbc.update("INSERT INTO orders VALUES (1)");
            });
            assertThat(task.get().await(WAIT).isDone()).isTrue();
        });
        assertThat(database.count("SELECT count(*) FROM pg_tables WHERE tablename = 'task' AND schemaname = 'work'"))
                .isOne();
    }

    @Test
    void withoutMigrationAMissingSchemaIsOneClearLine() {
        host().withPropertyValues("architect.store.postgres.migrate=false").run(host -> {
            assertThat(host).hasFailed();
            assertThat(host.getStartupFailure()).hasStackTraceContaining("Architect's store cannot be opened: ");
        });
        assertThat(database.count("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .isZero();
    }

    @Test
    void aWrongPasswordIsOneClearLineWithoutIt() {
        host().withPropertyValues(
                        "spring.datasource.username=nobody-of-that-name",
                        "spring.datasource.password=not-to-be-shown",
                        "spring.datasource.hikari.connection-timeout=250")
                .run(host -> {
                    assertThat(host).hasFailed();
                    assertThat(host.getStartupFailure())
                            .hasStackTraceContaining("the database of the DataSource cannot be reached: ");
                    assertThat(host.getStartupFailure().toString()).doesNotContain("not-to-be-shown");
                });
    }

    @Test
    void aRollBackLeavesNoTaskAndACommitRunsItAtOnce() {
        host().run(host -> {
            JdbcTemplate jdbc = host.getBean(JdbcTemplate.class);
            TransactionalTasks tasks = host.getBean(TransactionalTasks.class);
            TransactionTemplate transaction = template(host.getBean(PlatformTransactionManager.class));
            jdbc.execute("CREATE TABLE orders (id int)");

            assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
                        jdbc.update("INSERT INTO orders VALUES (1)");
                        tasks.submit(TASK);
                        throw new IllegalStateException("no stock");
                    }))
                    .hasMessage("no stock");
            assertThat(host.getBean(Architect.class).tasks().list(TaskQuery.newest(10)))
                    .isEmpty();
            assertThat(jdbc.queryForObject("SELECT count(*) FROM orders", Integer.class))
                    .isZero();

            TaskHandle task = transaction.execute(status -> {
                jdbc.update("INSERT INTO orders VALUES (2)");
                return tasks.submit(TASK);
            });
            assertThat(task.await(WAIT).output()).contains("order 1");
        });
    }

    @Test
    void aStopHandsRunningTasksBackAndTheNextProcessDoesThem() {
        AtomicReference<TaskId> id = new AtomicReference<>();
        CountDownLatch started = new CountDownLatch(1);
        ApplicationContextRunner on = Hosts.on(database.jdbcUrl())
                .withPropertyValues(
                        "spring.datasource.username=" + database.user(),
                        "spring.datasource.password=" + database.password(),
                        "architect.tasks.stop-timeout=400ms");
        on.withBean(
                        Worker.class,
                        () -> new TypedWorker("job", context -> {
                            started.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException stop) {
                                Thread.currentThread().interrupt();
                            }
                            throw new IllegalStateException("interrupted");
                        }))
                .run(host -> {
                    id.set(host.getBean(Architect.class)
                            .submit(TaskRequest.of("job", "").withMaxAttempts(1))
                            .id());
                    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
                });

        assertThat(database.count("SELECT count(*) FROM node WHERE state IN (0, 1)"))
                .isZero();
        on.withBean(Worker.class, () -> new TypedWorker("job", context -> "done at last"))
                .run(host -> assertThat(host.getBean(Architect.class)
                                .tasks()
                                .handle(id.get())
                                .orElseThrow()
                                .await(WAIT)
                                .output())
                        .contains("done at last"));
    }

    @Test
    void aTransactionOfJpaHasTasksToo() throws Exception {
        try (ConfigurableApplicationContext host = new SpringApplicationBuilder(JpaHost.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.main.banner-mode=off",
                        "spring.jpa.hibernate.ddl-auto=update",
                        "spring.datasource.url=" + database.jdbcUrl(),
                        "spring.datasource.username=" + database.user(),
                        "spring.datasource.password=" + database.password())
                .run()) {
            JpaOrders orders = host.getBean(JpaOrders.class);
            assertThat(host.getBean(PlatformTransactionManager.class).getClass().getSimpleName())
                    .isEqualTo("JpaTransactionManager");

            assertThatThrownBy(() -> orders.place(1, true)).hasMessage("no stock");
            assertThat(database.count("SELECT count(*) FROM orders")).isZero();
            assertThat(host.getBean(Architect.class).tasks().list(TaskQuery.newest(10)))
                    .isEmpty();

            TaskHandle task = orders.place(2, false);
            assertThat(task.await(WAIT).state()).isEqualTo(TaskState.DONE);
            assertThat(database.count("SELECT count(*) FROM orders")).isOne();
        }
    }

    private static TransactionTemplate template(PlatformTransactionManager manager) {
        return new TransactionTemplate(manager);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @AutoConfigurationPackage
    @Import(Hosts.Echo.class)
    static class JpaHost {

        @Bean
        JpaOrders orders(EntityManager entities, TransactionalTasks tasks) {
            return new JpaOrders(entities, tasks);
        }
    }

    /** A service of a host with JPA. */
    static class JpaOrders {

        private final EntityManager entities;
        private final TransactionalTasks tasks;

        JpaOrders(EntityManager entities, TransactionalTasks tasks) {
            this.entities = entities;
            this.tasks = tasks;
        }

        @Transactional
        public TaskHandle place(int id, boolean fails) {
            entities.persist(new JpaOrder(id));
            TaskHandle task = tasks.submit(TASK);
            if (fails) {
                throw new IllegalStateException("no stock");
            }
            return task;
        }
    }

    /** A row of the host. */
    @Entity
    @Table(name = "orders")
    static class JpaOrder {

        @Id
        private int id;

        JpaOrder() {}

        JpaOrder(int id) {
            this.id = id;
        }
    }
}
