package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.ArchitectBuilder;
import dev.architect.spi.Router;
import dev.architect.spi.TaskContext;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures how long after its commit a task starts in another process on the same file, how long after its end the submitting
 * process knows, and what the watching costs. Both processes read the same monotonic clock.
 */
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SqlitePickUpTest {

    private static final int SAMPLES = 400;

    @TempDir
    Path directory;

    @Test
    void aSecondProcessStartsATaskWithinMilliseconds() throws Exception {
        Path file = directory.resolve("architect.db");
        SqliteStore.at(file).close();
        Process child = child(file);
        long[] pickUp = new long[SAMPLES];
        long[] known = new long[SAMPLES];
        try (Architect host = architect(file).withoutTaskExecution().build();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
            assertThat(lines.readLine()).startsWith("ready");
            Random random = new Random(22);
            for (int i = 0; i < SAMPLES; i++) {
                // Spread, so that samples do not follow the rhythm of the looks. One of eighty comes after a quiet
                // time.
                TimeSource.system().sleep(Duration.ofMillis(i % 80 == 79 ? 5_500 : random.nextInt(30)));
                TaskHandle task = host.submit(TaskRequest.of("work", "p"));
                long committed = System.nanoTime();
                task.await(Duration.ofSeconds(30));
                known[i] = System.nanoTime();
                long started = Long.parseLong(lines.readLine().split(" ")[1]);
                long ended = Long.parseLong(lines.readLine().split(" ")[1]);
                pickUp[i] = started - committed;
                known[i] -= ended;
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
        print("commit to start in a second process", pickUp);
        print("return of the worker to the end of await", known);
        // A poll of 250 ms would have a median of 125 ms.
        assertThat(quantile(pickUp, 0.5)).isLessThan(25_000_000);
    }

    @Test
    void watchingCostsLittle() throws Exception {
        Path file = directory.resolve("architect.db");
        try (SqliteStore store = SqliteStore.at(file);
                SqliteStore other = SqliteStore.at(file)) {
            store.subscribe(change -> {});
            Thread writer = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("architect-sqlite-writer"))
                    .min((one, two) -> Long.compare(one.getId(), two.getId()))
                    .orElseThrow();
            double busy = share(writer, Duration.ofSeconds(4));
            TimeSource.system().sleep(Duration.ofSeconds(3));
            double quiet = share(writer, Duration.ofSeconds(10));
            System.out.printf("watching costs %.2f %% of a core just after a change, %.2f %% later%n", busy, quiet);
            assertThat(quiet).isLessThan(5);
            assertThat(other.tasks().counts()).isEmpty();
        }
    }

    private static double share(Thread thread, Duration over) throws InterruptedException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getThreadCpuTime(thread.getId());
        TimeSource.system().sleep(over);
        return 100.0 * (threads.getThreadCpuTime(thread.getId()) - before) / over.toNanos();
    }

    private static long quantile(long[] nanos, double share) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1, Math.round(share * sorted.length))];
    }

    private static void print(String what, long[] nanos) {
        System.out.printf(
                "%s: p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, maximum %.1f ms%n",
                what,
                quantile(nanos, 0.5) / 1e6,
                quantile(nanos, 0.9) / 1e6,
                quantile(nanos, 0.99) / 1e6,
                quantile(nanos, 1) / 1e6);
    }

    private static Process child(Path file) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SqlitePickUpTest.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The process that performs tasks and prints when each began and ended. */
    public static void main(String[] arguments) throws InterruptedException {
        Architect worker = architect(Path.of(arguments[0])).build();
        System.out.println("ready " + worker.sessions());
        Thread.currentThread().join();
    }

    private static ArchitectBuilder architect(Path file) {
        return Architect.builder()
                .store(SqliteStore.at(file))
                .router((providers, clock) -> (Router) Proxy.newProxyInstance(
                        Router.class.getClassLoader(), new Class<?>[] {Router.class}, (proxy, method, values) -> {
                            if (method.isDefault()) {
                                return InvocationHandler.invokeDefault(proxy, method, values);
                            }
                            return method.getReturnType() == List.class
                                    ? List.of()
                                    : method.getReturnType() == int.class ? 0 : null;
                        }))
                .worker(new Clocking());
    }

    private static final class Clocking implements Worker {

        @Override
        public Set<String> types() {
            return Set.of("work");
        }

        @Override
        public String perform(TaskContext context) {
            System.out.println("started " + System.nanoTime());
            System.out.println("ended " + System.nanoTime());
            return "done";
        }
    }
}
