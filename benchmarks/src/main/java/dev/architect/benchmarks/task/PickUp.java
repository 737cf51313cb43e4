package dev.architect.benchmarks.task;

import dev.architect.Architect;
import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import dev.architect.benchmarks.Options;
import dev.architect.benchmarks.Percentiles;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.store.sqlite.Synchronous;
import dev.architect.task.TaskRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Pick-up on an idle queue: from the call of {@code submit} to the first line of the worker, one task after the other, with pauses of
 * random length between them. Submitted by this process, and by a second one that only shares the file.
 *
 * <p>Both processes read the monotonic clock of the system, which Linux counts for all of them alike; elsewhere the times of the second
 * process mean nothing.
 */
public final class PickUp {

    private static final String TYPE = "pick-up";
    private static final int MIN_PAUSE_MILLIS = 2;
    private static final int MAX_PAUSE_MILLIS = 40;
    private static final long WAIT_SECONDS = 30;
    private static final long SEED = 1;

    private PickUp() {}

    /** Runs with {@code --tasks N}, {@code --dir DIRECTORY}, {@code --json FILE}. */
    public static void main(String... arguments) throws Exception {
        Measurement.main(PickUp::measure, arguments);
    }

    static MeasurementReport measure(List<String> arguments) throws Exception {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("tasks", "500");
        defaults.put("dir", Path.of("benchmarks", "target").toString());
        Options options = Options.parse(arguments, defaults);
        int tasks = options.number("tasks", 1);
        Path parent = Path.of(options.text("dir"));
        Files.createDirectories(parent);
        Path directory = Files.createTempDirectory(parent, "pick-up-");
        try {
            Map<String, Object> machine = HostInfo.factsWithDisk(directory);
            List<Map<String, Object>> rows = new ArrayList<>();
            for (Synchronous mode : List.of(Synchronous.NORMAL, Synchronous.FULL)) {
                rows.add(row("this", mode, inProcess(directory.resolve("in-" + mode + ".db"), mode, tasks)));
                rows.add(row("second", mode, secondProcess(directory.resolve("by-" + mode + ".db"), mode, tasks)));
            }
            return new MeasurementReport("pickup", machine, Map.of("tasks", tasks), rows, Map.of());
        } finally {
            EngineRun.delete(directory);
        }
    }

    private static Map<String, Object> row(String process, Synchronous mode, Percentiles times) {
        System.out.printf("submitted by %-6s process, synchronous %-6s %s%n", process, mode, times);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("submittedBy", process + " process");
        row.put("synchronous", mode.name());
        row.putAll(times.asMap());
        return row;
    }

    private static Percentiles inProcess(Path file, Synchronous mode, int tasks) throws InterruptedException {
        Receiver receiver = new Receiver();
        try (Architect architect = Architect.builder()
                .store(open(file, mode))
                .router((providers, time) -> new NoRouter())
                .worker(receiver)
                .build()) {
            return receiver.receive(tasks, () -> submit(architect, tasks));
        }
    }

    private static Percentiles secondProcess(Path file, Synchronous mode, int tasks) throws Exception {
        Receiver receiver = new Receiver();
        Architect performing = Architect.builder()
                .store(open(file, mode))
                .router((providers, time) -> new NoRouter())
                .worker(receiver)
                .build();
        try (performing) {
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Submitter.class.getName(),
                            file.toString(),
                            mode.name(),
                            Integer.toString(tasks))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                return receiver.receive(tasks, () -> awaitLine(child));
            } finally {
                child.destroy();
                child.waitFor(WAIT_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    private static void awaitLine(Process child) {
        try (BufferedReader lines = child.inputReader()) {
            String line = lines.readLine();
            if (!"submitted".equals(line)) {
                throw new IllegalStateException("the second process said '" + line + "', expected 'submitted'");
            }
        } catch (IOException failure) {
            throw new IllegalStateException("the second process cannot be read", failure);
        }
    }

    private static SqliteStore open(Path file, Synchronous mode) {
        SqliteStore store = SqliteStore.builder(file).synchronous(mode).open();
        if (store.synchronous() != mode) {
            throw new IllegalStateException("PRAGMA synchronous is " + store.synchronous() + ", expected " + mode);
        }
        return store;
    }

    /** Each task carries the time at which its submit was called. */
    private static void submit(Architect architect, int tasks) throws InterruptedException {
        Random random = new Random(SEED);
        // The first ones load the classes.
        for (int i = 0; i < tasks + Window.warmUp(tasks); i++) {
            TimeUnit.MILLISECONDS.sleep(MIN_PAUSE_MILLIS + random.nextInt(MAX_PAUSE_MILLIS - MIN_PAUSE_MILLIS));
            architect.submit(TaskRequest.of(TYPE, Long.toString(System.nanoTime())));
        }
    }

    /** What submits the tasks, and returns when all are submitted. */
    private interface Source {
        void run() throws InterruptedException;
    }

    /** Notes how long each task took to get here. */
    private static final class Receiver implements Worker {
        private final BlockingQueue<Long> times = new LinkedBlockingQueue<>();

        @Override
        public Set<String> types() {
            return Set.of(TYPE);
        }

        @Override
        public String perform(TaskContext context) {
            times.add(System.nanoTime() - Long.parseLong(context.request().payload()));
            return "";
        }

        private Percentiles receive(int tasks, Source source) throws InterruptedException {
            source.run();
            List<Long> received = new ArrayList<>();
            for (int i = 0; i < tasks + Window.warmUp(tasks); i++) {
                Long nanos = times.poll(WAIT_SECONDS, TimeUnit.SECONDS);
                if (nanos == null) {
                    throw new IllegalStateException(
                            String.format(Locale.ROOT, "%d tasks were picked up, expected all", received.size()));
                }
                received.add(nanos);
            }
            return Percentiles.ofNanos(received.subList(Window.warmUp(tasks), received.size()));
        }
    }

    /** The second process: it has the file, and no other way to the first. */
    public static final class Submitter {

        private Submitter() {}

        /** Runs with the file, the mode and the number of tasks. */
        public static void main(String... arguments) throws InterruptedException {
            try (Architect architect = Architect.builder()
                    .store(open(Path.of(arguments[0]), Synchronous.valueOf(arguments[1])))
                    .router((providers, time) -> new NoRouter())
                    .worker(new Receiver())
                    .withoutTaskExecution()
                    .build()) {
                submit(architect, Integer.parseInt(arguments[2]));
                System.out.println("submitted");
            }
        }
    }
}
