package dev.architect.benchmarks.postgres.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An engine in a process of its own, which obeys the lines of its input until that ends.
 *
 * <p>A source knows {@code bulk TASKS}, {@code bulk-for MILLIS}, {@code single-for THREADS MILLIS} and {@code paced TASKS}, and answers each
 * with {@code done TASKS}. A runner knows {@code start}, {@code paced TASKS} and {@code single-for MILLIS}, and writes {@code executions N} and,
 * for each paced task, {@code picked-up NANOS}. Both write {@code ready} when their database is open.
 */
public final class EngineProcess {

    private static final long REPORT_MILLIS = 20;

    private EngineProcess() {}

    /** Returns how such a process is started. */
    static List<String> command(
            String role, PostgresEngine engine, BenchmarkDatabase database, Payload payload, int heapMib) {
        return jvm(
                heapMib, EngineProcess.class, role, engine.name(), database.url(), Integer.toString(payload.bytes()));
    }

    /** Returns how another main class of this class path is started. */
    public static List<String> jvm(int heapMib, Class<?> main, String... arguments) {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMib + "m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Runs with {@code runner} or {@code source}, the engine's name, the address of the database and the bytes of a payload. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        PostgresEngine engine = PostgresEngines.named(arguments[1]);
        BenchmarkDatabase database = new BenchmarkDatabase(arguments[2]);
        Payload payload = new Payload(Integer.parseInt(arguments[3]));
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (arguments[0].equals("source")) {
            try (PostgresEngine.TaskSource source = engine.source(database, payload)) {
                submit(source, lines);
            }
        } else {
            PostgresEngine.TaskRunner runner = engine.runner(database, payload);
            Thread reporter = new Thread(() -> report(runner), "reporter");
            try (runner) {
                reporter.setDaemon(true);
                perform(runner, reporter, lines);
            }
            reporter.interrupt();
            reporter.join();
        }
        // What an engine left running must not keep the process.
        System.exit(0);
    }

    private static void submit(PostgresEngine.TaskSource source, BufferedReader lines) throws IOException {
        System.out.println("ready");
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ");
            long number = Long.parseLong(words[1]);
            long done = switch (words[0]) {
                case "bulk" -> {
                    source.bulk(number);
                    yield number;
                }
                case "bulk-for" -> source.bulkFor(number);
                case "single-for" -> source.singleFor((int) number, Long.parseLong(words[2]));
                case "paced" -> {
                    source.paced((int) number);
                    yield number;
                }
                default -> throw new IllegalArgumentException("'" + line + "' is no command of a source");
            };
            System.out.println("done " + done);
        }
    }

    private static void perform(PostgresEngine.TaskRunner runner, Thread reporter, BufferedReader lines)
            throws IOException {
        System.out.println("ready");
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals("start")) {
                reporter.start();
                runner.start();
            } else if (line.startsWith("paced ")) {
                int tasks = Integer.parseInt(line.substring("paced ".length()));
                runner.paced(tasks);
                System.out.println("done " + tasks);
            } else if (line.startsWith("single-for ")) {
                System.out.println("done " + runner.singleFor(Long.parseLong(line.substring("single-for ".length()))));
            } else {
                throw new IllegalArgumentException("'" + line + "' is no command of a runner");
            }
        }
    }

    private static void report(PostgresEngine.TaskRunner runner) {
        long reported = -1;
        int pickUps = 0;
        boolean ends = false;
        while (!ends) {
            try {
                TimeUnit.MILLISECONDS.sleep(REPORT_MILLIS);
            } catch (InterruptedException closed) {
                // Once more: the last executions may have come since.
                ends = true;
            }
            List<Long> times = runner.pickUps();
            for (; pickUps < times.size(); pickUps++) {
                System.out.println("picked-up " + times.get(pickUps));
            }
            if (runner.executions() != reported) {
                reported = runner.executions();
                System.out.println("executions " + reported);
            }
        }
    }
}
