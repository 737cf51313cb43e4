package dev.architect.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Folders that are filled once per user and machine and kept below the temporary folder.
 *
 * <p>Several JVMs may fill the same folder at once: each fills one of its own and renames it, and the first one wins. A folder that lost files
 * since, because something cleans the temporary folder, is filled anew.
 */
final class CachedFolder {

    /** What fills a folder. */
    interface Filler {
        void fill(Path empty) throws IOException;
    }

    // The number of paths in the folder, itself included.
    private static final String COUNT = ".entries";

    private CachedFolder() {}

    /** The folder of this name, filled when it is missing or incomplete. */
    static Path get(String name, Filler filler) throws IOException {
        Path target = root().resolve(name);
        if (isComplete(target)) {
            return target;
        }
        Path fresh = Files.createTempDirectory(root(), "new-");
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path filled = Files.createDirectory(fresh.resolve(name), readable());
        try {
            filler.fill(filled);
            Files.writeString(filled.resolve(COUNT), "");
            Files.writeString(filled.resolve(COUNT), Long.toString(size(filled)));
            if (Files.exists(target) && !isComplete(target)) {
                // A server that still runs keeps what it opened.
                Files.move(target, fresh.resolve("old"), StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(filled, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!isComplete(target)) {
                throw e;
            }
        } finally {
            delete(fresh);
        }
        return target;
    }

    /** The folder below the temporary one that is this user's alone, made when missing; others can read what lies in it. */
    static Path root() {
        Path folder =
                Path.of(System.getProperty("java.io.tmpdir"), "architect-postgres-" + System.getProperty("user.name"));
        try {
            try {
                Files.createDirectory(folder, readable());
            } catch (FileAlreadyExistsException e) {
                Path mine = Files.createTempFile("architect-postgres", null);
                var me = Files.getOwner(mine);
                Files.delete(mine);
                Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
                if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                        || !me.equals(Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS))
                        || permissions.contains(PosixFilePermission.GROUP_WRITE)
                        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
                    throw new IllegalStateException(
                            folder + " can be written by another user, expected a folder of this user: remove it", e);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the programs of PostgreSQL in " + folder, e);
        }
    }

    /** Copies what a cached folder holds, permissions included, into an empty folder. */
    static void copy(Path cached, Path target) throws IOException {
        try (Stream<Path> all = Files.walk(cached)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                if (!path.equals(cached) && !path.getFileName().toString().equals(COUNT)) {
                    Files.copy(
                            path,
                            target.resolve(cached.relativize(path)),
                            StandardCopyOption.COPY_ATTRIBUTES,
                            LinkOption.NOFOLLOW_LINKS);
                }
            }
        }
    }

    /** Copies the data of a server that runs: files may change and go meanwhile, and those of its process stay behind. */
    static void copyLive(Path data, Path target) throws IOException {
        Set<String> ofProcess = Set.of("postmaster.pid", "postmaster.opts");
        Files.walkFileTree(data, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                if (!folder.equals(data)) {
                    Files.copy(folder, target.resolve(data.relativize(folder)), StandardCopyOption.COPY_ATTRIBUTES);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!ofProcess.contains(file.getFileName().toString())) {
                    try {
                        Files.copy(file, target.resolve(data.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                    } catch (NoSuchFileException gone) {
                        return FileVisitResult.CONTINUE;
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
    }

    /** Deletes a folder with all it holds, as far as that goes. */
    static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            // What is left lies in the temporary folder.
        }
    }

    static FileAttribute<?> readable() {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static boolean isComplete(Path folder) {
        try {
            return Long.parseLong(Files.readString(folder.resolve(COUNT))) == size(folder);
        } catch (IOException | UncheckedIOException | NumberFormatException e) {
            return false;
        }
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.count();
        }
    }
}
