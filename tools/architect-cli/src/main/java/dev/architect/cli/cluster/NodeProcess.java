package dev.architect.cli.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A node of the demo: {@code gaia cluster node} in a JVM of its own. Used by one thread at a time. */
final class NodeProcess implements AutoCloseable {

    /** By name: that class knows this package. */
    private static final String MAIN = "dev.architect.cli.Main";

    private static final int END_SECONDS = 30;
    private static final int SHOWN_LINES = 5;

    private final String name;
    private final Path configuration;
    private final Path journal;
    private final Path log;
    private @Nullable Process process;

    NodeProcess(String name, Path configuration, Path journal, Path log) {
        this.name = name;
        this.configuration = configuration;
        this.journal = journal;
        this.log = log;
    }

    String name() {
        return name;
    }

    Path journal() {
        return journal;
    }

    /** Starts it, or starts it again. */
    void start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-Xss512k",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                MAIN,
                "cluster",
                "node",
                "--config",
                configuration.toString(),
                "--journal",
                journal.toString(),
                "--parent",
                Long.toString(ProcessHandle.current().pid())));
        process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Ends it without a chance to do anything, and waits for that. */
    void kill() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            // A process that is paused ends as well.
            running.waitFor(END_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Stops it in the middle of whatever it does, as a long garbage collection or a frozen virtual machine does. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Lets it go on. */
    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        Process running = process;
        if (running == null
                || new ProcessBuilder("kill", "-" + signal, Long.toString(running.pid()))
                                .start()
                                .waitFor()
                        != 0) {
            throw new IOException("signal " + signal + " cannot be sent to " + name + ", expected a running process");
        }
    }

    /** The last lines of what it wrote, for failures. */
    String lastLines() {
        try {
            List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
        } catch (IOException unreadable) {
            return "its log " + log + " cannot be read";
        }
    }

    @Override
    public void close() {
        try {
            kill();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
