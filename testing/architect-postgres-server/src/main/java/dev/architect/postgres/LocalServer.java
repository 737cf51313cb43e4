package dev.architect.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The data directory of a server that this JVM made, and the run of the server on it. */
final class LocalServer {

    private static final String FOLDER = "server-";
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final UnprivilegedCommand way;
    private final Path programs;

    /** Holds the data and the log; deleted at the end. */
    private final Path folder;

    private final boolean mounted;

    private @Nullable ServerProcess process;

    private LocalServer(UnprivilegedCommand way, Path programs, Path folder, boolean mounted) {
        this.way = way;
        this.programs = programs;
        this.folder = folder;
        this.mounted = mounted;
    }

    static LocalServer create(
            PostgresServer.Version version,
            String user,
            String password,
            Map<String, String> settings,
            long diskBytes) {
        return create(UnprivilegedCommand.find(), version, user, password, settings, diskBytes);
    }

    /** Makes a data directory and starts a server on it; leaves nothing behind when that fails. */
    static LocalServer create(
            UnprivilegedCommand way,
            PostgresServer.Version version,
            String user,
            String password,
            Map<String, String> settings,
            long diskBytes) {
        Path programs = PostgresPrograms.of(version);
        try {
            removeAbandoned();
            Path folder = PostgresPrograms.cache()
                    .resolve(FOLDER + ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet());
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            Path disk = folder.resolve("disk");
            Files.createDirectory(
                    disk, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            if (diskBytes > 0) {
                run(
                        List.of(
                                "mount",
                                "-t",
                                "tmpfs",
                                "-o",
                                "size=" + diskBytes + ",mode=0755",
                                "tmpfs",
                                disk.toString()),
                        folder);
            }
            var server = new LocalServer(way, programs, folder, diskBytes > 0);
            try {
                server.initialize(user, password, settings);
                server.launch();
                return server;
            } catch (RuntimeException | IOException e) {
                server.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a data directory of PostgreSQL " + version.number(), e);
        }
    }

    private void initialize(String user, String password, Map<String, String> settings) throws IOException {
        Files.createDirectory(
                data(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        way.own(data());
        Path passwordFile = folder.resolve("password");
        Files.writeString(passwordFile, password);
        var command = List.of(
                programs.resolve("bin/initdb").toString(),
                "--pgdata=" + data(),
                "--username=" + user,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "--no-instructions");
        run(way.command(command), folder);
        var lines = new ArrayList<String>();
        settings.forEach((name, value) -> lines.add(name + " = '" + value.replace("'", "''") + "'"));
        Files.write(data().resolve("postgresql.conf"), lines, StandardOpenOption.APPEND);
    }

    synchronized void launch() {
        process = ServerProcess.start(
                way.command(List.of(programs.resolve("bin/postgres").toString(), "-D", data().toString())),
                data(),
                folder.resolve("server.log"));
    }

    synchronized void kill() {
        if (process != null) {
            process.kill();
            process = null;
        }
    }

    synchronized void stop(String signal) {
        if (process != null) {
            process.stop(signal);
            process = null;
        }
    }

    void fillDisk() {
        if (!mounted) {
            throw new IllegalStateException("the server has no disk of its own, expected one of startOnSmallDisk");
        }
        try (var out = Files.newOutputStream(ballast())) {
            byte[] block = new byte[4096];
            while (Files.getFileStore(ballast()).getUsableSpace() > 0) {
                out.write(block);
            }
        } catch (IOException e) {
            // Full between the question and the write.
        }
    }

    void freeDisk() {
        try {
            Files.deleteIfExists(ballast());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot free the disk of a test server", e);
        }
    }

    private Path ballast() {
        return folder.resolve("disk").resolve("ballast");
    }

    synchronized boolean isRunning() {
        return process != null && process.isRunning();
    }

    Path data() {
        return folder.resolve("disk").resolve("data");
    }

    String log() {
        return ServerProcess.tail(folder.resolve("server.log"));
    }

    synchronized void close() {
        stop("QUIT");
        if (mounted) {
            try {
                run(List.of("umount", folder.resolve("disk").toString()), folder);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot unmount the disk of a test server", e);
            }
        }
        PostgresPrograms.delete(folder);
    }

    // What JVMs left that ended without their shutdown hooks.
    private static void removeAbandoned() throws IOException {
        for (Path left : PostgresPrograms.children(PostgresPrograms.cache(), FOLDER)) {
            String[] parts = left.getFileName().toString().split("-");
            if (parts.length == 3 && ProcessHandle.of(Long.parseLong(parts[1])).isEmpty()) {
                PostgresPrograms.delete(left);
            }
        }
    }

    private static void run(List<String> command, Path folder) throws IOException {
        Path output = folder.resolve("command.log");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        command.get(0) + " failed while a test server was set up:\n" + ServerProcess.tail(output));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a test server was set up", e);
        }
    }
}
