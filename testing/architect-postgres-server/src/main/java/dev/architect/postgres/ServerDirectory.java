package dev.architect.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The data directory of a server that this JVM made, and the run of the server on it. */
final class ServerDirectory {

    private static final String FOLDER = "server-";
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final UnprivilegedCommand way;
    private final Path programs;

    /** Holds the data and the log; deleted at the end. */
    private final Path folder;

    private final @Nullable SmallDisk disk;
    private @Nullable ServerProcess process;

    private ServerDirectory(UnprivilegedCommand way, Path programs, Path folder, @Nullable SmallDisk disk) {
        this.way = way;
        this.programs = programs;
        this.folder = folder;
        this.disk = disk;
    }

    /**
     * Makes a data directory and starts a server on it; leaves nothing behind when that fails.
     *
     * @param diskBytes the size of a disk of its own, 0 for the one of the temporary folder
     */
    static ServerDirectory create(
            UnprivilegedCommand way,
            PostgresServer.Version version,
            String user,
            String password,
            Map<String, String> settings,
            long diskBytes) {
        Path programs = PostgresPrograms.of(version);
        try {
            removeAbandoned();
            Path folder = CachedFolder.root()
                    .resolve(FOLDER + ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet());
            Files.createDirectory(folder, CachedFolder.readable());
            Files.createDirectory(folder.resolve("disk"), CachedFolder.readable());
            SmallDisk disk = diskBytes > 0 ? SmallDisk.mount(folder.resolve("disk"), diskBytes) : null;
            var server = new ServerDirectory(way, programs, folder, disk);
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

    /**
     * Makes a data directory from another server's and starts a standby on it; leaves nothing behind when that fails.
     *
     * @param filler copies what the other server has into the empty folder that it gets
     */
    static ServerDirectory standby(
            UnprivilegedCommand way,
            PostgresServer.Version version,
            Map<String, String> settings,
            CachedFolder.Filler filler) {
        Path programs = PostgresPrograms.of(version);
        try {
            Path folder = CachedFolder.root()
                    .resolve(FOLDER + ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet());
            Files.createDirectory(folder, CachedFolder.readable());
            Files.createDirectory(folder.resolve("disk"), CachedFolder.readable());
            var server = new ServerDirectory(way, programs, folder, null);
            try {
                Files.createDirectory(server.data(), readableByOwner());
                filler.fill(server.data());
                server.configure(settings);
                Files.createFile(server.data().resolve("standby.signal"));
                way.own(server.data());
                server.launch();
                return server;
            } catch (RuntimeException | IOException e) {
                server.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a standby of PostgreSQL " + version.number(), e);
        }
    }

    private void initialize(String user, String password, Map<String, String> settings) throws IOException {
        Path template = template(user, password);
        Files.createDirectory(data(), readableByOwner());
        CachedFolder.copy(template, data());
        configure(settings);
        way.own(data());
    }

    /** Adds settings; of several for one name the last one counts. */
    private void configure(Map<String, String> settings) throws IOException {
        var lines = new ArrayList<String>();
        settings.forEach((name, value) -> lines.add(name + " = '" + value.replace("'", "''") + "'"));
        Files.write(data().resolve("postgresql.conf"), lines, StandardOpenOption.APPEND);
    }

    /** How the server's programs run here. */
    UnprivilegedCommand way() {
        return way;
    }

    // initdb takes longer than all else that a start does, and always makes the same.
    private Path template(String user, String password) throws IOException {
        String name = String.format("data-md5-%s-%s-%08x", programs.getFileName(), user, password.hashCode());
        return CachedFolder.get(name, template -> {
            Path fresh = Files.createDirectory(folder.resolve("template"), readableByOwner());
            way.own(fresh);
            Path passwordFile = folder.resolve("password");
            Files.writeString(passwordFile, password);
            run(
                    way.command(List.of(
                            programs.resolve("bin/initdb").toString(),
                            "--pgdata=" + fresh,
                            "--username=" + user,
                            "--pwfile=" + passwordFile,
                            "--auth=md5",
                            "--encoding=UTF8",
                            "--locale=C",
                            "--no-sync",
                            "--no-instructions")),
                    folder);
            CachedFolder.copy(fresh, template);
            CachedFolder.delete(fresh);
        });
    }

    private static FileAttribute<?> readableByOwner() {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    }

    synchronized void launch() {
        var command = new ArrayList<String>();
        var server = List.of(
                programs.resolve("bin/postgres").toString(),
                "-D",
                folder.resolve("disk").resolve("data").toString());
        if (disk != null && !disk.prefix().isEmpty()) {
            command.addAll(disk.prefix());
            command.addAll(server);
        } else {
            command.addAll(way.command(server));
        }
        process = ServerProcess.start(command, data(), folder.resolve("server.log"));
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

    synchronized boolean isRunning() {
        return process != null && process.isRunning();
    }

    void fillDisk() {
        if (disk == null) {
            throw new IllegalStateException("the server has no disk of its own, expected one of startOnSmallDisk");
        }
        byte[] block = new byte[4096];
        try (var out = Files.newOutputStream(ballast())) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left")) {
                throw new UncheckedIOException("cannot fill the disk of a test server", e);
            }
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
        return diskFolder().resolve("ballast");
    }

    private Path diskFolder() {
        return disk == null ? folder.resolve("disk") : disk.folder();
    }

    /** The data directory as this JVM sees it. */
    Path data() {
        return diskFolder().resolve("data");
    }

    String log() {
        return ServerProcess.tail(folder.resolve("server.log"));
    }

    synchronized void close() {
        stop("QUIT");
        if (disk != null) {
            disk.close();
        }
        CachedFolder.delete(folder);
    }

    // What JVMs left that ended without their shutdown hooks.
    private static void removeAbandoned() throws IOException {
        for (Path left : children(FOLDER)) {
            String[] parts = left.getFileName().toString().split("-");
            if (parts.length == 3 && ProcessHandle.of(Long.parseLong(parts[1])).isEmpty()) {
                UnprivilegedCommand.run(List.of("umount", left.resolve("disk").toString()));
                CachedFolder.delete(left);
            }
        }
    }

    /** What lies in the user's folder under a name that begins so. */
    static List<Path> children(String prefix) throws IOException {
        var found = new ArrayList<Path>();
        try (var all = Files.newDirectoryStream(CachedFolder.root(), prefix + "*")) {
            all.forEach(found::add);
        }
        return found;
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
