package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.store.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gaia project}, {@code board}, {@code item} and {@code milestone}. */
final class ProjectCommandTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void create() {
        SqliteStore.at(folder.resolve("architect.db")).close();
    }

    private GaiaRun gaia(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", folder.toString()));
        return GaiaRun.gaia(all.toArray(String[]::new));
    }

    @Test
    void makesProjectsFromTemplatesAndFromOtherProjects() {
        assertThat(gaia("project", "create", "web", "web", "--template", "support")
                        .out())
                .contains("project web (WEB) is active");
        assertThat(gaia("project", "create", "shop", "SHOP", "--template", "project:web")
                        .out())
                .contains("project shop (SHOP) is active");
        assertThat(gaia("project", "show", "shop").out()).contains("Triage: 0", "Fixed: 0");
        assertThat(gaia("project", "create", "more", "MORE", "--template", "suport")
                        .err())
                .contains("did you mean 'support'?");
        assertThat(GaiaRun.gaia("project", "templates").out()).contains("software", "To do, Doing, Done");
    }

    @Test
    void plansWorkFromTheProjectToItsMilestone() {
        assertThat(gaia("project", "list").err()).contains("There is no project.");
        assertThat(gaia("project", "create", "web", "web", "--title", "Web site")
                        .out())
                .contains("project web (WEB) is active");
        assertThat(gaia("item", "create", "web", "Login", "--kind", "bug", "--priority", "1")
                        .out())
                .contains("WEB-1");
        gaia("item", "create", "web", "Sign up", "--column", "To do", "--assignee", "agent:coder");
        assertThat(gaia("item", "edit", "WEB-1", "--body", "It fails on Mondays", "--as", "person:ada")
                        .out())
                .contains("WEB-1 has version 2");
        assertThat(gaia("item", "move", "WEB-1", "in progress").out()).contains("WEB-1 is in in progress");
        gaia("item", "link", "WEB-1", "blocks", "WEB-2");
        gaia("item", "comment", "WEB-1", "Which browser?", "--as", "person:ada");
        String task = gaia("item", "start", "WEB-1").out().strip();

        assertThat(gaia("item", "show", "WEB-1").out())
                .contains(
                        "WEB-1 Login",
                        "bug, priority 1, In progress",
                        "It fails on Mondays",
                        "WEB-1 blocks WEB-2",
                        "person:ada: Which browser?",
                        "task " + task + " ready",
                        "1 tasks, 0 attempts");
        gaia("project", "create", "shop", "SHOP");
        assertThat(gaia("item", "move", "WEB-1").err()).contains("COLUMN is missing");
        gaia("item", "create", "web", "Elsewhere");
        assertThat(gaia("item", "move", "WEB-3", "--project", "shop").out()).contains("WEB-3 is SHOP-1 of shop");
        assertThat(gaia("item", "show", "WEB-3").out()).contains("SHOP-1 Elsewhere");
        assertThat(gaia("item", "list", "web", "--filter", "assignee:agent:coder")
                        .out())
                .contains("WEB-2")
                .doesNotContain("WEB-1");
        assertThat(gaia("item", "search", "web", "browser", "login").out()).contains("WEB-1");
        assertThat(gaia("board", "web").out()).contains("To do (ready): 1", "In progress (active): 1");
        String milestone = gaia("milestone", "create", "web", "Beta", "--target", "2027-01-31")
                .out()
                .strip();
        assertThat(gaia("milestone", "list", "web").out()).contains(milestone, "2027-01-31", "planned", "Beta");
        assertThat(gaia("milestone", "reach", milestone).out()).contains("Beta is reached");
        assertThat(gaia("milestone", "show", milestone).out()).contains("Beta: reached, target 2027-01-31");
        assertThat(gaia("project", "archive", "web").out()).contains("project web (WEB) is archived");
        assertThat(gaia("item", "comment", "WEB-1", "More").err()).contains("ARCHIVED", "expected");
        assertThat(gaia("project", "restore", "web").out()).contains("is active");
        assertThat(gaia("project", "show", "web").out()).contains("Web site", "In progress: 1");
        assertThat(gaia("project", "list", "--json").out()).contains("\"key\":\"web\"", "\"prefix\":\"WEB\"");
    }

    @Test
    void refusesWhatIsWrong() {
        gaia("project", "create", "web", "WEB");
        gaia("item", "create", "web", "One");
        gaia("item", "create", "web", "Two");
        gaia("item", "link", "WEB-1", "blocks", "WEB-2");

        assertThat(gaia("project", "create", "web", "ELSE").err()).contains("project 'web' is there already, expected");
        assertThat(gaia("project", "create", "shop", "x").err()).contains("prefix is 'X', expected 2 to 6 letters");
        assertThat(gaia("item", "create", "shop", "One").err()).contains("there is no project 'shop', expected one");
        assertThat(gaia("item", "create", "web", " ").err()).contains("title has 0 characters, expected 1 to 300");
        assertThat(gaia("item", "create", "web", "x", "--label", "ui").err())
                .contains("label is 'ui', expected one of");
        assertThat(gaia("item", "move", "WEB-1", "Doing").err())
                .contains("column is 'Doing', expected one of [Backlog");
        assertThat(gaia("item", "link", "WEB-2", "blocks", "WEB-1").err()).contains("WEB-1 → WEB-2 → WEB-1");
        assertThat(gaia("item", "link", "WEB-2", "follows", "WEB-1").err())
                .contains("kind is 'follows', expected one of");
        assertThat(gaia("item", "show", "WEB-9").err()).contains("there is no item WEB-9, expected one");
        assertThat(gaia("item", "list", "web", "--filter", "kind:bgu").err())
                .contains("q has kind:bgu, expected one of");
        assertThat(gaia("milestone", "create", "web", "Beta", "--target", "soon")
                        .err())
                .contains("target is 'soon', expected a day");
        assertThat(gaia("board", "web", "--as", "robot:x").err()).contains("actor is of kind 'robot', expected one of");
    }

    @Test
    void carriesProjectsInAndOut() throws IOException, SQLException {
        Path tasks = folder.resolve("tasks.json");
        Files.writeString(tasks, "{\"tasks\":[{\"id\":1,\"title\":\"=One\",\"status\":\"frozen\"}]}");
        Path report = folder.resolve("report.json");
        Files.writeString(report, "{\"complexityAnalysis\":[{\"taskId\":1,\"complexityScore\":9}]}");
        String[] command = {
            "project",
            "import",
            tasks.toString(),
            "--from",
            "task-master",
            "--into",
            "web",
            "--prefix",
            "web",
            "--stage",
            "frozen=review",
            "--complexity",
            report.toString()
        };
        List<String> dry = new ArrayList<>(List.of(command));
        dry.add("--dry-run");

        assertThat(gaia(dry.toArray(String[]::new)).out())
                .contains("project web (WEB) would be new: 1 items would be added");
        assertThat(gaia("project", "list").err()).contains("There is no project.");
        assertThat(gaia(command).out()).contains("project web (WEB) is new: 1 items were added");
        assertThat(gaia(command).out())
                .contains("project web (WEB) was there: 0 items were added, 0 changed, 1 the same");
        assertThat(gaia("board", "web").out()).contains("frozen (review): 1");

        Path archive = folder.resolve("web.zip");
        Path again = folder.resolve("again.zip");
        Path csv = folder.resolve("web.csv");
        assertThat(gaia("project", "export", "web", "--out", archive.toString()).out())
                .contains("project web is in");
        assertThat(gaia("project", "export", "web", "--out", archive.toString()).err())
                .contains("which exists");
        gaia("project", "export", "web", "--to", "csv", "--out", csv.toString());
        assertThat(csv).content().contains("WEB-1,feature,'=One,");
        SqliteStore.at(Files.createDirectory(folder.resolve("other")).resolve("architect.db"))
                .close();
        assertThat(GaiaRun.gaia(
                                "project",
                                "import",
                                archive.toString(),
                                "--from",
                                "architect",
                                "--data",
                                folder.resolve("other").toString())
                        .out())
                .contains("is new: 1 items were added");
        GaiaRun.gaia(
                "project",
                "export",
                "web",
                "--out",
                again.toString(),
                "--data",
                folder.resolve("other").toString());
        assertThat(again).hasSameBinaryContentAs(archive);
        assertThat(gaia("project", "import", csv.toString(), "--from", "github").err())
                .contains("JSON is broken");
        assertThat(gaia("project", "import", csv.toString(), "--from", "trello").err())
                .contains("format is 'trello', expected one of [vibe-kanban, task-master, github, architect]");
    }

    @Test
    void readsTheLocalFileOfVibeKanban() throws SQLException, IOException {
        Path file = folder.resolve("db.v2.sqlite");
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement sql = database.createStatement()) {
            sql.execute("CREATE TABLE projects (id BLOB PRIMARY KEY, name TEXT NOT NULL)");
            sql.execute("CREATE TABLE tasks (id BLOB PRIMARY KEY, project_id BLOB, title TEXT, description TEXT,"
                    + " status TEXT, created_at TEXT, updated_at TEXT)");
            sql.execute("CREATE TABLE tags (id BLOB PRIMARY KEY, tag_name TEXT)");
            sql.execute("INSERT INTO projects VALUES (x'000102030405060708090a0b0c0d0e0f', 'Shop')");
            sql.execute(
                    "INSERT INTO tasks VALUES (x'100102030405060708090a0b0c0d0e0f',"
                            + " x'000102030405060708090a0b0c0d0e0f', 'Login', NULL, 'inprogress', '2026-01-01 10:00:00', NULL)");
            sql.execute("INSERT INTO tags VALUES (x'200102030405060708090a0b0c0d0e0f', 'prompt')");
        }

        GaiaRun run = gaia("project", "import", file.toString(), "--from", "vibe-kanban");

        assertThat(run.out())
                .contains("project shop (SHO) is new: 1 items were added", "texts for prompts and no labels");
        assertThat(gaia("board", "shop").out()).contains("In progress (active): 1", "SHO-1");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 2_000));
        assertThat(gaia("project", "import", file.toString(), "--from", "vibe-kanban")
                        .err())
                .contains("SQLite file is broken");
    }
}
