package dev.architect.runtime.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** An {@link EngineProcess} as the test sees it. Times are of the test's monotonic clock. Safe for use by several threads. */
final class EngineHandle implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** An attempt that has begun. */
    record Start(String task, long epoch, long at) {}

    private final Process process;
    private final Path errors;
    private final Thread reader;
    private final Writer input;
    private final List<String> last = new ArrayList<>();
    private final Set<String> accepted = new HashSet<>();
    private final List<Start> starts = new ArrayList<>();
    private final Map<String, String> ended = new HashMap<>();
    private final List<String> refused = new ArrayList<>();
    private final List<Integer> held = new ArrayList<>();
    private List<Start> taken = List.of();
    private boolean isReady;
    private boolean hasSubmitted;
    private int drained;
    private boolean hasClosed;
    private boolean hasEnded;
    private long openedAt;
    private long killedAt;

    EngineHandle(List<String> prefix, Path errors, List<String> arguments) throws IOException {
        this.errors = errors;
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                EngineProcess.class.getName()));
        command.addAll(arguments);
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start();
        input = process.outputWriter(StandardCharsets.US_ASCII);
        reader = new Thread(this::read, "engine-output");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                see(line, System.nanoTime());
            }
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        } finally {
            synchronized (this) {
                hasEnded = true;
                notifyAll();
            }
        }
    }

    private synchronized void see(String line, long at) {
        String[] words = line.split(" ");
        switch (words[0]) {
            case "ready" -> {
                openedAt = at;
                isReady = true;
            }
            case "accepted" -> {
                for (int i = 1; i < words.length; i++) {
                    // The last line before a kill may be cut.
                    if (words[i].length() == 13) {
                        accepted.add(words[i]);
                    }
                }
            }
            case "refused" -> refused.add(words[1]);
            case "submitted" -> hasSubmitted = true;
            case "started" -> {
                if (words.length == 3) {
                    starts.add(new Start(words[1], Long.parseLong(words[2]), at));
                }
            }
            case "ended" -> {
                if (words.length == 4) {
                    ended.put(words[1] + " " + words[2], words[3]);
                }
            }
            case "drained" -> drained++;
            case "held" -> held.add(Integer.parseInt(words[1]));
            case "closed" -> hasClosed = true;
            default -> last.add(line);
        }
        notifyAll();
    }

    /** The end of what it and its siblings wrote beside their output. */
    private String said() {
        try {
            String text = Files.readString(errors);
            return "\n" + text.substring(Math.max(0, text.length() - 4_000));
        } catch (IOException none) {
            return "";
        }
    }

    private synchronized void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0 || (hasEnded && !condition.getAsBoolean())) {
                throw new AssertionError("not " + what + (hasEnded ? ", the process has ended: " : ": ") + starts.size()
                        + " started, " + ended.size() + " ended, refused " + refused + ", " + last + said());
            }
            wait(left);
        }
    }

    void awaitReady() throws InterruptedException {
        await("ready", () -> isReady);
    }

    void awaitSubmitted() throws InterruptedException {
        await("submitted", () -> hasSubmitted);
    }

    void awaitEnded(int attempts) throws InterruptedException {
        await(attempts + " attempts ended", () -> ended.size() >= attempts);
    }

    void awaitStarted(int attempts) throws InterruptedException {
        await(attempts + " attempts started", () -> starts.size() >= attempts);
    }

    void awaitRefused(int submissions) throws InterruptedException {
        await(submissions + " submissions refused", () -> refused.size() >= submissions);
    }

    /** Waits until nothing was left to do, looked at twice from now on. */
    void awaitDrained() throws InterruptedException {
        int before;
        synchronized (this) {
            before = drained;
        }
        await("drained", () -> drained >= before + 2);
    }

    void awaitExit() throws InterruptedException {
        await("at its end", () -> hasEnded);
        process.waitFor();
    }

    /** Kills it as {@code kill -9} does, and reads the rest of its output. */
    void kill() throws InterruptedException {
        synchronized (this) {
            killedAt = System.nanoTime();
        }
        process.toHandle().destroyForcibly();
        process.waitFor();
        reader.join();
        synchronized (this) {
            taken = unfinished();
        }
    }

    /** Stops it in order and returns how long that took. */
    Duration stop() throws IOException, InterruptedException {
        long before = System.nanoTime();
        input.write("stop\n");
        input.flush();
        process.waitFor();
        reader.join();
        synchronized (this) {
            if (!hasClosed) {
                throw new AssertionError("not closed in order: exit code " + process.exitValue() + ", " + last);
            }
        }
        return Duration.ofNanos(System.nanoTime() - before);
    }

    /** Sets its wall clock to the system's time and this. */
    void setClock(Duration offset) throws IOException {
        input.write("clock " + offset.toSeconds() + "\n");
        input.flush();
    }

    /** Takes all connections of its pool for so long. */
    void holdConnections(Duration duration) throws IOException {
        input.write("hold " + duration.toSeconds() + "\n");
        input.flush();
    }

    /** Waits until it gave back the connections of its pool that many times, and returns how many it had the last time. */
    int awaitHeld(int times) throws InterruptedException {
        await("connections given back " + times + " times", () -> held.size() >= times);
        synchronized (this) {
            return held.get(times - 1);
        }
    }

    /** Waits until it runs so many attempts at once. */
    void awaitRunning(int attempts) throws InterruptedException {
        await(attempts + " attempts running", () -> starts.size() - ended.size() >= attempts);
    }

    /** Makes it submit once more. */
    void submitAgain() throws IOException {
        synchronized (this) {
            hasSubmitted = false;
        }
        input.write("submit\n");
        input.flush();
    }

    /** Freezes it; its tasks are to be taken over. */
    void freeze() throws IOException, InterruptedException {
        synchronized (this) {
            killedAt = System.nanoTime();
        }
        signal("STOP");
    }

    /** Lets it go on. */
    void thaw() throws IOException, InterruptedException {
        synchronized (this) {
            taken = unfinished();
        }
        signal("CONT");
    }

    /** Sends a signal, for example {@code STOP}, and waits until every thread obeys that one. */
    private void signal(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException("kill -" + name + " ended with " + status + ", expected 0");
        }
        Path threads = Path.of("/proc", Long.toString(process.pid()), "task");
        while (name.equals("STOP") && !allStopped(threads)) {
            Thread.onSpinWait();
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

    long pid() {
        return process.pid();
    }

    int exitValue() {
        return process.exitValue();
    }

    synchronized Set<String> accepted() {
        return Set.copyOf(accepted);
    }

    synchronized List<Start> starts() {
        return List.copyOf(starts);
    }

    synchronized Map<String, String> ended() {
        return Map.copyOf(ended);
    }

    synchronized List<String> refused() {
        return List.copyOf(refused);
    }

    synchronized long openedAt() {
        return openedAt;
    }

    /** When it was killed or frozen; 0 for neither. */
    synchronized long killedAt() {
        return killedAt;
    }

    /** The attempts that had begun and not ended when it was killed, or until it was no longer frozen. */
    synchronized List<Start> taken() {
        return List.copyOf(taken);
    }

    private List<Start> unfinished() {
        return starts.stream()
                .filter(start -> !ended.containsKey(start.task() + " " + start.epoch()))
                .toList();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
