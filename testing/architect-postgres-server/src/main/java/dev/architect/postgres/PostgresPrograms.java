package dev.architect.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the programs of a PostgreSQL version are: a folder that the environment names, the archive that the build puts beside these classes, or
 * an installed server, in this order.
 *
 * <p>The archive is unpacked once per user and machine below the temporary folder. Several JVMs may do so at once: each unpacks into a folder
 * of its own and renames it, and the first one wins.
 */
final class PostgresPrograms {

    private static final String COUNT = "entries";

    private PostgresPrograms() {}

    /**
     * The folder that holds {@code bin/initdb} and {@code bin/postgres} of this version.
     *
     * @throws IllegalStateException if there are none; the message says how to get them
     */
    static Path of(PostgresServer.Version version) {
        String named = System.getenv(version.variable());
        if (named != null && !named.startsWith("jdbc:")) {
            Path folder = Path.of(named);
            if (!Files.isExecutable(folder.resolve("bin/initdb"))) {
                throw new IllegalStateException(version.variable() + " is " + named
                        + ", expected a JDBC URL or the folder of an installed PostgreSQL that holds bin/initdb");
            }
            return folder;
        }
        URL archive = archive(version);
        if (archive != null) {
            return unpacked(version, archive);
        }
        Path installed = installed(version);
        if (installed != null) {
            return installed;
        }
        throw new IllegalStateException(
                "no PostgreSQL " + version.number() + " for the tests: the build has no archive of it for "
                        + System.getProperty("os.name") + " on " + System.getProperty("os.arch")
                        + " and none is installed; build with Maven on Linux, or set " + version.variable()
                        + " to the JDBC URL of a running server or to the folder of an installed one");
    }

    /** The folder below the temporary one that is this user's alone, made when missing; others can read what lies in it. */
    static Path cache() {
        Path folder =
                Path.of(System.getProperty("java.io.tmpdir"), "architect-postgres-" + System.getProperty("user.name"));
        try {
            try {
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            } catch (FileAlreadyExistsException e) {
                Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
                Path mine = Files.createTempFile("architect-postgres", null);
                boolean own = Files.getOwner(mine).equals(Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS));
                Files.delete(mine);
                if (!own
                        || permissions.contains(PosixFilePermission.GROUP_WRITE)
                        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
                    throw new IllegalStateException(
                            folder
                                    + " belongs to or can be written by another user, expected a folder of this user: remove it",
                            e);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the programs of PostgreSQL in " + folder, e);
        }
    }

    /** Deletes a folder with all it holds, as far as that goes. */
    static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            // What is left lies in the temporary folder, and the next start tries again.
        }
    }

    private static @Nullable URL archive(PostgresServer.Version version) {
        // The one file of the folder has the platform in its name.
        for (String name : List.of(
                "postgres-linux-x86_64.txz",
                "postgres-linux-arm_64.txz",
                "postgres-darwin-x86_64.txz",
                "postgres-darwin-arm_64.txz")) {
            URL archive = PostgresPrograms.class.getResource("/postgres/" + version.number() + "/" + name);
            if (archive != null) {
                return archive;
            }
        }
        return null;
    }

    private static @Nullable Path installed(PostgresServer.Version version) {
        for (String folder : List.of(
                "/usr/lib/postgresql/%s",
                "/usr/pgsql-%s", "/opt/homebrew/opt/postgresql@%s", "/usr/local/opt/postgresql@%s")) {
            Path candidate = Path.of(String.format(folder, version.number()));
            if (Files.isExecutable(candidate.resolve("bin/initdb"))) {
                return candidate;
            }
        }
        return null;
    }

    private static Path unpacked(PostgresServer.Version version, URL archive) {
        try {
            var connection = archive.openConnection();
            connection.setUseCaches(false);
            Path target = cache().resolve(version.number() + "-" + connection.getContentLengthLong());
            if (isComplete(target)) {
                connection.getInputStream().close();
                return target;
            }
            Path fresh = Files.createTempDirectory(cache(), "unpacking-");
            try {
                int entries;
                try (InputStream in = connection.getInputStream()) {
                    entries = PostgresArchive.unpack(in, fresh);
                }
                Files.writeString(fresh.resolve(COUNT), Integer.toString(entries));
                Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
                if (Files.exists(target) && !isComplete(target)) {
                    // Something cleans the temporary folder file by file; a server that still runs keeps what it
                    // opened.
                    Path old = cache().resolve("old-" + fresh.getFileName());
                    Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
                    delete(old);
                }
                Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                if (!isComplete(target)) {
                    throw e;
                }
            } finally {
                delete(fresh);
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack the programs of PostgreSQL " + version.number(), e);
        }
    }

    private static boolean isComplete(Path folder) throws IOException {
        Path count = folder.resolve(COUNT);
        if (!Files.isRegularFile(count)) {
            return false;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            // Beside the entries there are the folder itself and the count; folders that the archive does not list add
            // to it.
            return all.count() >= Integer.parseInt(Files.readString(count)) + 2L;
        } catch (UncheckedIOException | NumberFormatException e) {
            return false;
        }
    }

    /** The files of {@code folder} whose name begins so. */
    static List<Path> children(Path folder, String prefix) throws IOException {
        var found = new ArrayList<Path>();
        try (var all = Files.newDirectoryStream(folder, prefix + "*")) {
            all.forEach(found::add);
        }
        return found;
    }
}
