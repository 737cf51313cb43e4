package dev.architect.store.postgres.connection;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Maps what PostgreSQL and its driver report to store exceptions. The classes of its codes are those of appendix A of the manual of
 * PostgreSQL 15, read on 2026-11-28.
 *
 * <p>Messages hold the first line of what the server says and neither its details, which may quote a row, nor a password.
 */
public final class PostgresErrorReader {

    private static final String CONNECTION = "08";
    private static final String REJECTED = "08004";
    private static final String AUTHORIZATION = "28";
    private static final String NO_DATABASE = "3D000";
    private static final String NO_SCHEMA = "3F000";
    private static final String NO_RIGHT = "42501";
    private static final String READ_ONLY = "25006";
    private static final String IDLE_TRANSACTION_ENDED = "25P03";
    private static final String SILENT_ROLLBACK = "25P02";
    /** What is met on a connection that a pooler gives to several clients, one transaction each. */
    private static final Set<String> SHARED_CONNECTION = Set.of("26000", "42P05");

    private static final String NOT_SUPPORTED = "0A000";
    private static final String SYNTAX_OR_RIGHT = "42";
    private static final String CONFLICT = "40001";
    /** Of the server itself: it does not know what became of a statement. */
    private static final String COMPLETION_UNKNOWN = "40003";

    private static final String DEADLOCK = "40P01";
    private static final String DISK_FULL = "53100";
    private static final String RESOURCES = "53";
    private static final String LOCKED = "55P03";
    private static final String CANCELLED = "57014";
    private static final String OPERATOR = "57P";
    private static final String SYSTEM = "58";
    private static final String INTERNAL = "XX";
    private static final Set<String> DAMAGED = Set.of("XX001", "XX002");

    private final String subject;

    /** Creates a reader for calls on the database that messages call {@code subject}. */
    public PostgresErrorReader(String subject) {
        this.subject = subject;
    }

    public String subject() {
        return subject;
    }

    /** Returns the failure of a call that has changed nothing. */
    public StoreException toStoreException(Throwable failure) {
        if (failure instanceof StoreException known) {
            return known;
        }
        SQLException sql = find(failure);
        if (sql == null) {
            return new StoreException(Kind.FAILED, subject + " failed: " + firstLine(failure), failure);
        }
        if (sql instanceof StaleServerException) {
            return new StoreException(Kind.BUSY, subject + ": " + sql.getMessage(), failure);
        }
        String state = state(sql);
        if (isConnectionLost(sql)) {
            return exception(Kind.BUSY, "cannot be reached", sql, failure);
        }
        if (DAMAGED.contains(state)) {
            return exception(Kind.CORRUPT, "is damaged", sql, failure);
        }
        if (state.startsWith(AUTHORIZATION) || state.equals(REJECTED)) {
            return exception(Kind.INACCESSIBLE, "refuses the user or the password", sql, failure);
        }
        if (state.startsWith(RESOURCES)) {
            return state.equals(DISK_FULL)
                    ? exception(Kind.FULL, "has no space left", sql, failure)
                    : exception(Kind.BUSY, "has no room for another connection or statement", sql, failure);
        }
        if (SHARED_CONNECTION.contains(state)) {
            return exception(
                    Kind.INACCESSIBLE,
                    "is reached through a pooler, which needs the database's own address in listenUrl(...) or"
                            + " listenDataSource(...)",
                    sql,
                    failure);
        }
        return switch (state) {
            case NO_DATABASE, NO_SCHEMA -> exception(Kind.INACCESSIBLE, "does not exist", sql, failure);
            case NO_RIGHT -> exception(Kind.INACCESSIBLE, "refuses a statement for lack of rights", sql, failure);
            case CONFLICT, DEADLOCK -> exception(Kind.BUSY, "is in use by others all the time", sql, failure);
            case LOCKED -> exception(Kind.BUSY, "is locked by another transaction", sql, failure);
            case CANCELLED -> exception(Kind.BUSY, "took too long to answer", sql, failure);
            default -> exception(Kind.FAILED, "failed", sql, failure);
        };
    }

    /** Returns the failure of an opening: what cannot be reached then is not there. */
    public StoreException openFailure(Throwable failure) {
        SQLException sql = find(failure);
        if (sql instanceof StaleServerException) {
            return new StoreException(Kind.INACCESSIBLE, subject + ": " + sql.getMessage(), failure);
        }
        return sql != null && isConnectionLost(sql)
                ? exception(Kind.INACCESSIBLE, "cannot be reached", sql, failure)
                : toStoreException(failure);
    }

