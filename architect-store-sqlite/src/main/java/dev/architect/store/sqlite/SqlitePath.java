package dev.architect.store.sqlite;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Checks a path before SQLite opens it, because SQLite reports of most paths only that it cannot open them. */
final class SqlitePath {

    /** The smallest page. SQLite would take a file of one byte for an empty database. */
    private static final long LEAST_BYTES = 512;

    private SqlitePath() {}

    /** Returns the real path of the file, which need not exist yet, without links: every process must find one name for it. */
    static Path resolve(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        Path directory = absolute.getParent();
        if (directory == null || Files.isDirectory(absolute)) {
            throw inaccessible(absolute + " is a directory, expected a file", null);
        }
        if (!Files.exists(directory)) {
            throw inaccessible(
                    "directory " + directory + " does not exist, expected the directory of " + absolute, null);
        }
        if (!Files.isDirectory(directory)) {
            throw inaccessible(directory + " is not a directory, expected the directory of " + absolute, null);
        }
        if (!Files.isWritable(directory)) {
            throw inaccessible(
                    "directory " + directory + " is not writable, expected to keep " + absolute + " in it", null);
        }
        if (Files.exists(absolute) && !Files.isRegularFile(absolute)) {
            throw inaccessible(absolute + " is a special file, expected a regular one", null);
        }
        if (Files.exists(absolute) && !Files.isWritable(absolute)) {
            throw inaccessible(absolute + " is read-only, expected a writable file", null);
        }
        try {
            // The real path of a file that does not exist yet cannot be read; that of its directory can.
            return Files.exists(absolute)
                    ? absolute.toRealPath()
                    : directory.toRealPath().resolve(absolute.getFileName());
        } catch (IOException failure) {
            throw inaccessible(absolute + " cannot be reached: " + failure.getMessage(), failure);
        }
    }

    /**
     * Whether there is data to check. An empty file is a new database, as SQLite sees it, but not when its log holds
     * something: then the database is gone.
     */
    static boolean holdsData(Path file) {
        long size = size(file);
        if (size >= LEAST_BYTES) {
            return true;
        }
        if (size > 0) {
            throw inaccessible(
                    file + " is not a database: it has " + size + " bytes, expected at least " + LEAST_BYTES, null);
        }
        Path log = file.resolveSibling(file.getFileName() + "-wal");
        if (size(log) > 0) {
            throw new StoreException(
                    Kind.CORRUPT,
                    file + " is missing or empty while its log " + log.getFileName()
                            + " is there, expected both; nothing was changed",
                    null);
        }
        return false;
    }

    /** Returns the length of a file in bytes, 0 when there is none. */
    static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException failure) {
            throw inaccessible(file + " cannot be reached: " + failure.getMessage(), failure);
        }
    }

    private static StoreException inaccessible(String message, @Nullable Throwable cause) {
        return new StoreException(Kind.INACCESSIBLE, message, cause);
    }
}
