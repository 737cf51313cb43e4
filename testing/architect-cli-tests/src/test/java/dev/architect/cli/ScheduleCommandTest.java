package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.recurring.ScheduleRun;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.TaskQuery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schedules of a data directory. */
final class ScheduleCommandTest {

    @TempDir
    private Path data;

    @BeforeEach
    void createTheDatabase() {
        SqliteStore.at(database()).close();
    }

    private Path database() {
        return data.resolve("architect.db");
    }

    private GaiaRun schedule(String... arguments) {
        List<String> all = new ArrayList<>(List.of("schedule"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--data", data.toString()));
        return GaiaRun.gaia(all.toArray(String[]::new));
    }

    @Test
    void makesListsChangesAndDeletes() {
        GaiaRun added = schedule(
                "add", "nightly", "Summarise the log", "--cron", "30 2 * * MON-FRI", "--zone", "Europe/Berlin");
        assertThat(added.exitCode()).as(added.err()).isZero();
        assertThat(added.out()).startsWith("nightly  next 20");
        assertThat(schedule("add", "often", "p", "--every", "15m", "--catch-up", "all", "--catch-up-limit", "4")
                        .exitCode())
                .isZero();

        assertThat(schedule("list").out())
                .contains("30 2 * * MON-FRI Europe/Berlin", "every PT15M", "nightly", "often");
        assertThat(schedule("list", "--json").out()).contains("\"catchUpLimit\":4", "\"zone\":\"Europe/Berlin\"");
    }

    @Test
    void pausesResumesAndDeletes() {
        schedule("add", "nightly", "Summarise the log", "--cron", "@daily");

        assertThat(schedule("pause", "nightly").out()).contains("paused");
        assertThat(schedule("resume", "nightly").out()).contains("next 20");
        assertThat(schedule("next", "nightly", "--count", "3").out().lines()).hasSize(3);
        assertThat(schedule("delete", "nightly").exitCode()).isZero();
        assertThat(schedule("list").out()).doesNotContain("nightly");
    }

    @Test
    void submitsTheTaskNow() {
        schedule("add", "nightly", "Summarise the log", "--cron", "@daily");

        GaiaRun run = schedule("run", "nightly");

        try (SqliteStore store = SqliteStore.at(database())) {
            assertThat(store.tasks().list(TaskQuery.newest(10)))
                    .extracting(task -> task.id().toString())
                    .containsExactly(run.out().trim());
            assertThat(store.schedules().orElseThrow().runs(1, 10))
                    .extracting(ScheduleRun::note)
                    .containsExactly(ScheduleRun.BY_HAND);
        }
    }

    @Test
    void refusesWhatCannotBe() {
        assertThat(schedule("add", "s", "p", "--cron", "0 25 * * *").err())
                .contains("cron: hour is '25' at character 3, expected 0..23");
        assertThat(schedule("add", "s", "p", "--cron", "@daily", "--zone", "Mars")
                        .err())
                .contains("zone is 'Mars'");
        assertThat(schedule("add", "s", "p").err()).contains("--cron", "--every");
        assertThat(schedule("add", "S", "p", "--every", "1h").err()).contains("name is 'S'");
        assertThat(schedule("add", "s", "p", "--every", "1h", "--catch-up", "some")
                        .err())
                .contains("catchUp is 'some'");
        assertThat(schedule("pause", "none").err()).contains("schedule 'none' does not exist");
        assertThat(schedule("list").err()).contains("There is no schedule.");
    }
}
