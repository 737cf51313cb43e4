package dev.architect.store.sqlite;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Maps the result codes of SQLite to store exceptions. */
final class SqliteErrorReader {

    /** A failed write on a disk with less free space than this, in bytes, is taken for a full disk. */
    private static final long DISK_FULL_THRESHOLD = 128 * 1024;

    // The low byte of an extended result code is its primary code.
    private static final int PRIMARY = 0xff;

    private final Path file;
    private final StoreGuard guard;

    /** Creates a reader for calls on {@code file}; {@code guard} refuses further ones when damage is met. */
    SqliteErrorReader(Path file, StoreGuard guard) {
        this.file = file;
        this.guard = guard;
    }

    /** Returns the failure of a call. */
    StoreException toStoreException(Throwable failure) {
        SQLiteException sqlite = find(failure);
        if (sqlite == null) {
            return failure instanceof StoreException store
                    ? store
                    : new StoreException(Kind.FAILED, file + " failed: " + failure.getMessage(), failure);
        }
        SQLiteErrorCode code = sqlite.getResultCode();
        return switch (primary(code)) {
            case SQLITE_FULL -> failure(Kind.FULL, "has no space left", code, failure);
            case SQLITE_BUSY, SQLITE_LOCKED -> failure(Kind.BUSY, "is in use by another process", code, failure);
            case SQLITE_INTERRUPT -> failure(Kind.BUSY, "took too long to answer, or is closing", code, failure);
            case SQLITE_CORRUPT, SQLITE_NOTADB -> damage(code, failure);
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH ->
                failure(Kind.INACCESSIBLE, "cannot be written", code, failure);
            case SQLITE_CANTOPEN -> failure(Kind.INACCESSIBLE, "cannot be opened", code, failure);
            case SQLITE_IOERR ->
                // On a full disk SQLite may report an input/output error
                // instead of SQLITE_FULL; the free space tells them apart.
                hasRoom()
                        ? failure(Kind.FAILED, "could not be read or written", code, failure)
                        : failure(Kind.FULL, "has no space left", code, failure);
            default -> failure(Kind.FAILED, "failed: " + sqlite.getMessage(), code, failure);
        };
    }

    /** Returns the failure of an opening: what is no database at all is not ours, hence not damaged. */
    StoreException openFailure(Throwable failure) {
        SQLiteException sqlite = find(failure);
        return sqlite != null && primary(sqlite.getResultCode()) == SQLiteErrorCode.SQLITE_NOTADB
                ? new StoreException(
                        Kind.INACCESSIBLE,
                        file + " is not a database, or its beginning is damaged; it was not changed",
                        failure)
                : toStoreException(failure);
    }

    /** Returns the failure of a commit: after a failed write it is unknown what reached the disk. */
    StoreException commitFailure(Throwable failure) {
        return isOutcomeUnknown(failure)
                ? new StoreException(
                        Kind.OUTCOME_UNKNOWN, file + " could not be written while a change was committed", failure)
                : toStoreException(failure);
    }

    /** Whether a commit that failed so may have been kept all the same. */
    boolean isOutcomeUnknown(Throwable failure) {
        SQLiteException sqlite = find(failure);
        return sqlite != null && primary(sqlite.getResultCode()) == SQLiteErrorCode.SQLITE_IOERR;
    }

    /** Whether it failed because another process has the file. */
    boolean isBusy(Throwable failure) {
        SQLiteException sqlite = find(failure);
        return sqlite != null
                && (primary(sqlite.getResultCode()) == SQLiteErrorCode.SQLITE_BUSY
                        || primary(sqlite.getResultCode()) == SQLiteErrorCode.SQLITE_LOCKED);
    }

    private boolean hasRoom() {
        try {
            return Files.getFileStore(file).getUsableSpace() > DISK_FULL_THRESHOLD;
        } catch (IOException unknown) {
            // Unknown counts as room: FAILED claims less than FULL.
            return true;
        }
    }

    private StoreException failure(Kind kind, String what, SQLiteErrorCode code, Throwable cause) {
        return new StoreException(kind, file + " " + what + " (" + code.name() + ")", cause);
    }

    private StoreException damage(SQLiteErrorCode code, Throwable cause) {
        StoreException damage = new StoreException(
                Kind.CORRUPT, file + " is damaged (" + code.name() + ")" + IntegrityCheck.ADVICE, cause);
        guard.refuse(damage);
        return damage;
    }

    private static SQLiteErrorCode primary(SQLiteErrorCode code) {
        return SQLiteErrorCode.getErrorCode(code.code & PRIMARY);
    }

    private static @Nullable SQLiteException find(Throwable failure) {
        // Jdbi wraps the driver's exceptions.
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException sqlite) {
                return sqlite;
            }
        }
        return null;
    }
}
