package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.event.ActivityEntry;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.TaskId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ActivityCommandTest {

    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    @TempDir
    private Path folder;

    @BeforeEach
    void writeALog() {
        List<ActivityEntry> entries = new ArrayList<>();
        entries.add(new ActivityEntry(0, NOON, "breaker-changed", Optional.empty(), "Breaker of claude is OPEN."));
        entries.add(new ActivityEntry(0, NOON, "task-dead", Optional.of(new TaskId(7)), "Task is dead."));
        for (int i = 0; i < 100; i++) {
            entries.add(new ActivityEntry(0, NOON, "session-opened", Optional.empty(), "Session " + i + " opened."));
        }
        try (SqliteStore store = SqliteStore.at(folder.resolve("architect.db"))) {
            store.activity().append(entries);
        }
    }

    private GaiaRun activity(String... more) {
        List<String> arguments = new ArrayList<>(List.of("activity", "--data", folder.toString()));
        arguments.addAll(List.of(more));
        return GaiaRun.gaia(arguments.toArray(String[]::new));
    }

    @Test
    void showsTheNewestFirst() {
        assertThat(activity("--limit", "2").out().lines())
                .hasSize(2)
                .first()
                .asString()
                .endsWith("session-opened     Session 99 opened.");
        assertThat(activity().out().lines()).hasSize(50);
    }

    @Test
    void filtersByKind() {
        assertThat(activity("--kind", "breaker-changed,task-dead").out().lines())
                .satisfiesExactly(
                        newest -> assertThat(newest)
                                .endsWith("task-dead          Task is dead.  [" + new TaskId(7) + "]"),
                        oldest -> assertThat(oldest).endsWith("breaker-changed    Breaker of claude is OPEN."));
        assertThat(activity("--kind", "breaker-changed", "--json").out())
                .isEqualToIgnoringNewLines(
                        "{\"sequence\":1,\"at\":\"2026-11-01T12:00:00Z\",\"kind\":\"breaker-changed\","
                                + "\"task\":null,\"text\":\"Breaker of claude is OPEN.\"}");
        assertThat(activity("--kind", "node-left").errLines()).containsExactly("Nothing of that kind has happened.");
    }

    @Test
    void namesTheNearestKindAndTheDirectoryWithoutALog() {
        assertThat(activity("--kind", "breaker-change").errLines())
                .containsExactly("gaia: --kind is 'breaker-change', expected 'breaker-changed'");
        assertThat(activity("--limit", "501").errLines()).containsExactly("gaia: --limit is 501, expected 1..500");
        Path empty = folder.resolve("empty");
        assertThat(GaiaRun.gaia("activity", "--data", empty.toString()).errLines())
                .containsExactly(
                        "gaia: " + empty + "/architect.db is not there, expected the database of a server or a demo");
        assertThat(empty).doesNotExist();
    }
}
