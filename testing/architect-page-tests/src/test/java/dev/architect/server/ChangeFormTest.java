package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.lane.LaneScope;
import dev.architect.lane.LaneSettings;
import dev.architect.task.PoolLimits;
import dev.architect.task.Priority;
import dev.architect.task.TaskId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Forms that change queues, session pools, settings and tasks, in a real browser. */
final class ChangeFormTest {

    private static final Path SCREENSHOTS = Path.of("target", "pages");
    private static final LaneScope DEFAULT = LaneScope.of("default");

    private static HeadlessBrowser browser;

    private final ServerFixture fixture = new ServerFixture();

    @BeforeAll
    static void open() throws IOException {
        assumeTrue(HeadlessBrowser.find().isPresent(), "chromium is not on the PATH (system package: chromium)");
        browser = HeadlessBrowser.start();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void logIn() {
        browser.show(1280, 900, "light");
        browser.open(fixture.server.url() + "/login");
        browser.until("!document.querySelector('#person button').disabled");
        browser.type("#name", ServerFixture.USER);
        browser.type("#password", ServerFixture.PASSWORD);
        browser.pressEnter();
        browser.until("location.pathname == '/'");
    }

    @AfterEach
    void closeServer() {
        fixture.close();
    }

    private void visit(String path, String complete) {
        browser.open(fixture.server.url() + path);
        browser.until(complete);
    }

    /** Types into a field of the open form in place of what stands there. */
    private static void fill(String name, String text) {
        browser.evaluate("document.querySelector('#change-" + name + "').value = ''");
        browser.type("#change-" + name, text);
    }

    private static void assertAccessible() throws IOException {
        assertThat(browser.accessibilityViolations()).isEmpty();
    }

    @Test
    void aQueueIsEditedDrainedAndResumed() throws Exception {
        visit("/queues", "document.querySelector('#queues [aria-label=\"Edit default\"]:not([hidden])')");

        browser.click("[aria-label=\"Edit default\"]");
        browser.until("document.querySelector('#change-weight')");
        assertAccessible();
        browser.screenshot(SCREENSHOTS.resolve("queue-edit.png"));
        fill("weight", "3");
        fill("rate", "90/m");
        // Somebody else is faster.
        fixture.architect.queues().save(LaneSettings.of(DEFAULT).withMaxWaiting(9));
        browser.pressEnter();
        browser.until("document.querySelector('#change-problem')?.innerText.includes('Somebody else')");
        browser.pressEnter();
        browser.until("!document.querySelector('dialog')");

        assertThat(fixture.architect.queues().settings(DEFAULT).weight()).isEqualTo(3);
        assertThat(fixture.architect.queues().settings(DEFAULT).maxWaiting()).contains(9);
        browser.until("document.querySelector('#queues').innerText.includes('90/m')");
        browser.click("[aria-label=\"Drain default\"]");
        browser.until("document.querySelector('#queues tr').innerText.includes('draining')");
        assertThat(fixture.architect.queues().settings(DEFAULT).isDraining()).isTrue();
        browser.click("#queues td.actions button");
        browser.until("document.querySelector('#queues tr').innerText.includes('open')");
        browser.show(390, 800, "dark");
        assertAccessible();
        browser.screenshot(SCREENSHOTS.resolve("queue-phone-dark.png"));
    }

    @Test
    void limitsOfAPoolAreSet() throws Exception {
        visit("/sessions", "document.querySelector('#pools [aria-label=\"Limits of llm\"]:not([hidden])')");
        assertThat(browser.text("#pools tr")).contains("2, 10").contains("128");

        browser.click("[aria-label=\"Limits of llm\"]");
        browser.until("document.querySelector('#change-maxSessions')");
        assertAccessible();
        fill("minSessions", "12");
        browser.pressEnter();
        browser.until("document.querySelector('#change-problem').innerText.includes('expected at most maxSessions')");
        fill("minSessions", "3");
        browser.pressEnter();

        browser.until("document.querySelector('#pools').innerText.includes('3, 10')");
        assertThat(fixture.architect.sessions().poolSettings("llm").minSessions())
                .contains(3);
        browser.until("document.querySelectorAll('#sessions tr').length == 3");
        assertThat(fixture.architect.sessions().limits("llm")).contains(new PoolLimits(3, 10, 128));
    }

    @Test
    void settingsOfAllNodesAreShownAndSet() throws Exception {
        visit("/settings", "document.querySelector('#engine tr')");
        browser.until("!document.querySelector('#engine-card .title button').hidden");
        assertThat(browser.text("#engine"))
                .contains("retentionDone")
                .contains("7d")
                .contains("standard");
        assertAccessible();
        browser.screenshot(SCREENSHOTS.resolve("settings-engine.png"));

        browser.click("#engine-card .title button");
        browser.until("document.querySelector('#change-retentionDone')");
        assertAccessible();
        fill("retentionDone", "never");
        browser.pressEnter();
        browser.until("document.querySelector('#change-problem').innerText.includes('expected a duration')");
        fill("retentionDone", "72h");
        browser.pressEnter();

        browser.until("document.querySelector('#engine tr').innerText.includes('set here, else 7d')");
        assertThat(browser.text("#engine tr")).contains("3d");
        assertThat(fixture.architect.settings().current().retention().done()).isEqualTo(Duration.ofDays(3));
    }

    @Test
    void aTaskThatWaitsIsChanged() throws Exception {
        TaskId id = fixture.submitJson("{\"prompt\":\"hello\",\"delay\":\"1h\"}");
        visit("/tasks/" + id, "document.querySelector('#tools [data-action=change]')");

        browser.click("#tools [data-action=change]");
        browser.until("document.querySelector('#change-priority')");
        assertAccessible();
        fill("priority", "1");
        browser.pressEnter();
        browser.until("!document.querySelector('dialog')");

        assertThat(fixture.architect.tasks().find(id).orElseThrow().request().priority())
                .isEqualTo(new Priority(1));
    }
}
