package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.Architect;
import dev.architect.runtime.AccessToken;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskState;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole way of a person who has no mouse: set-up, a task, its cost, another one that is cancelled, and the way out. */
final class KeyboardRunTest {

    private static HeadlessBrowser browser;

    private final Architect architect = Architect.builder()
            .store(new InMemoryStore(TimeSource.system()))
            .router((providers, clock) -> new FakeRouter(TimeSource.system()))
            .build();
    private final ArchitectServer server = ArchitectServer.builder(architect, AccessToken.of(ServerFixture.SECRET))
            .port(0)
            .passwords(ServerFixture.HASHER)
            .start();

    @BeforeAll
    static void open() throws IOException {
        assumeTrue(HeadlessBrowser.find().isPresent(), "chromium is not on the PATH (system package: chromium)");
        browser = HeadlessBrowser.start();
        browser.show(1440, 1000, "light");
    }

    @AfterEach
    void closeServer() {
        server.close();
        architect.close();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    /** Types into the field that has the focus and those after it, and sends them. */
    private static void fill(String... texts) {
        for (int i = 0; i < texts.length; i++) {
            if (i > 0) {
                browser.press("Tab");
            }
            browser.type(texts[i]);
        }
        browser.press("Enter");
    }

    private static void submit(String prompt) {
        browser.press("c");
        browser.until("document.querySelector('dialog[open] textarea')");
        browser.tabTo("e.id == 'prompt'");
        browser.type(prompt);
        browser.press("Control+Enter");
        browser.until("document.getElementById('submit-answer').innerText.startsWith('Accepted as')");
        browser.press("Escape");
        browser.until("!document.querySelector('dialog')");
    }

    private static void find(String filter) {
        browser.press("g");
        browser.press("t");
        browser.until(
                "location.pathname == '/tasks' && document.getElementById('connection-words').innerText == 'Live'");
        browser.press("/");
        browser.until("document.activeElement.id == 'filter'");
        browser.type(filter);
        browser.press("Enter");
        browser.until("document.querySelectorAll('#rows tr').length == 1");
        browser.press("Escape");
        browser.press("j");
        browser.until("document.querySelector('#rows tr').contains(document.activeElement)");
    }

    @Test
    void everythingFromTheSetUpToTheLogoutIsDoneByKeys() {
        browser.open(server.url() + "/");
        browser.until("location.pathname == '/setup' && !document.querySelector('#setup button').disabled"
                + " && document.activeElement.id == 'token'");
        fill(ServerFixture.SECRET, "ada", ServerFixture.PASSWORD, ServerFixture.PASSWORD);
        browser.until("location.pathname == '/' && document.getElementById('connection-words').innerText == 'Live'");
        browser.press("Control+k");
        browser.until("document.activeElement.getAttribute('role') == 'combobox'");
        browser.type("Log out");
        browser.press("Enter");
        browser.until("location.pathname == '/login' && !document.querySelector('#person button').disabled"
                + " && document.activeElement.id == 'name'");
        fill("ada", ServerFixture.PASSWORD);
        browser.until("location.pathname == '/' && document.getElementById('connection-words').innerText == 'Live'");

        submit("Summarise the night shift");
        browser.until("document.getElementById('success-note').innerText.startsWith('1 done')");

        find("state:done");
        browser.press("Enter");
        browser.until("location.pathname.startsWith('/tasks/') && document.querySelector('#rail .figure')");
        assertThat(browser.text("#rail .figure")).startsWith("$0.0001235");

        submit("wait");
        find("state:running");
        browser.press("x");
        browser.until("document.getElementById('bulk').innerText.includes('1 selected')");
        browser.tabTo("e.closest('#bulk') && e.innerText.startsWith('Cancel')");
        browser.press("Enter");
        browser.until("document.querySelector('.toast button')?.innerText.startsWith('Undo')");
        browser.until("document.querySelector('.toast').innerText.includes('1 task cancelled')");
        assertThat(architect.tasks().list(TaskQuery.newest(1)).get(0).state()).isEqualTo(TaskState.CANCELLED);

        browser.press("Control+k");
        browser.until("document.activeElement.getAttribute('role') == 'combobox'");
        browser.type("Log out");
        browser.press("Enter");
        browser.until("location.pathname == '/login'");
        assertThat(browser.problems()).isEmpty();
    }
}
