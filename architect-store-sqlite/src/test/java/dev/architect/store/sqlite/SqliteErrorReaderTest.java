package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class SqliteErrorReaderTest {

    @TempDir
    Path directory;

    private SqliteErrorReader failures() {
        return new SqliteErrorReader(directory.resolve("architect.db"), new StoreGuard());
    }

    private static SQLException failure(SQLiteErrorCode code) {
        return new SQLException("outer", new SQLiteException("inner", code));
    }

    @ParameterizedTest
    @CsvSource({
        "SQLITE_FULL, FULL",
        "SQLITE_BUSY, BUSY",
        "SQLITE_BUSY_SNAPSHOT, BUSY",
        "SQLITE_LOCKED_SHAREDCACHE, BUSY",
        "SQLITE_CORRUPT, CORRUPT",
        "SQLITE_CORRUPT_INDEX, CORRUPT",
        "SQLITE_NOTADB, CORRUPT",
        "SQLITE_READONLY_DBMOVED, INACCESSIBLE",
        "SQLITE_CANTOPEN_ISDIR, INACCESSIBLE",
        "SQLITE_IOERR_READ, FAILED",
        "SQLITE_CONSTRAINT_UNIQUE, FAILED"
    })
    void mapsEveryCodeToItsKind(SQLiteErrorCode code, Kind kind) {
        StoreException mapped = failures().toStoreException(failure(code));

        assertThat(mapped.kind()).isEqualTo(kind);
        assertThat(mapped).hasMessageStartingWith(directory.resolve("architect.db") + " ");
    }

    @Test
    void outcomeOfAFailedCommitIsUnknown() {
        SQLException brokenDisk = failure(SQLiteErrorCode.SQLITE_IOERR_FSYNC);

        assertThat(failures().isOutcomeUnknown(brokenDisk)).isTrue();
        assertThat(failures().commitFailure(brokenDisk).kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
        assertThat(failures()
                        .commitFailure(failure(SQLiteErrorCode.SQLITE_FULL))
                        .kind())
                .isEqualTo(Kind.FULL);
    }

    @Test
    void takesWhatIsNoDatabaseForAnotherFileOnlyAtOpening() {
        assertThat(failures()
                        .openFailure(failure(SQLiteErrorCode.SQLITE_NOTADB))
                        .kind())
                .isEqualTo(Kind.INACCESSIBLE);
        assertThat(failures()
                        .openFailure(failure(SQLiteErrorCode.SQLITE_CORRUPT))
                        .kind())
                .isEqualTo(Kind.CORRUPT);
    }

    @Test
    void leavesOurOwnFailuresAsTheyAre() {
        StoreException ours = new StoreException(Kind.CLOSED, "the store is closed, expected open", null);

        assertThat(failures().toStoreException(ours)).isSameAs(ours);
        assertThat(failures().toStoreException(new SQLException("no code")).kind())
                .isEqualTo(Kind.FAILED);
    }
}
