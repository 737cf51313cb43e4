package dev.architect.store.postgres.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What the codes of PostgreSQL mean to a caller of the store. */
class PostgresErrorReaderTest {

    private static final String SUBJECT = "PostgreSQL database app at db:5432 (user worker)";

    private final PostgresErrorReader reader = new PostgresErrorReader(SUBJECT);

    /** As the driver reports what the server has said. */
    static PSQLException server(String severity, String state, String message) {
        return new PSQLException(new ServerErrorMessage("S" + severity + "\0C" + state + "\0M" + message
                + "\0DFailing row contains (the prompt, secret).\0RRevalidateCachedQuery\0"));
    }

    @ParameterizedTest
    @CsvSource({
        "08006, BUSY",
        "08001, BUSY",
        "57P01, BUSY",
        "57P03, BUSY",
        "25P03, BUSY",
        "25006, BUSY",
        "40001, BUSY",
        "40P01, BUSY",
        "55P03, BUSY",
        "57014, BUSY",
        "53300, BUSY",
        "53200, BUSY",
        "53100, FULL",
        "28P01, INACCESSIBLE",
        "28000, INACCESSIBLE",
        "08004, INACCESSIBLE",
        "3D000, INACCESSIBLE",
        "3F000, INACCESSIBLE",
        "42501, INACCESSIBLE",
        "XX001, CORRUPT",
        "XX002, CORRUPT",
        "XX000, FAILED",
        "42P01, FAILED",
        "23505, FAILED",
        "22021, FAILED"
    })
    void aCodeHasOneMeaning(String state, Kind kind) {
        StoreException failure = reader.toStoreException(new RuntimeException(server("ERROR", state, "what it says")));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageStartingWith(SUBJECT).hasMessageEndingWith("what it says (" + state + ")");
    }

    @Test
    void messagesDoNotQuoteRows() {
        assertThat(reader.toStoreException(server("ERROR", "23502", "null value in column")))
                .hasMessage(SUBJECT + " failed: null value in column (23502)");
    }

    @Test
    void aPoolWithoutAConnectionIsBusy() {
        SQLException ofPool = new SQLTransientConnectionException("architect - Connection is not available");

        assertThat(reader.toStoreException(ofPool).kind()).isEqualTo(Kind.BUSY);
        assertThat(reader.isConnectionLost(ofPool)).isTrue();
    }

    @Test
    void theReasonOfAPoolIsTheDrivers() {
        SQLException ofPool = new SQLTransientConnectionException(
                "architect - Connection is not available", "28P01", server("FATAL", "28P01", "no"));

        assertThat(reader.toStoreException(ofPool).kind()).isEqualTo(Kind.INACCESSIBLE);
    }

    @ParameterizedTest
    @CsvSource({
        "ERROR, 40001, false",
        "ERROR, 40P01, false",
        "ERROR, 23505, false",
        "ERROR, 53100, false",
        "ERROR, 57014, false",
        "ERROR, 40003, true",
        "FATAL, 57P01, true",
        "FATAL, 57P02, true",
        "FATAL, 08P01, true",
        "FATAL, XX000, true",
        "ERROR, 58030, true"
    })
    void aCommitIsKnownToHaveFailedOnlyWhenTheServerSaysSoAndGoesOn(String severity, String state, boolean isUnknown) {
        SQLException failure = server(severity, state, "what it says");

        assertThat(reader.isOutcomeUnknown(failure)).isEqualTo(isUnknown);
        assertThat(reader.commitFailure(failure).kind() == Kind.OUTCOME_UNKNOWN).isEqualTo(isUnknown);
    }

    @Test
    void aCommitWithoutAnAnswerIsUnknown() {
        assertThat(reader.commitFailure(new SQLException("An I/O error occurred", "08006"))
                        .kind())
                .isEqualTo(Kind.OUTCOME_UNKNOWN);
        assertThat(reader.commitFailure(new SQLException("no code")).kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
    }

    @Test
    void aTransactionThatTheServerHasRolledBackIsKnownToBe() {
        assertThat(reader.isOutcomeUnknown(new SQLException("The database returned ROLLBACK", "25P02")))
                .isFalse();
    }

    @Test
    void whatCannotBeReachedAtTheStartIsInaccessible() {
        assertThat(reader.openFailure(new SQLException("Connection refused", "08001"))
                        .kind())
                .isEqualTo(Kind.INACCESSIBLE);
    }

    @Test
    void aPlanForAnOlderTableIsMadeAnew() {
        assertThat(reader.isConflict(server("ERROR", "0A000", "cached plan must not change result type")))
                .isTrue();
        assertThat(reader.isConflict(server("ERROR", "26000", "prepared statement does not exist")))
                .isTrue();
    }
}
