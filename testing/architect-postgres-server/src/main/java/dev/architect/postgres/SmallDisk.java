package dev.architect.postgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A file system in memory of a fixed size. Root mounts it; an ordinary user gets it in a mount namespace that a process holds, and looks into it
 * through that process's entry in {@code /proc}.
 */
final class SmallDisk implements AutoCloseable {

    private final Path mountPoint;

    /** What holds the namespace, or null where all processes see the disk. */
    private final @Nullable Process holder;

    private SmallDisk(Path mountPoint, @Nullable Process holder) {
        this.mountPoint = mountPoint;
        this.holder = holder;
    }

    /**
     * Makes a disk.
     *
     * @param mountPoint an empty folder
     * @throws IllegalStateException if this machine lets the caller mount none
     */
    static SmallDisk mount(Path mountPoint, long bytes) {
        String mount = "mount -t tmpfs -o size=" + bytes + ",mode=0755 tmpfs '" + mountPoint + "'";
        if (UnprivilegedCommand.isRoot() && UnprivilegedCommand.run(List.of("sh", "-c", mount))) {
            return new SmallDisk(mountPoint, null);
        }
        try {
            Process holder = new ProcessBuilder(
                            "unshare", "-U", "-r", "-m", "sh", "-c", mount + " && echo mounted && read -r line")
                    .redirectErrorStream(true)
                    .start();
            var said = new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
            String line = said.readLine();
            if ("mounted".equals(line)) {
                return new SmallDisk(mountPoint, holder);
            }
            holder.destroyForcibly();
            throw new IllegalStateException(
                    "cannot make a small disk for a test server, neither with mount nor with 'unshare -Urm' (" + line
                            + "): run the tests as root or allow user namespaces");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a small disk for a test server", e);
        }
    }

    /** The disk as this JVM sees it. */
    Path folder() {
        return holder == null
                ? mountPoint
                : Path.of("/proc/" + holder.pid() + "/root")
                        .resolve(mountPoint.toString().substring(1));
    }

    /** Goes before a command that uses the disk by its mount point; the command does not run as root then. */
    List<String> prefix() {
        return holder == null
                ? List.of()
                : List.of(
                        "nsenter",
                        "--target=" + holder.pid(),
                        "--user",
                        "--mount",
                        "--preserve-credentials",
                        "unshare",
                        "-U");
    }

    /** Gives the memory back; nothing may use the disk any more. */
    @Override
    public void close() {
        if (holder == null) {
            if (!UnprivilegedCommand.run(List.of("umount", mountPoint.toString()))) {
                throw new IllegalStateException("cannot unmount the disk of a test server at " + mountPoint);
            }
            return;
        }
        try {
            holder.destroy();
            holder.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
