package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.error.ArchitectException;
import dev.architect.spi.TaskContext;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the log and the task say about a failed task. */
final class FailedTaskLogTest {

    private static final String PROMPT = "my private prompt";

    private interface Work {
        void run(String payload) throws Exception;
    }

    private static final class Mailer implements Worker {
        private final Work work;

        private Mailer(Work work) {
            this.work = work;
        }

        @Override
        public Set<String> types() {
            return Set.of("mail");
        }

        @Override
        public String perform(TaskContext context) throws Exception {
            work.run(context.request().payload());
            return "sent";
        }
    }

    private static String logOf(int maxAttempts, String expectedError, Work work) throws InterruptedException {
        return logOf(TaskRequest.of("mail", PROMPT).withMaxAttempts(maxAttempts), expectedError, work);
    }

    private static String logOf(TaskRequest request, String expectedError, Work work) throws InterruptedException {
        TimeSource time = TimeSource.system();
        FakeRouter router = new FakeRouter(time);
        try (CapturedLog log = new CapturedLog()) {
            try (Architect architect = Architect.builder()
                    .store(new InMemoryStore(time))
                    .router((providers, clock) -> router)
                    .worker(new Mailer(work))
                    .build()) {
                TaskResult result = architect.submit(request).await(Duration.ofSeconds(60));
                assertThat(result.error().orElse("")).isEqualTo(expectedError).doesNotContain(PROMPT);
            }
            assertThat(log.text()).doesNotContain(PROMPT);
            return log.text();
        }
    }

    @Test
    void aForeignFailureIsLoggedByTypeAndPlaceWithoutItsMessage() throws InterruptedException {
        String log = logOf(1, "java.lang.IllegalStateException", payload -> {
            try {
                Integer.parseInt(payload);
            } catch (NumberFormatException quoting) {
                throw new IllegalStateException("cannot send " + payload, quoting);
            }
        });

        assertThat(log)
                .containsPattern("WARN.*AttemptRunner - task \\S+ of type mail failed in attempt 1 of 1:"
                        + " java.lang.IllegalStateException\n")
                .containsPattern("\njava.lang.IllegalStateException\n\tat dev.architect.server.FailedTaskLogTest")
                .containsPattern("Caused by: java.lang.NumberFormatException\n\tat ");
    }

    @Test
    void aForeignIllegalArgumentIsNoSafeText() throws InterruptedException {
        String log = logOf(1, "java.lang.NumberFormatException", Integer::parseInt);

        assertThat(log).contains("failed in attempt 1 of 1: java.lang.NumberFormatException");
    }

    @Test
    void aWorkerPassesASafeText() throws InterruptedException {
        String log = logOf(3, "ArchitectException: mailbox is full, expected room for 1 message", payload -> {
            throw new ArchitectException(
                    "mailbox is full, expected room for 1 message", new IllegalStateException(payload));
        });

        assertThat(log)
                .contains("failed in attempt 1 of 3: ArchitectException: mailbox is full, expected room for 1 message")
                .contains("Caused by: java.lang.IllegalStateException\n");
    }

    @Test
    void aTaskThatTimesOutForGoodIsLogged() throws InterruptedException {
        TaskRequest brief = TaskRequest.of("mail", PROMPT).withMaxAttempts(1).withTimeout(Duration.ofMillis(300));
        String log = logOf(brief, "the attempt took longer than its timeout of 300 ms", payload -> {
            synchronized (payload) {
                while (true) {
                    payload.wait();
                }
            }
        });

        assertThat(log).contains("failed in attempt 1 of 1: the attempt took longer than its timeout of 300 ms");
    }
}