    /** Returns the failure of a commit: when the connection was lost, it is unknown whether it was kept. */
    public StoreException commitFailure(Throwable failure) {
        return isOutcomeUnknown(failure)
                ? new StoreException(
                        Kind.OUTCOME_UNKNOWN,
                        subject + " did not answer while a change was committed: " + firstLine(failure),
                        failure)
                : toStoreException(failure);
    }

    /**
     * Whether a commit that failed so may have been kept all the same. It is known only when the server itself has refused the commit and
     * goes on.
     */
    public boolean isOutcomeUnknown(Throwable failure) {
        SQLException sql = find(failure);
        if (sql == null) {
            return true;
        }
        String state = state(sql);
        if (state.equals(SILENT_ROLLBACK)) {
            return false;
        }
        boolean isAnswered = sql instanceof PSQLException driver && driver.getServerErrorMessage() != null;
        return !isAnswered
                || state.equals(COMPLETION_UNKNOWN)
                || isConnectionLost(sql)
                || state.startsWith(SYSTEM)
                || state.startsWith(INTERNAL);
    }

    /** Whether the same transaction may succeed at once: others were faster, or a plan of this connection has become old. */
    public boolean isConflict(Throwable failure) {
        SQLException sql = find(failure);
        if (sql == null) {
            return false;
        }
        String state = state(sql);
        return state.equals(CONFLICT) || state.equals(DEADLOCK) || isStalePlan(sql);
    }

    /** Whether a new connection may do what this one cannot. */
    public boolean isConnectionLost(Throwable failure) {
        SQLException sql = find(failure);
        if (sql == null) {
            return false;
        }
        String state = state(sql);
        return (state.startsWith(CONNECTION) && !state.equals(REJECTED))
                || state.startsWith(OPERATOR)
                || state.equals(IDLE_TRANSACTION_ENDED)
                // A server that was the primary until a moment ago; what leads to the new one does so for new
                // connections.
                || state.equals(READ_ONLY)
                // A pool that has no connection and states no reason.
                || (state.isEmpty() && isOfConnection(sql));
    }

    /** Whether the server does not have such a statement or function, or does not let the user have it. */
    public static boolean isRefused(Throwable failure) {
        SQLException sql = find(failure);
        return sql != null && (state(sql).equals(NOT_SUPPORTED) || state(sql).startsWith(SYNTAX_OR_RIGHT));
    }

    /** Whether a statement was prepared for tables that have changed since, or was prepared on another connection of a pooler. */
    public boolean isStalePlan(Throwable failure) {
        SQLException sql = find(failure);
        if (!(sql instanceof PSQLException driver)) {
            return false;
        }
        ServerErrorMessage server = driver.getServerErrorMessage();
        return SHARED_CONNECTION.contains(state(sql))
                || (state(sql).equals(NOT_SUPPORTED)
                        && server != null
                        && "RevalidateCachedQuery".equals(server.getRoutine()));
    }

    /** Whether the other side does not take a parameter with which a connection begins, as poolers do that know only a few. */
    public static boolean isParameterRefused(Throwable failure) {
        SQLException sql = find(failure);
        return sql != null && firstLine(sql).contains("unsupported startup parameter");
    }

    private static boolean isOfConnection(SQLException failure) {
        return failure instanceof java.sql.SQLTransientConnectionException
                || failure instanceof java.sql.SQLNonTransientConnectionException
                || failure instanceof java.sql.SQLRecoverableException;
    }

    private StoreException exception(Kind kind, String what, SQLException sql, Throwable cause) {
        String state = state(sql);
        return new StoreException(
                kind,
                subject + " " + what + ": " + firstLine(sql) + (state.isEmpty() ? "" : " (" + state + ")"),
                cause);
    }

    public static String state(SQLException failure) {
        String state = failure.getSQLState();
        return state == null ? "" : state;
    }

    /** What happened, without the details and hints that the server adds. */
    public static String firstLine(Throwable failure) {
        SQLException sql = find(failure);
        if (sql instanceof PSQLException driver) {
            ServerErrorMessage server = driver.getServerErrorMessage();
            if (server != null && server.getMessage() != null) {
                return server.getMessage();
            }
        }
        String message = (sql == null ? failure : sql).getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    /** The driver's own exception when there is one: pools and Jdbi wrap it. */
    public static @Nullable SQLException find(Throwable failure) {
        SQLException first = null;
        Throwable cause = failure;
        // Bounded, for exceptions that are their own cause by some way round.
        for (int depth = 0; cause != null && depth < 20; depth++) {
            if (cause instanceof PSQLException || cause instanceof StaleServerException) {
                return (SQLException) cause;
            }
            if (first == null && cause instanceof SQLException sql) {
                first = sql;
            }
            cause = cause.getCause();
        }
        return first;
    }
}
