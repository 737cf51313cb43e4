package dev.architect.store.postgres;

import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.task.NewTask;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** New tasks in the binary format of COPY, which takes many rows at the least cost. */
final class TaskCopy {

    private static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    private static final int FLUSHED_FROM = 1 << 16;
    private static final int LARGEST_FIXED = 256;

    private final CopyIn copy;
    private ByteBuffer buffer = ByteBuffer.allocate(FLUSHED_FROM + LARGEST_FIXED);

    private TaskCopy(CopyIn copy) {
        this.copy = copy;
        buffer.put(HEADER);
    }

    /** Inserts the rows of the tasks and their bodies. */
    static void copy(Connection connection, List<NewTask> tasks, Instant now) throws SQLException {
        copy(
                connection,
                "task (id, epoch, sort_key, due_at, created_at, lane, project, snoozes, state, level, flags, attempt,"
                        + " max_attempts, crashes)",
                into -> {
                    for (NewTask task : tasks) {
                        into.task(task, now);
                    }
                });
        copy(
                connection,
                "task_body (id, created_at, timeout, delay, payload, attributes, user_id, tags, options)",
                into -> {
                    for (NewTask task : tasks) {
                        into.body(task, now);
                    }
                });
    }

    private interface Rows {
        void write(TaskCopy into) throws SQLException;
    }

    private static void copy(Connection connection, String table, Rows rows) throws SQLException {
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY " + table + " FROM STDIN (FORMAT binary)");
        try {
            TaskCopy into = new TaskCopy(copy);
            rows.write(into);
            into.end();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private void task(NewTask task, Instant now) throws SQLException {
        begin(14);
        number(task.id().value());
        number(0L);
        number(task.sortKey(now));
        numberOrNull(task.dueAt(now));
        number(Micros.of(now));
        number(Math.toIntExact(task.lane()));
        number(Math.toIntExact(task.project()));
        number(0);
        number((short) task.state().number());
        number((short) task.request().priority().level());
        number((short) task.flags());
        number((short) 0);
        number((short) task.request().maxAttempts());
        number((short) 0);
    }

    private void body(NewTask task, Instant now) throws SQLException {
        begin(9);
        number(task.id().value());
        number(Micros.of(now));
        number(Micros.of(task.request().timeout()));
        number(Micros.of(task.request().delay()));
        text(StoredText.encode(task.request().payload()));
        text(Columns.write(task.request().attributes()));
        text(StoredText.encode(task.request().attribution().user().orElse(null)));
        text(Columns.write(task.request().attribution().tags()));
        text(Columns.write(task.request().options()));
    }

    private void begin(int columns) throws SQLException {
        if (buffer.position() >= FLUSHED_FROM) {
            flush();
        }
        buffer.putShort((short) columns);
    }

    private void number(long value) {
        buffer.putInt(Long.BYTES).putLong(value);
    }

    private void number(int value) {
        buffer.putInt(Integer.BYTES).putInt(value);
    }

    private void number(short value) {
        buffer.putInt(Short.BYTES).putShort(value);
    }

    private void numberOrNull(@Nullable Long value) {
        if (value == null) {
            buffer.putInt(-1);
        } else {
            number(value.longValue());
        }
    }

    private void text(@Nullable String value) throws SQLException {
        if (value == null) {
            buffer.putInt(-1);
            return;
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        buffer.putInt(bytes.length);
        if (bytes.length > buffer.remaining() - LARGEST_FIXED) {
            flush();
            copy.writeToCopy(bytes, 0, bytes.length);
        } else {
            buffer.put(bytes);
        }
    }

    private void flush() throws SQLException {
        copy.writeToCopy(buffer.array(), 0, buffer.position());
        buffer.clear();
    }

    private void end() throws SQLException {
        buffer.putShort((short) -1);
        flush();
        copy.endCopy();
    }
}
