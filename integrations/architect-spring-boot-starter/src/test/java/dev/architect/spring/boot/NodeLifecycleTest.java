package dev.architect.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.spi.Store;
import dev.architect.spi.Worker;
import dev.architect.spring.boot.Hosts.TypedWorker;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/** When a node claims tasks, and what becomes of running ones when the host stops. */
final class NodeLifecycleTest {

    private static final Duration WAIT = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @Test
    void claimsNothingBeforeEveryBeanIsMadeAndStarted() {
        Hosts.inMemory().withUserConfiguration(Hosts.Echo.class, Early.class).run(host -> {
            Early early = host.getBean(Early.class);
            assertThat(early.pausedWhenMade).isEqualTo(List.of(true));
            assertThat(early.pausedWhenStarted).isEqualTo(List.of(true));
            assertThat(early.task.get().await(WAIT).output()).contains("early");
            assertThat(host.getBean(Architect.class).sessions().isPaused()).isFalse();
        });
    }

    @Test
    void aStopHandsRunningTasksBackAndTheNextProcessDoesThem() {
        Path file = folder.resolve("host.db");
        AtomicReference<TaskId> id = new AtomicReference<>();
        CountDownLatch started = new CountDownLatch(1);
        Hosts.bare()
                .withPropertyValues("architect.store.sqlite.file=" + file, "architect.tasks.stop-timeout=400ms")
                .withBean(
                        Worker.class,
                        () -> new TypedWorker("job", context -> {
                            started.countDown();
                            return waitForEver();
                        }))
                .run(host -> {
                    id.set(host.getBean(Architect.class)
                            .submit(TaskRequest.of("job", "").withMaxAttempts(1))
                            .id());
                    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
                });
        // The runner has closed the context.
        try (Store store = SqliteStore.at(file)) {
            assertThat(store.tasks().find(id.get()).orElseThrow().state()).isEqualTo(TaskState.READY);
            assertThat(store.nodes().aliveCount()).isZero();
        }
        Hosts.bare()
                .withPropertyValues("architect.store.sqlite.file=" + file)
                .withBean(Worker.class, () -> new TypedWorker("job", context -> "done at last"))
                .run(host -> {
                    TaskHandle task = host.getBean(Architect.class)
                            .tasks()
                            .handle(id.get())
                            .orElseThrow();
                    assertThat(task.await(WAIT).output()).contains("done at last");
                    assertThat(host.getBean(Architect.class).tasks().attempts(id.get()))
                            .extracting(Attempt::outcome)
                            .containsExactly(AttemptOutcome.HANDED_BACK, AttemptOutcome.SUCCEEDED);
                });
    }

    private static String waitForEver() {
        try {
            new CountDownLatch(1).await();
            return "never";
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stop);
        }
    }

    @Test
    void aTaskThatEndsWithinTheStopLimitIsDoneBeforeBeansOfLowerPhasesStop() {
        CountDownLatch started = new CountDownLatch(1);
        Connections connections = new Connections();
        AtomicReference<TaskHandle> task = new AtomicReference<>();
        List<String> seen = new CopyOnWriteArrayList<>();
        Hosts.bare()
                .withPropertyValues("architect.store.sqlite.file=" + folder.resolve("host.db"))
                .withBean(Connections.class, () -> connections)
                .withBean(
                        Worker.class,
                        () -> new TypedWorker("job", context -> {
                            started.countDown();
                            // Ends only when the context has begun to close.
                            connections.webServerStopped();
                            seen.add("connections open: " + connections.isRunning());
                            return "done";
                        }))
                .withBean(WebServer.class, () -> new WebServer(connections))
                .run(host -> {
                    task.set(host.getBean(Architect.class).submit(TaskRequest.of("job", "")));
                    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
                });

        assertThat(seen).containsExactly("connections open: true");
        try (Store store = SqliteStore.at(folder.resolve("host.db"))) {
            assertThat(store.tasks().find(task.get().id()).orElseThrow().state())
                    .isEqualTo(TaskState.DONE);
        }
    }

    @Test
    void requestsStillSubmitWhileTheWebServerStopsAndNothingMoreIsClaimed() {
        List<String> seen = new CopyOnWriteArrayList<>();
        Hosts.inMemory().withUserConfiguration(Hosts.Echo.class).run(host -> {
            Architect architect = host.getBean(Architect.class);
            WebServer server = new WebServer(new Connections());
            server.onStop = () -> {
                TaskHandle task = architect.submit(TaskRequest.of("echo", "late"));
                seen.add("paused: " + architect.sessions().isPaused() + ", result: "
                        + task.result().isPresent());
            };
            ((GenericApplicationContext) host.getSourceApplicationContext())
                    .getBeanFactory()
                    .registerSingleton("server", server);
            server.start();
            host.close();
        });

        assertThat(seen).containsExactly("paused: true, result: false");
    }

    @Test
    void goesOnWhenTheContextIsStartedAgain() {
        Hosts.inMemory().withUserConfiguration(Hosts.Echo.class).run(host -> {
            Architect architect = host.getBean(Architect.class);
            GenericApplicationContext context = (GenericApplicationContext) host.getSourceApplicationContext();
            context.stop();
            TaskHandle task = architect.submit(TaskRequest.of("echo", "again"));
            assertThat(architect.sessions().isPaused()).isTrue();

            context.start();
            assertThat(task.await(WAIT).output()).contains("again");
        });
    }

    @Test
    void theEndOfAChildContextChangesNothing() {
        Hosts.inMemory().run(host -> {
            GenericApplicationContext child = new GenericApplicationContext(host.getSourceApplicationContext());
            child.refresh();
            child.close();

            assertThat(host.getBean(Architect.class).sessions().isPaused()).isFalse();
        });
    }

    /** Stands for connections of a worker, as those to Redis, whose bean stops in phase 0. */
    static class Connections implements SmartLifecycle {

        private final CountDownLatch webServerStopped = new CountDownLatch(1);
        private volatile boolean running;

        void webServerStopped() {
            try {
                webServerStopped.await();
            } catch (InterruptedException stop) {
                throw new IllegalStateException(stop);
            }
        }

        @Override
        public void start() {
            running = true;
        }

        @Override
        public void stop() {
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return 0;
        }
    }

    /** In the phase of Spring Boot's web servers. */
    static final class WebServer extends Connections {

        private final Connections connections;
        private Runnable onStop = () -> {};

        WebServer(Connections connections) {
            this.connections = connections;
        }

        @Override
        public void stop() {
            onStop.run();
            super.stop();
            connections.webServerStopped.countDown();
        }

        @Override
        public int getPhase() {
            return SmartLifecycle.DEFAULT_PHASE - 2_048;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Early {

        final List<Boolean> pausedWhenMade = new CopyOnWriteArrayList<>();
        final List<Boolean> pausedWhenStarted = new CopyOnWriteArrayList<>();
        final AtomicReference<TaskHandle> task = new AtomicReference<>();

        @Bean
        SmartLifecycle early(Architect architect) {
            pausedWhenMade.add(architect.sessions().isPaused());
            task.set(architect.submit(TaskRequest.of("echo", "early")));
            return new Connections() {
                @Override
                public void start() {
                    pausedWhenStarted.add(architect.sessions().isPaused());
                    super.start();
                }
            };
        }
    }
}
