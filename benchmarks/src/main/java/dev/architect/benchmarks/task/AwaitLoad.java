package dev.architect.benchmarks.task;

import com.sun.management.OperatingSystemMXBean;
import dev.architect.Architect;
import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import dev.architect.benchmarks.Options;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskTimeoutException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What it costs to wait: the share of a core that this process uses while many callers are in {@code await} for tasks that do not end,
 * while nothing else happens, and while other tasks are performed at an even rate, each with and without those callers.
 */
public final class AwaitLoad {

    private static final String BUSY = "busy";
    private static final Duration LATER = Duration.ofDays(1);
    private static final long SETTLE_SECONDS = 3;
    private static final long TICK_MILLIS = 10;
    private static final long TICKS_PER_SECOND = 1_000 / TICK_MILLIS;

    private final Architect architect;
    private final int callers;
    private final int seconds;
    private final int tasksPerSecond;

    private AwaitLoad(Architect architect, Options options) {
        this.architect = architect;
        this.callers = options.number("callers", 1);
        this.seconds = options.number("seconds", 1);
        this.tasksPerSecond = options.number("rate", (int) TICKS_PER_SECOND);
    }

    /** Runs with {@code --callers N}, {@code --seconds N}, {@code --rate N}, {@code --dir DIRECTORY}, {@code --json FILE}. */
    public static void main(String... arguments) throws Exception {
        Measurement.main(AwaitLoad::measure, arguments);
    }

    static MeasurementReport measure(List<String> arguments) throws Exception {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("callers", "5000");
        defaults.put("seconds", "10");
        defaults.put("rate", "500");
        defaults.put("dir", Path.of("benchmarks", "target").toString());
        Options options = Options.parse(arguments, defaults);
        Path parent = Path.of(options.text("dir"));
        Files.createDirectories(parent);
        Path directory = Files.createTempDirectory(parent, "await-");
        Map<String, Object> machine = HostInfo.factsWithDisk(directory);
        try (Architect architect = Architect.builder()
                .store(SqliteStore.at(directory.resolve("queue.db")))
                .router((providers, time) -> new NoRouter())
                .worker(new NoOp())
                .build()) {
            return new AwaitLoad(architect, options).run(machine);
        } finally {
            EngineRun.delete(directory);
        }
    }

    private MeasurementReport run(Map<String, Object> machine) throws InterruptedException {
        List<Map<String, Object>> rows = new ArrayList<>();
        // The first pass loads the classes and lets them be compiled.
        busyShare();
        double idle = idleShare();
        double busy = busyShare();
        List<Thread> waiting = startCallers();
        double idleWithCallers = idleShare();
        double busyWithCallers = busyShare();
        waiting.forEach(Thread::interrupt);
        for (Thread each : waiting) {
            each.join();
        }
        rows.add(row("nothing happens", idle, idleWithCallers));
        rows.add(row(tasksPerSecond + " tasks a second", busy, busyWithCallers));
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("callers", callers);
        facts.put("seconds", seconds);
        facts.put("tasksPerSecond", tasksPerSecond);
        return new MeasurementReport("await", machine, facts, rows, Map.of("idlePercentOfOneCore", idleWithCallers));
    }

    private Map<String, Object> row(String load, double without, double with) {
        System.out.printf(
                "%-22s %.1f %% of a core without callers, %.1f %% with %d%n", load + ":", without, with, callers);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("load", load);
        row.put("withoutCallersPercentOfOneCore", without);
        row.put("withCallersPercentOfOneCore", with);
        return row;
    }

    private List<Thread> startCallers() throws InterruptedException {
        List<TaskHandle> handles = architect
                .tasks()
                .submitAll(Collections.nCopies(callers, TaskRequest.of(BUSY, "").withDelay(LATER)));
        CountDownLatch begun = new CountDownLatch(callers);
        List<Thread> threads = new ArrayList<>();
        for (TaskHandle handle : handles) {
            Thread thread = new Thread(null, () -> await(handle, begun), "caller", 256 << 10);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
        begun.await();
        TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
        return threads;
    }

    private static void await(TaskHandle handle, CountDownLatch begun) {
        begun.countDown();
        try {
            handle.await(LATER);
            throw new IllegalStateException("a task ended that is due tomorrow");
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        } catch (TaskTimeoutException tooEarly) {
            throw new IllegalStateException(tooEarly);
        }
    }

    private double idleShare() throws InterruptedException {
        return share(() -> TimeUnit.SECONDS.sleep(seconds));
    }

    private double busyShare() throws InterruptedException {
        List<TaskRequest> tick =
                Collections.nCopies((int) (tasksPerSecond / TICKS_PER_SECOND), TaskRequest.of(BUSY, ""));
        return share(() -> {
            for (int i = 0; i < seconds * TICKS_PER_SECOND; i++) {
                architect.tasks().submitAll(tick);
                TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
            }
        });
    }

    private interface Load {
        void run() throws InterruptedException;
    }

    /** The processor time of this process while {@code load} runs, in percent of one core, in tenths. */
    private static double share(Load load) throws InterruptedException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long time = System.nanoTime();
        load.run();
        return Math.round(1_000.0 * (system.getProcessCpuTime() - cpu) / (System.nanoTime() - time)) / 10.0;
    }

    private static final class NoOp implements Worker {

        @Override
        public Set<String> types() {
            return Set.of(BUSY);
        }

        @Override
        public String perform(TaskContext context) {
            return "";
        }
    }
}
