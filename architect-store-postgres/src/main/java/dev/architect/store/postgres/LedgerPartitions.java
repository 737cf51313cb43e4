package dev.architect.store.postgres;

import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.store.postgres.connection.PostgresErrorReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger's partitions, one for each month of the calls' begin in UTC, made ahead: a month can be detached and dropped as a whole. Calls
 * of a month that has none are in the default partition and are found all the same. Without the right to create tables nothing is made, and
 * all calls are there.
 */
final class LedgerPartitions {

    /** So many months after the present one have a partition. */
    static final int AHEAD = 2;

    private static final Logger LOG = LoggerFactory.getLogger(LedgerPartitions.class);

    /** A new partition locks the ledger; other transactions wait no longer than this. */
    private static final Duration LOCK_TIMEOUT = Duration.ofMillis(500);

    private LedgerPartitions() {}

    /** The name of the partition of {@code month}. */
    static String name(YearMonth month) {
        return "ledger_" + month.toString().replace('-', '_');
    }

    /** Makes those that are missing, each in a transaction of its own. Never fails. */
    static void ensure(TransactionalWrites writes, Instant now) {
        YearMonth present = YearMonth.from(now.atZone(ZoneOffset.UTC));
        for (int i = 0; i <= AHEAD; i++) {
            YearMonth month = present.plusMonths(i);
            try {
                writes.write(sql -> ensure(sql, month));
            } catch (RuntimeException failure) {
                // No right to, in use at the moment, or the default partition already has calls of that month.
                LOG.debug("{} was not made: {}", name(month), PostgresErrorReader.firstLine(failure));
            }
        }
    }

    private static boolean ensure(WriteConnection sql, YearMonth month) throws SQLException {
        if (exists(sql.connection(), name(month))) {
            return false;
        }
        try (Statement statement = sql.connection().createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '" + LOCK_TIMEOUT.toMillis() + "ms'");
            statement.execute("CREATE TABLE IF NOT EXISTS " + name(month) + " PARTITION OF ledger FOR VALUES FROM ("
                    + begin(month) + ") TO (" + begin(month.plusMonths(1)) + ")");
        }
        return true;
    }

    private static boolean exists(Connection connection, String table) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("SELECT to_regclass('" + table + "') IS NOT NULL")) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static long begin(YearMonth month) {
        return ChronoUnit.MICROS.between(
                Instant.EPOCH, month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC));
    }
}
