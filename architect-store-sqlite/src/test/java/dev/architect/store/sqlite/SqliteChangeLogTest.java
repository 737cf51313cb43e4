package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.change.ChangePage;
import dev.architect.change.ChangePosition;
import dev.architect.change.ChangeStore;
import dev.architect.task.TaskRequest;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long the log of changes grows, in a real file. */
final class SqliteChangeLogTest {

    @TempDir
    Path folder;

    private static void execute(Path file, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void theOldestEntriesAreForgottenAndWhoKnowsThoseAloneIsTold() throws Exception {
        Path file = folder.resolve("a.db");
        try (SqliteStore store = SqliteStore.at(file)) {
            store.tasks().submit(List.of(TaskRequest.prompt("p")));
        }
        // As if there had been many changes since: the ones in between are of no use here.
        execute(
                file,
                "INSERT INTO change_log (sequence, topic, keys) VALUES (500, 0, '[\"1\"]'), (501, 0, '[\"1\"]'), ("
                        + (ChangeStore.KEPT + 500) + ", 0, '[\"1\"]')");

        try (SqliteStore store = SqliteStore.at(file)) {
            ChangeStore log = store.changes().orElseThrow();
            String era = log.newest().era();
            // Some entries are deleted together.
            for (int i = 0; i < 64; i++) {
                store.tasks().submit(List.of(TaskRequest.prompt("p")));
            }

            assertThat(log.newest().sequence()).isEqualTo(ChangeStore.KEPT + 564);
            assertThat(log.after(new ChangePosition(era, 10), 10).isGap()).isTrue();
            ChangePage page = log.after(new ChangePosition(era, ChangeStore.KEPT + 560), 10);
            assertThat(page.isGap()).isFalse();
            assertThat(page.changes()).hasSize(4);
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            assertThat(statement
                            .executeQuery("SELECT count(*) FROM change_log WHERE sequence <= 501")
                            .getInt(1))
                    .isZero();
        }
    }
}
