package dev.architect.store.sqlite;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.spi.TaskStore;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.thread.ThreadRunner;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Another process that works on a store and prints what was acknowledged: {@code joined} with its incarnation, {@code
 * submitted} and {@code done} with a task.
 */
final class StoreChildProcess {

    private static final int SUBMITTERS = 3;
    private static final int TASKS_AT_ONCE = 7;

    private final SqliteStore store;
    private final long incarnation;

    private StoreChildProcess(SqliteStore store) {
        this.store = store;
        this.incarnation = store.nodes().join("child");
        print("joined " + incarnation);
    }

    /** Works on the store in the first argument: as many rounds of submissions as the second argument, then it just lives. */
    public static void main(String[] arguments) throws InterruptedException {
        StoreChildProcess child = new StoreChildProcess(SqliteStore.at(Path.of(arguments[0])));
        long rounds = Long.parseLong(arguments[1]);
        CountDownLatch submitted = new CountDownLatch(SUBMITTERS);
        ThreadRunner runner = new ThreadRunner("child");
        for (int i = 0; i < SUBMITTERS; i++) {
            runner.startPlatform("submitter", () -> {
                child.submit(rounds);
                submitted.countDown();
            });
        }
        runner.startPlatform("worker", child::workOff);
        submitted.await();
        print("finished submitting");
        new CountDownLatch(1).await();
    }

    private void submit(long rounds) {
        for (long round = 0; round < rounds; round++) {
            List<TaskRequest> requests = new ArrayList<>();
            for (int i = 0; i < TASKS_AT_ONCE; i++) {
                requests.add(TaskRequest.prompt("round " + round + " task " + i));
            }
            store.tasks().submit(requests).forEach(id -> print("submitted " + id));
        }
    }

    /** Ends two of three claimed tasks, so that there is always something that runs. */
    private void workOff() {
        TaskStore tasks = store.tasks();
        while (true) {
            List<ClaimedTask> claimed = tasks.claim(ClaimRequest.of(incarnation, 3, Set.of(TaskRequest.PROMPT)));
            List<AttemptEnd> ends = claimed.stream()
                    .skip(1)
                    .map(task -> done(
                            task.fencingToken(),
                            "output of " + task.fencingToken().id()))
                    .toList();
            tasks.finish(ends).forEach(fencingToken -> print("done " + fencingToken.id()));
            if (store.nodes().beat(incarnation).isEmpty()) {
                print("dead " + incarnation);
                return;
            }
            if (claimed.isEmpty()) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    static AttemptEnd done(FencingToken fencingToken, String output) {
        return new AttemptEnd(
                fencingToken,
                "llm-1",
                Instant.EPOCH,
                Instant.EPOCH,
                AttemptOutcome.SUCCEEDED,
                TaskState.DONE,
                Duration.ZERO,
                AttemptResult.output(output));
    }

    private static void print(String line) {
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }

    /** The child as its parent sees it. */
    static final class Handle implements AutoCloseable {

        private final Process process;
        private final BufferedReader lines;
        final List<TaskId> submitted = new ArrayList<>();
        final List<TaskId> done = new ArrayList<>();
        long joined;
        boolean hasFinished;
        boolean countsAsDead;

        Handle(Path file, long rounds) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            StoreChildProcess.class.getName(),
                            file.toString(),
                            Long.toString(rounds))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        }

        /** Reads one acknowledgement; false when there are no more. */
        boolean read() throws IOException {
            String line = lines.readLine();
            if (line == null) {
                return false;
            }
            String[] fields = line.split(" ");
            if (fields.length < 2) {
                return true;
            }
            switch (fields[0]) {
                case "joined" -> joined = Long.parseLong(fields[1]);
                case "submitted" -> add(submitted, fields[1]);
                case "done" -> add(done, fields[1]);
                case "dead" -> countsAsDead = true;
                default -> hasFinished = line.equals("finished submitting");
            }
            return true;
        }

        /** The last line before a kill may be cut. */
        private static void add(List<TaskId> ids, String text) {
            if (text.length() == 13) {
                ids.add(TaskId.parse(text));
            }
        }

        /** Sends a signal, for example {@code STOP}. */
        void signal(String name) throws Exception {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("kill -" + name + " ended with " + status + ", expected 0");
            }
        }

        /** Stops every thread; a thread that writes to the disk goes on until the write is done. */
        void freeze() throws Exception {
            signal("STOP");
            Path threads = Path.of("/proc", Long.toString(process.pid()), "task");
            while (Files.isDirectory(threads) && !allStopped(threads)) {
                LockSupport.parkNanos(1_000_000);
            }
        }

        private static boolean allStopped(Path threads) throws IOException {
            try (Stream<Path> each = Files.list(threads)) {
                for (Path thread : each.toList()) {
                    String stat = Files.readString(thread.resolve("stat"));
                    // The state follows the name, which is in parentheses and may hold anything.
                    if (!stat.startsWith(" T", stat.lastIndexOf(')') + 1)) {
                        return false;
                    }
                }
            }
            return true;
        }

        /** Kills it as {@code kill -9} does and reads the rest of its output. */
        void kill() throws Exception {
            process.toHandle().destroyForcibly();
            while (read()) {
                continue;
            }
            process.waitFor();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
