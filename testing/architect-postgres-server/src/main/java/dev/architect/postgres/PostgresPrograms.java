package dev.architect.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the programs of a PostgreSQL version are: a folder that the environment names, the archive that the build puts beside these classes, or
 * an installed server, in this order.; the archive is
 * unpacked once per user and machine.
 */
final class PostgresPrograms {

    private PostgresPrograms() {}

    /**
     * The folder that holds {@code bin/initdb} and {@code bin/postgres} of this version.
     *
     * @throws IllegalStateException if there are none; the message says how to get them
     */
    static Path of(PostgresServer.Version version) {
        return of(version, System.getenv(version.variable()));
    }

    static Path of(PostgresServer.Version version, @Nullable String named) {
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
            try (InputStream in = connection.getInputStream()) {
                return CachedFolder.get(
                        version.number() + "-" + connection.getContentLengthLong(),
                        folder -> PostgresArchive.unpack(in, folder));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack the programs of PostgreSQL " + version.number(), e);
        }
    }
}
