package dev.architect.store.jdbi.task;

import dev.architect.attempt.ClaimHistory;
import dev.architect.attempt.FencingToken;
import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.task.TaskId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A row that was just claimed.
 *
 * @param sortKey its place in the order of service
 * @param attempt which try this is
 * @param flags as {@link TaskRow} names them
 * @param body null when it is missing
 */
public record ClaimedRow(
        FencingToken fencingToken,
        long sortKey,
        int level,
        int attempt,
        int flags,
        int maxAttempts,
        long lane,
        long project,
        ClaimHistory history,
        @Nullable TaskBody body) {

    /** The columns of {@code task} that {@link #read} reads. */
    public static final String COLUMNS =
            "id, epoch, attempt, flags, sort_key, level, lane, project, max_attempts, crashes, snoozes, snoozed_at, ends_by";

    /** Reads a row with those columns, without its body. */
    public static ClaimedRow read(ResultSet row, long owner, Instant now) throws SQLException {
        Long snoozedAt = Columns.longOrNull(row, "snoozed_at");
        return new ClaimedRow(
                new FencingToken(new TaskId(row.getLong("id")), row.getLong("epoch"), owner),
                row.getLong("sort_key"),
                row.getInt("level"),
                row.getInt("attempt"),
                row.getInt("flags"),
                row.getInt("max_attempts"),
                row.getLong("lane"),
                row.getLong("project"),
                new ClaimHistory(
                        row.getInt("crashes"),
                        row.getInt("snoozes"),
                        // Zero when the wall clock was set back since.
                        Optional.ofNullable(snoozedAt)
                                .map(micros -> Micros.duration(Math.max(0, Micros.of(now) - micros))),
                        Optional.ofNullable(Columns.longOrNull(row, "ends_by"))
                                .map(micros -> Micros.duration(Math.max(0, micros - Micros.of(now))))),
                null);
    }

    /** The same with its body. */
    public ClaimedRow with(@Nullable TaskBody read) {
        return new ClaimedRow(fencingToken, sortKey, level, attempt, flags, maxAttempts, lane, project, history, read);
    }

    /** Whether the task was changed while it waited: its body may be newer than the snapshot of a claim that waited for the change. */
    public boolean isEdited() {
        return (flags & TaskRow.EDITED) != 0;
    }

    /** Whether its task has an affinity key. */
    public boolean hasAffinity() {
        return (flags & TaskRow.HAS_AFFINITY) != 0;
    }

    /** Reads the bodies of rows in a statement of their own. */
    public static List<ClaimedRow> withBodies(WriteConnection sql, List<ClaimedRow> claimed) throws SQLException {
        Map<Long, TaskBody> bodies = new HashMap<>();
        for (int from = 0; from < claimed.size(); from += WriteConnection.MAX_IDS) {
            PreparedStatement select = sql.prepareForIds(
                    TaskSql.BODIES,
                    claimed.subList(from, Math.min(claimed.size(), from + WriteConnection.MAX_IDS)).stream()
                            .map(row -> row.fencingToken().id().value())
                            .toList());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    TaskBody body = TaskBody.read(row);
                    if (body != null) {
                        bodies.put(row.getLong("id"), body);
                    }
                }
            }
        }
        return claimed.stream()
                .map(row -> row.with(bodies.get(row.fencingToken().id().value())))
                .toList();
    }
}
