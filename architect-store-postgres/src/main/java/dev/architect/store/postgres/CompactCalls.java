package dev.architect.store.postgres;

import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.store.jdbi.schema.Dialect;
import dev.architect.store.postgres.connection.PostgresErrorReader;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether calls of the ledger leave out what is usual. Nodes of earlier versions expect every column, so it begins when none of them has been there
 * for an hour, in which one that has crashed may have come back; from then on these versions refuse to open the schema. Programs that perform no
 * tasks are no nodes and are not seen here. There is no way back.
 */
final class CompactCalls {

    /** The newest step of the schema that this program knows. */
    static final int STEPS = Dialect.POSTGRES.names().size();

    private static final Logger LOG = LoggerFactory.getLogger(CompactCalls.class);

    private static final String NAME = "ledger-compact";

    private static final String IS_COMPACT = "SELECT compact FROM ledger_folded WHERE id = 1";

    /** A transaction that records a call has a shared lock on the row, so a call is recorded before or after. */
    private static final String LOCKED = IS_COMPACT + " FOR UPDATE";

    private static final String HAS_EARLIER_NODES = "SELECT count(*) FROM node WHERE schema_step < ?"
            + " AND (state IN (0, 1) OR ended_at > " + PostgresNodeStore.NOW + " - 3600000000)";

    private static final String BEGIN = "UPDATE ledger_folded SET compact = 1 WHERE id = 1";

    private static final String REFUSE_EARLIER =
            "UPDATE architect_migration SET readable_from = version WHERE name = '" + NAME + "'";

    private CompactCalls() {}

    /** Lets it begin when it can; whether it has begun. Never fails. */
    static boolean ensure(TransactionalWrites writes) {
        try {
            return writes.write(CompactCalls::ensure);
        } catch (RuntimeException failure) {
            // The role may have no right to; calls take more place all the same.
            LOG.debug("calls of the ledger do not leave out what is usual: {}", PostgresErrorReader.firstLine(failure));
            return false;
        }
    }

    private static boolean ensure(WriteConnection sql) throws SQLException {
        if (number(sql.prepare(IS_COMPACT)) == 1) {
            return true;
        }
        PreparedStatement earlier = sql.prepare(HAS_EARLIER_NODES);
        earlier.setInt(1, Dialect.POSTGRES.names().indexOf(NAME) + 1);
        if (number(earlier) > 0) {
            return false;
        }
        number(sql.prepare(LOCKED));
        sql.prepare(BEGIN).executeUpdate();
        sql.prepare(REFUSE_EARLIER).executeUpdate();
        return true;
    }

    private static long number(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("ledger_folded has no row, expected one");
            }
            return row.getLong(1);
        }
    }
}
