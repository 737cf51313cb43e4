package dev.architect.postgres;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One run of a server on a data directory.
 *
 * <p>A shell stands between this JVM and the server: it ends the server when its standard input ends without a line, that is, when this JVM is
 * gone without having stopped it.
 */
final class ServerProcess {

    private static final String LAUNCHER = "exec 3<&0; pidfile=$1; shift; \"$@\" </dev/null 3<&- & server=$!; "
            + "(read -r line <&3 || kill -QUIT \"$(head -n 1 \"$pidfile\")\") & exec 3<&-; wait $server";

    private static final long READY_SECONDS = 60;

    private final Process launcher;
    private final Path log;
    private final long pid;

    private ServerProcess(Process launcher, Path log, long pid) {
        this.launcher = launcher;
        this.log = log;
        this.pid = pid;
    }

    /**
     * Starts a server and waits until it accepts connections.
     *
     * @param command the server's command line
     * @param data the data directory
     * @param log where the server writes
     * @throws IllegalStateException if it ends or is not ready within a minute; the message has the end of its log
     */
    static ServerProcess start(List<String> command, Path data, Path log) {
        Path pidFile = data.resolve("postmaster.pid");
        long stale = readyPid(pidFile);
        var line = new ArrayList<>(List.of("sh", "-c", LAUNCHER, "postgres", pidFile.toString()));
        line.addAll(command);
        try {
            Process launcher = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
            while (System.nanoTime() < end) {
                long pid = readyPid(pidFile);
                if (pid != 0 && pid != stale) {
                    return new ServerProcess(launcher, log, pid);
                }
                if (launcher.waitFor(10, TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
            release(launcher);
            launcher.destroyForcibly();
            throw new IllegalStateException("PostgreSQL did not start:\n" + tail(log));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + line, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PostgreSQL started", e);
        }
    }

    boolean isRunning() {
        return launcher.isAlive();
    }

    long pid() {
        return pid;
    }

    /** Sends the server's main process a signal and waits for its end. */
    void stop(String signal) {
        signal(signal);
        await();
    }

    /** Ends the main process and all of its children with SIGKILL. */
    void kill() {
        List<ProcessHandle> children =
                ProcessHandle.of(pid).map(main -> main.descendants().toList()).orElse(List.of());
        signal("KILL");
        children.forEach(ProcessHandle::destroyForcibly);
        await();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (children.stream().anyMatch(ServerProcess::isLiving) && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    // Killed children have ended even when whoever inherited them has not yet asked for their exit code.
    private static boolean isLiving(ProcessHandle child) {
        if (!child.isAlive()) {
            return false;
        }
        try {
            return !Files.readString(Path.of("/proc", Long.toString(child.pid()), "stat"))
                    .contains(") Z ");
        } catch (IOException e) {
            // Gone meanwhile, or a system without /proc, where nothing is inherited for long.
            return child.isAlive();
        }
    }

    /** Sends a signal to the main process, by the name that {@code kill} knows. */
    void signal(String name) {
        try {
            new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send " + name + " to PostgreSQL", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void await() {
        try {
            if (!launcher.waitFor(READY_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("PostgreSQL does not stop:\n" + tail(log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            release(launcher);
        }
    }

    // A line, so that the shell does not take the end of its input for the end of this JVM.
    private static void release(Process launcher) {
        try (OutputStream in = launcher.getOutputStream()) {
            in.write("done\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // The shell has gone with its reader.
        }
    }

    // The file's first line is the process, its eighth says "ready" once connections are accepted (miscadmin.h,
    // LOCK_FILE_LINE_PM_STATUS).
    private static long readyPid(Path pidFile) {
        try {
            List<String> lines = Files.readAllLines(pidFile);
            return lines.size() >= 8 && lines.get(7).strip().equals("ready")
                    ? Long.parseLong(lines.get(0).strip())
                    : 0;
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + pidFile, e);
        }
    }

    static String tail(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            return "(no log)";
        }
    }
}
