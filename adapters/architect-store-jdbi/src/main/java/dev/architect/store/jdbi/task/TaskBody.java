package dev.architect.store.jdbi.task;

import dev.architect.store.jdbi.StoredText;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The wide part of a task, as it is stored; read into a request only where a failure to do so concerns no other task. */
public record TaskBody(
        String payload,
        @Nullable String attributes,
        @Nullable String user,
        @Nullable String tags,
        long timeout,
        long delay,
        @Nullable String options) {

    /** The columns of {@code task_body} that {@link #read} reads. */
    public static final String COLUMNS = "payload, attributes, user_id, tags, timeout, delay, options";

    /** Reads a row with those columns; null when the outer join found none. */
    public static @Nullable TaskBody read(ResultSet row) throws SQLException {
        String payload = row.getString("payload");
        return payload == null
                ? null
                : new TaskBody(
                        payload,
                        row.getString("attributes"),
                        row.getString("user_id"),
                        row.getString("tags"),
                        row.getLong("timeout"),
                        row.getLong("delay"),
                        row.getString("options"));
    }

    /** The payload as it was submitted. */
    String decodedPayload() {
        return String.valueOf(StoredText.decode(payload));
    }
}
