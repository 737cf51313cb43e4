package dev.architect.runtime.partition;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link PartitionNode} as the test sees it. Safe for use by several threads. */
final class PartitionNodeHandle implements AutoCloseable {

    /** The store has confirmed a role between two times. */
    record Confirmed(String role, long epoch, long holder, long asked, long answered) {}

    /** Something became true or false. */
    record Change(boolean isTrue, long at) {}

    private final Process process;
    private final Path errors;
    private final Thread reader;
    private final List<Confirmed> roles = new ArrayList<>();
    private final List<Change> ready = new ArrayList<>();
    private final List<Change> unseen = new ArrayList<>();
    private final List<Long> joins = new ArrayList<>();
    private final List<String> rest = new ArrayList<>();
    private int ended;
    private boolean isStopping;

    PartitionNodeHandle(List<String> prefix, Path errors, List<String> arguments) throws IOException {
        this.errors = errors;
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djava.net.preferIPv4Stack=true",
                "-cp",
                System.getProperty("java.class.path"),
                PartitionNode.class.getName()));
        command.addAll(arguments);
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start();
        reader = new Thread(this::read, "partition-output");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                see(line);
            }
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    private synchronized void see(String line) {
        String[] words = line.split(" ");
        switch (words[0]) {
            case "role" ->
                roles.add(new Confirmed(
                        words[1],
                        Long.parseLong(words[2]),
                        Long.parseLong(words[3]),
                        Long.parseLong(words[4]),
                        Long.parseLong(words[5])));
            case "ready" -> ready.add(new Change(Boolean.parseBoolean(words[1]), Long.parseLong(words[2])));
            case "unseen" -> unseen.add(new Change(!words[1].equals("0"), Long.parseLong(words[2])));
            case "joined" -> joins.add(Long.parseLong(words[2]));
            case "ended" -> ended++;
            default -> rest.add(line);
        }
    }

    synchronized boolean isReady() {
        return !ready.isEmpty() && ready.get(ready.size() - 1).isTrue();
    }

    /** When it was ready, or not, first after a time; -1 when that has not come yet. */
    synchronized long readySince(long time, boolean isReady) {
        return ready.stream()
                .filter(change -> change.at() > time && change.isTrue() == isReady)
                .mapToLong(Change::at)
                .findFirst()
                .orElse(-1);
    }

    /** Whether some node does not see another one, as this one knows. */
    synchronized boolean seesSplit() {
        return !unseen.isEmpty() && unseen.get(unseen.size() - 1).isTrue();
    }

    /** When it joined first after a time; -1 when it has not. */
    synchronized long joinedAfter(long time) {
        return joins.stream().filter(at -> at > time).findFirst().orElse(-1L);
    }

    synchronized int endedCount() {
        return ended;
    }

    synchronized List<Confirmed> roles() {
        return List.copyOf(roles);
    }

    void requireAlive() {
        if (!process.isAlive() && !isStopping) {
            throw new AssertionError("a node has ended: " + rest + said());
        }
    }

    private String said() {
        try {
            String text = Files.readString(errors);
            return "\n" + text.substring(Math.max(0, text.length() - 4_000));
        } catch (IOException none) {
            return "";
        }
    }

    /** Stops it in order. */
    void stop() throws IOException, InterruptedException {
        isStopping = true;
        process.getOutputStream().close();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("a node does not stop: " + rest + said());
        }
        reader.join(TimeUnit.SECONDS.toMillis(10));
        synchronized (this) {
            if (!rest.contains("closed")) {
                throw new AssertionError("not closed in order: " + rest + said());
            }
        }
    }

    @Override
    public void close() {
        isStopping = true;
        process.destroyForcibly();
    }
}
