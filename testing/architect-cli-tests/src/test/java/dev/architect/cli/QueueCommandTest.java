package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gaia queue}. */
final class QueueCommandTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void create() {
        try (SqliteStore store = SqliteStore.at(folder.resolve("architect.db"))) {
            TaskOptions options = TaskOptions.DEFAULT.withQueue("reports").withTenant("acme");
            store.tasks().submit(List.of(TaskRequest.prompt("p").withOptions(options)));
        }
    }

    private GaiaRun queue(String... arguments) {
        List<String> all = new ArrayList<>(List.of("queue"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--data", folder.toString()));
        return GaiaRun.gaia(all.toArray(String[]::new));
    }

    @Test
    void listsSetsPausesAndRemoves() {
        assertThat(queue("list").out()).contains("reports", "acme", "llm", "open");
        assertThat(queue("settings").err()).contains("No queue has settings.");

        assertThat(queue("set", "reports", "--weight", "3", "--max-running", "5", "--rate", "90/1m")
                        .out())
                .contains("queue reports has weight 3, running at most 5, starts 90/m, waiting at most none");
        assertThat(queue("pause", "reports", "--tenant", "acme").out())
                .contains(
                        "queue reports/acme has weight 1, running at most none, starts none, waiting at most none, paused");
        assertThat(queue("list", "--json").out())
                .contains("\"queue\":\"reports\"", "\"weight\":3", "\"paused\":true", "\"tasks\":{\"ready\":1}");
        // It stays paused.
        assertThat(queue("set", "reports", "--tenant", "acme", "--max-waiting", "9")
                        .out())
                .contains("waiting at most 9, paused");
        assertThat(queue("settings").out()).contains("reports", "all", "acme", "90/m", "paused");
        assertThat(queue("change", "reports", "--max-running", "none", "--weight", "4")
                        .out())
                .contains("queue reports has weight 4, running at most none, starts 90/m, waiting at most none");
        assertThat(queue("drain", "reports").out()).contains("weight 4", ", draining");
        assertThat(queue("list").out()).contains("paused, draining");
        // It stays drained.
        assertThat(queue("set", "reports", "--weight", "3").out()).contains("weight 3", ", draining");
        assertThat(queue("resume", "reports").out()).doesNotContain("draining");
        assertThat(queue("resume", "reports", "--tenant", "acme").out()).doesNotContain("paused");
        assertThat(queue("remove", "reports").out()).contains("queue reports has no settings any more");
        assertThat(queue("remove", "reports").err()).contains("queue reports has no settings, expected one that has");
    }

    @Test
    void refusesWhatIsWrong() {
        assertThat(queue("set", "Day").err()).contains("queue is 'Day', expected 1 to 64 lower-case letters");
        assertThat(queue("set", "day", "--weight", "0").err()).contains("weight is 0, expected 1..1000");
        assertThat(queue("set", "day", "--rate", "fast").err())
                .contains("rate is 'fast', expected starts and a time, for example 10/s or 90/1m");
        assertThat(queue("pause", "day", "--tenant", "No").err()).contains("tenant is 'No', expected");
        assertThat(queue("change", "day", "--max-waiting", "some").err())
                .contains("--max-waiting is 'some', expected a number or none");
        assertThat(queue("change", "day", "--rate", "fast").err()).contains("rate is 'fast', expected starts");
        assertThat(GaiaRun.gaia("queue").err()).contains("what to do is missing, expected one of list, settings, set");
    }
}
