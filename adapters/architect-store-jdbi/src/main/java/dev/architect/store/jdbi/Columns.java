package dev.architect.store.jdbi;

import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.model.StopReason;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.task.TaskOptions;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Columns that hold a JSON object of texts, NULL for one without entries, and numbers that may be NULL. */
public final class Columns {

    private static final String TEXTS = "texts";

    private Columns() {}

    public static @Nullable String write(Map<String, String> texts) {
        // Sorted, so that equal maps are equal texts in the database.
        return texts.isEmpty() ? null : JsonText.write(new TreeMap<>(texts));
    }

    public static Map<String, String> read(@Nullable String json) {
        // The reader reads named fields of an object, so the column becomes a field of one.
        return json == null
                ? Map.of()
                : JsonFields.parse("{\"" + TEXTS + "\":" + json + "}").textsByName(TEXTS);
    }

    /** Returns the options as JSON, null for none. */
    public static @Nullable String write(TaskOptions options) {
        return options.isDefault() ? null : options.text();
    }

    /** Reads what {@link #write(TaskOptions)} has written. */
    public static TaskOptions options(@Nullable String json) {
        return json == null ? TaskOptions.DEFAULT : TaskOptions.parse(json);
    }

    /** Binds user and tags; the project has a column of its own, because statements select by it. */
    public static void bindAttribution(PreparedStatement statement, int index, Attribution attribution)
            throws SQLException {
        statement.setString(index, StoredText.encode(attribution.user().orElse(null)));
        statement.setString(index + 1, write(attribution.tags()));
    }

    public static Attribution attribution(String project, ResultSet row) throws SQLException {
        return attribution(project, row.getString("user_id"), row.getString("tags"));
    }

    /** The same, of columns that were read before. */
    public static Attribution attribution(String project, @Nullable String user, @Nullable String tags) {
        return new Attribution(new ProjectId(project), Optional.ofNullable(StoredText.decode(user)), read(tags));
    }

    public static @Nullable Long longOrNull(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    public static void setLong(PreparedStatement statement, int parameter, @Nullable Long value) throws SQLException {
        if (value == null) {
            statement.setNull(parameter, Types.BIGINT);
        } else {
            statement.setLong(parameter, value);
        }
    }

    /** Reads the column {@code stop_reason}, of a task or of a call. */
    public static Optional<StopReason> stopReason(ResultSet row) throws SQLException {
        String name = row.getString("stop_reason");
        // A newer version may have written a reason that this one does not know.
        return name == null
                ? Optional.empty()
                : Arrays.stream(StopReason.values())
                        .filter(reason -> reason.name().equals(name))
                        .findFirst()
                        .or(() -> Optional.of(StopReason.OTHER));
    }
}
