package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.store.sqlite.SqliteStore;
import java.nio.file.Path;
import java.util.ArrayList;
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
}
