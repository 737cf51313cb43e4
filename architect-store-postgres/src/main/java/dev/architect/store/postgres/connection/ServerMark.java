package dev.architect.store.postgres.connection;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What a server states of its place among those that follow each other.
 *
 * @param isStandby whether it only follows another server, and cannot be written
 * @param system the number that a primary and all its standbys have in common, 0 when the server does not state it
 * @param timeline rises by one whenever a standby becomes the primary, or a backup is recovered; 0 when unknown, and for a standby
 * @param startedAt when its main process started, in microseconds since 1970 by its own clock, which tells two servers apart; 0 when unknown
 * @param end how far its log reaches, 0 when unknown, and for a standby
 * @param forkedAt where in the log this server stopped to follow, 0 when it never did or has been restarted since
 */
public record ServerMark(boolean isStandby, long system, int timeline, long startedAt, long end, long forkedAt) {

    /** Of a server that was not looked at, or states nothing. */
    public static final ServerMark UNKNOWN = new ServerMark(false, 0, 0, 0, 0, 0);

    /** The timeline of a primary, which its file names begin with: what its control file says is that of its last checkpoint. */
    public static final String TIMELINE =
            "('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int";

    /** Where its log ends now, which no acknowledged commit lies behind. */
    public static final String POSITION = "(pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint";

    // The branch of a standby is not evaluated: these functions fail there.
    private static final String READ =
            "SELECT pg_is_in_recovery(), (SELECT system_identifier FROM pg_control_system()),"
                    + " CASE WHEN pg_is_in_recovery() THEN 0 ELSE " + TIMELINE + " END,"
                    + " (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint,"
                    + " CASE WHEN pg_is_in_recovery() THEN 0 ELSE " + POSITION + " END,"
                    + " coalesce((pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint, 0)";

    private static final String READ_RECOVERY = "SELECT pg_is_in_recovery()";

    /** Asks the server, in a transaction of its own or as its first statement. */
    public static ServerMark read(Connection connection) throws SQLException {
        boolean wasAutoCommit = connection.getAutoCommit();
        if (!wasAutoCommit) {
            connection.setAutoCommit(true);
        }
        ServerMark mark = ask(connection);
        if (!wasAutoCommit) {
            connection.setAutoCommit(false);
        }
        return mark;
    }

    private static ServerMark ask(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery(READ)) {
                row.next();
                return new ServerMark(
                        row.getBoolean(1),
                        row.getLong(2),
                        row.getInt(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6));
            } catch (SQLException failure) {
                if (!PostgresErrorReader.isRefused(failure)) {
                    throw failure;
                }
            }
            // Compatible databases have other logs, and an administrator may have taken the functions away.
            try (ResultSet row = statement.executeQuery(READ_RECOVERY)) {
                row.next();
                return new ServerMark(row.getBoolean(1), 0, 0, 0, 0, 0);
            } catch (SQLException failure) {
                if (!PostgresErrorReader.isRefused(failure)) {
                    throw failure;
                }
                return UNKNOWN;
            }
        }
    }

    /** Whether two primaries are both on the timeline of one, which cannot be if one of them follows the other's history. */
    boolean isTwinOf(ServerMark other) {
        return timeline > 0 && timeline == other.timeline && startedAt != other.startedAt;
    }

    /** Whether both belong to the same primary and its standbys, as far as is known. */
    public boolean isKinOf(ServerMark other) {
        return system == 0 || other.system == 0 || system == other.system;
    }
}
