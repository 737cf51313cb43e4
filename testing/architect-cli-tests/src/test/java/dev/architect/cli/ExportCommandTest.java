package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.task.TaskRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gaia export}, beside a server that writes the files. */
final class ExportCommandTest {

    @TempDir
    private Path folder;

    private static void submit(ServedData served) {
        served.architect.submit(TaskRequest.prompt("a secret").withDelay(Duration.ofHours(1)));
    }

    @Test
    void aServerWritesAListThatIsDownloadedAndDeleted() throws Exception {
        Path file = folder.resolve("tasks.jsonl");
        try (ServedData served = ServedData.in(folder)) {
            submit(served);
            submit(served);
            assertThat(served.gaia("export", "list").err()).contains("There is no export.");

            GaiaRun created =
                    served.gaia("export", "create", "tasks", "--filter", "type:prompt", "--format", "jsonl", "--wait");

            assertThat(created.exitCode()).as(created.err()).isZero();
            String id = created.out().strip();
            assertThat(created.err()).contains("export " + id + " of tasks is done, 2 rows");
            JsonNode onServer = served.get("/api/exports/" + id);
            assertThat(onServer.get("by").textValue()).isEqualTo("operator");
            assertThat(onServer.get("filter").textValue()).isEqualTo("type:prompt");
            JsonNode listed = new ObjectMapper()
                    .readTree(served.gaia("export", "list", "--json").out());
            assertThat(listed.get("id").textValue()).isEqualTo(id);
            assertThat(listed.get("rows")).isEqualTo(onServer.get("rows"));
            assertThat(listed.get("createdAt")).isEqualTo(onServer.get("createdAt"));
            assertThat(served.gaia("export", "list").out()).contains(id, "tasks", "type:prompt", "jsonl", "done");
            assertThat(served.gaia("export", "show", id).out()).contains("export " + id + " of tasks is done, 2 rows");

            GaiaRun downloaded = served.gaia("export", "download", id, "--out", file.toString());

            assertThat(downloaded.err()).contains("2 rows are in " + file);
            assertThat(file)
                    .content()
                    .hasLineCount(2)
                    .contains("\"type\":\"prompt\"")
                    .doesNotContain("secret");
            assertThat(served.gaia("export", "download", id).out()).isEqualTo(Files.readString(file));
            assertThat(served.gaia("export", "download", id, "--out", file.toString())
                            .err())
                    .contains("which exists, expected a new file");
            assertThat(served.gaia("export", "delete", id).out()).contains("export " + id + " is deleted");
            assertThat(served.get("/api/exports").get("exports")).isEmpty();
            assertThat(served.gaia(
                                    "export",
                                    "download",
                                    id,
                                    "--out",
                                    folder.resolve("other").toString())
                            .err())
                    .contains("export '" + id + "' does not exist");
            assertThat(folder.resolve("other")).doesNotExist();
        }
    }

    @Test
    void callsAndActivityAreExportedToo() throws Exception {
        try (ServedData served = ServedData.in(folder)) {
            String calls = served.gaia("export", "create", "calls", "--period", "all", "--provider", "claude", "--wait")
                    .out()
                    .strip();
            String activity = served.gaia("export", "create", "activity", "--kind", "task-dead", "--wait")
                    .out()
                    .strip();

            assertThat(served.gaia("export", "download", calls).out())
                    .startsWith("callId,requestId,")
                    .hasLineCount(1);
            assertThat(served.get("/api/exports/" + calls).get("filter").textValue())
                    .isEqualTo("provider:claude");
            assertThat(served.get("/api/exports/" + activity).get("filter").textValue())
                    .isEqualTo("task-dead");
        }
    }

    @Test
    void withoutAServerItWaitsUntilItsTimeIsOver() throws Exception {
        ServedData.in(folder).close();

        GaiaRun waited = ServedData.gaia(folder, "export", "create", "tasks", "--wait", "--timeout", "1ms");

        assertThat(waited.exitCode()).isEqualTo(1);
        String id = waited.out().strip();
        assertThat(waited.err()).contains("export " + id + " of tasks is waiting, 0 rows", "needs a server");
        assertThat(ServedData.gaia(folder, "export", "download", id).err())
                .contains("is waiting, 0 rows, expected one that is done");
        assertThat(ServedData.gaia(folder, "export", "delete", id).exitCode()).isZero();
    }

    @Test
    void refusesWhatIsWrong() throws Exception {
        ServedData.in(folder).close();

        assertThat(ServedData.gaia(folder, "export", "create", "tasks", "--filter", "label:x")
                        .err())
                .contains("--filter");
        assertThat(ServedData.gaia(folder, "export", "create", "tasks", "--format", "xml")
                        .err())
                .contains("--format is 'xml', expected csv or jsonl");
        assertThat(ServedData.gaia(folder, "export", "create", "activity", "--kind", "task-ded")
                        .err())
                .contains("--kind is 'task-ded', expected 'task-dead'");
        assertThat(ServedData.gaia(folder, "export", "create", "calls", "--period", "1y")
                        .err())
                .contains("--period is '1y'");
        assertThat(ServedData.gaia(folder, "export", "delete", "none").err()).contains("export 'none' does not exist");
        assertThat(ServedData.gaia(folder, "export", "show", "none").exitCode()).isEqualTo(1);
        assertThat(GaiaRun.gaia("export", "create").err())
                .contains("what to export is missing, expected one of calls, tasks, activity");
        assertThat(GaiaRun.gaia("export").err())
                .contains("what to do is missing, expected one of create, list, show, download, delete");
        assertThat(ServedData.gaia(folder, "export", "list").err()).contains("There is no export.");
    }
}
