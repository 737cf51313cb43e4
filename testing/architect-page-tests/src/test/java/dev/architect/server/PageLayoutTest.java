package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.event.ActivityEntry;
import dev.architect.route.BreakerState;
import dev.architect.task.TaskId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Narrow windows, forced colours, rows of tasks and the filter of the activity, in a real browser. */
final class PageLayoutTest {

    private static final Path SCREENSHOTS = Path.of("target", "pages");

    /** Elements whose content goes on beyond an edge of theirs without a shadow or dots that show it. */
    private static final String CUT_OFF = """
            [...document.querySelectorAll('body *')].filter(e => {
              const style = getComputedStyle(e);
              if (e.matches('.visually-hidden, .skip, input, textarea, select, svg *, .cards thead, .cards thead *')
                  || e.clientWidth === 0 || style.visibility === 'hidden') {
                return false;
              }
              const hints = style.backgroundAttachment.includes('local') || style.maskImage !== 'none';
              const wide = e.scrollWidth > e.clientWidth + 1 && style.overflowX !== 'visible' && style.textOverflow !== 'ellipsis';
              const high = e.scrollHeight > e.clientHeight + 1 && style.overflowY !== 'visible' && e.tagName !== 'DIALOG';
              const box = e.getBoundingClientRect();
              const scroller = e.closest('.scroll, .tabs, .segments');
              const scrolls = scroller !== null && scroller !== e && getComputedStyle(scroller).overflowX !== 'visible';
              const outside = box.width > 0 && (box.right > innerWidth + 1 || box.left < -1) && !scrolls;
              return ((wide || high) && !hints) || outside;
            }).map(e => `${e.tagName}#${e.id}.${e.className}`).join(' ')""";

    private static HeadlessBrowser browser;

    private final ServerFixture fixture = new ServerFixture();

    @BeforeAll
    static void open() throws IOException {
        assumeTrue(HeadlessBrowser.find().isPresent(), "chromium is not on the PATH (system package: chromium)");
        browser = HeadlessBrowser.start();
    }

    @BeforeEach
    void forget() {
        browser.clearProblems();
        browser.show(1440, 1000, "light");
    }

    @AfterEach
    void closeServer() {
        fixture.close();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    private void login() {
        browser.open(fixture.server.url() + "/login#token=" + ServerFixture.SECRET);
        browser.until("location.pathname == '/' && document.getElementById('connection-words').innerText == 'Live'");
    }

    private TaskId submitSomeTasks() {
        for (int i = 0; i < 20; i++) {
            fixture.submit(
                    i % 4 == 0
                            ? "fail over"
                            : "Summarise the quarterly report number " + i
                                    + " for people who have never read one before and do not want to");
        }
        TaskId last = fixture.submit("refuse");
        fixture.await(last);
        fixture.router.breaker(BreakerState.OPEN);
        return last;
    }

    @Test
    void nothingIsCutOffAtTheWidthOfAPhone() {
        TaskId failed = submitSomeTasks();
        browser.show(390, 844, "light");
        login();
        browser.until("document.querySelectorAll('#latest tr').length == 8 && document.querySelector('#activity li')");
        browser.screenshot(SCREENSHOTS.resolve("phone-overview.png"));
        assertThat(browser.evaluate(CUT_OFF).asText()).as("overview").isEmpty();

        browser.click("#new-task");
        browser.until("document.querySelector('dialog[open] #prompt')");
        assertThat(browser.evaluate(CUT_OFF).asText()).as("form of a task").isEmpty();

        browser.open(fixture.server.url() + "/tasks");
        browser.until("document.querySelectorAll('#rows tr').length == 21");
        assertThat(browser.evaluate(CUT_OFF).asText()).as("tasks").isEmpty();

        browser.open(fixture.server.url() + "/tasks/" + failed);
        browser.until("document.querySelectorAll('#task-body table').length > 0");
        browser.screenshot(SCREENSHOTS.resolve("phone-task.png"));
        assertThat(browser.evaluate(CUT_OFF).asText()).as("page of a task").isEmpty();

        browser.open(fixture.server.url() + "/llm-metrics");
        browser.until("document.querySelectorAll('#rows tr').length == 2");
        browser.screenshot(SCREENSHOTS.resolve("phone-llm-metrics.png"));
        assertThat(browser.evaluate(CUT_OFF).asText()).as("llm-metrics").isEmpty();
        assertThat(browser.evaluate("[...document.querySelectorAll('#rows [data-provider=claude] td')]"
                                + ".map(cell => getComputedStyle(cell, '::before').content).join(' ')")
                        .asText())
                .contains("\"Failed\"", "\"Input\"");
    }

    @Test
    void whatScrollsInsideAWiderPageShowsThatItGoesOn() {
        submitSomeTasks();
        browser.show(800, 900, "light");
        login();
        browser.open(fixture.server.url() + "/llm-metrics?then=model");
        browser.until("document.querySelectorAll('#rows tr').length == 4");

        assertThat(browser.evaluate(CUT_OFF).asText()).isEmpty();
        assertThat(browser.evaluate(
                                "[...document.querySelectorAll('.scroll')].some(e => e.scrollWidth > e.clientWidth)")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void barsAndStatesStayVisibleInForcedColours() {
        submitSomeTasks();
        for (String scheme : List.of("light", "dark")) {
            browser.show(1440, 1000, scheme, true);
            login();
            browser.until("document.querySelectorAll('.bars .part').length >= 2");
            assertThat(browser.evaluate("matchMedia('(forced-colors: active)').matches")
                            .asBoolean())
                    .isTrue();
            browser.screenshot(SCREENSHOTS.resolve("forced-colours-overview-" + scheme + ".png"));

            assertThat(browser.evaluate("[...document.querySelectorAll('.bars .part')]"
                                    + ".every(e => getComputedStyle(e).stroke != 'none')")
                            .asBoolean())
                    .as("parts of the bars have an outline")
                    .isTrue();
            assertThat(distinct("#calls .swatch"))
                    .as("answered and failed calls")
                    .isTrue();
            assertThat(invisible(".swatch", null)).as("swatches").isEmpty();
            assertThat(invisible("#saving-cell .bar", "::before"))
                    .as("bar of the spend")
                    .isEmpty();
            assertThat(invisible("#connection .dot", null)).isEmpty();
            assertThat(browser.evaluate("[...document.querySelectorAll('.bar, .badge, .swatch')].filter(e => "
                                    + "parseFloat(getComputedStyle(e).borderTopWidth) < 1).length")
                            .asInt())
                    .as("without an outline")
                    .isZero();

            browser.open(fixture.server.url() + "/llm-metrics");
            browser.until("document.querySelectorAll('#rows tr').length == 2");
            browser.screenshot(SCREENSHOTS.resolve("forced-colours-llm-metrics-" + scheme + ".png"));
            assertThat(invisible(".versus .bar", "::before")).isEmpty();
            assertThat(distinct("#rows .swatch")).isTrue();
            browser.evaluate("fetch('/logout', {method: 'POST'})");
            // The page leaves by itself, and would take the browser with it.
            browser.until("location.pathname == '/login'");
        }
    }

    /** The elements that are painted like the page behind them. */
    private static String invisible(String selector, String pseudo) {
        return browser.evaluate("""
                (() => {
                  const page = getComputedStyle(document.documentElement).backgroundColor;
                  const found = [...document.querySelectorAll(`%s`)];
                  if (found.length === 0) { return 'none found'; }
                  return found.filter(e => {
                    const style = getComputedStyle(e, %s);
                    const outlined = parseFloat(getComputedStyle(e).borderTopWidth) >= 1;
                    const filled = style.backgroundImage !== 'none'
                        || (style.backgroundColor !== page && style.backgroundColor !== 'rgba(0, 0, 0, 0)');
                    return !filled && !outlined;
                  }).map(e => e.outerHTML).join(' ');
                })()""".formatted(selector, pseudo == null ? "null" : "'" + pseudo + "'"))
                .asText();
    }

    /** Whether no two elements are painted alike. */
    private static boolean distinct(String selector) {
        return browser.evaluate("""
                (() => {
                  const looks = [...document.querySelectorAll(`%s`)].map(e => {
                    const style = getComputedStyle(e);
                    return style.backgroundImage + style.backgroundColor;
                  });
                  return looks.length > 1 && new Set(looks).size === looks.length;
                })()""".formatted(selector)).asBoolean();
    }

    @Test
    void rowsShowTheFirstWordsOfThePromptAndLinkToTheTask() {
        TaskId task = fixture.submit("Summarise <b>the</b> quarterly report for people who have never read one before, "
                + "and keep it short enough for one page");
        fixture.await(task);
        login();
        browser.until("document.querySelector('#latest a')");

        assertThat(browser.text("#latest a"))
                .isEqualTo("Summarise <b>the</b> quarterly report for people who have never read one…");
        assertThat(browser.evaluate("document.querySelector('#latest a').pathname")
                        .textValue())
                .isEqualTo("/tasks/" + task);
        browser.click("#latest a");
        browser.until("location.pathname == '/tasks/" + task + "' && document.querySelector('#task-body .spans')"
                + " && document.getElementById('connection-words').innerText == 'Live'");
        browser.screenshot(SCREENSHOTS.resolve("task-page.png"));
        assertThat(browser.text("h1")).contains("Summarise <b>the</b> quarterly report");
        browser.click("#tab-1");
        assertThat(browser.text("#task-body")).contains("keep it short enough for one page");
        browser.click("#tab-3");
        assertThat(browser.text("#task-body")).contains("Attempts", "Calls", "succeeded", "answered");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void aLinkToATaskLeadsThroughTheLogin() {
        TaskId task = fixture.submit("hello");
        fixture.await(task);

        browser.open(fixture.server.url() + "/tasks/" + task);
        browser.until("location.pathname == '/login' && !document.querySelector('#login button').disabled");
        browser.type("#token", ServerFixture.SECRET);
        browser.click("#login button");

        browser.until("location.pathname == '/tasks/" + task + "' && document.querySelector('#task-body pre')");
    }

    @Test
    void activityIsFilteredByKind() {
        submitSomeTasks();
        login();
        browser.open(fixture.server.url() + "/activity");
        browser.until("document.getElementById('activity').innerText.includes('Breaker of ollama')");
        browser.until("document.getElementById('activity').innerText.includes('From ollama/llama3.1 to claude')");
        assertThat(StreamSupport.stream(
                                browser.evaluate(
                                                "[...document.querySelectorAll('#activity-kind option')].map(o => o.value)")
                                        .spliterator(),
                                false)
                        .map(kind -> kind.textValue())
                        .filter(kind -> !kind.isEmpty()))
                .containsExactlyElementsOf(ActivityEntry.KINDS);

        browser.evaluate("document.getElementById('activity-kind').value = 'breaker-changed';"
                + "document.getElementById('activity-kind').dispatchEvent(new Event('change'))");

        browser.until("document.querySelectorAll('#activity li').length == 1");
        assertThat(browser.text("#activity")).contains("Breaker of ollama/llama3.1 is OPEN.");
        fixture.await(fixture.submit("refuse"));
        browser.until("document.querySelectorAll('#activity li').length == 2");
        browser.evaluate("document.getElementById('activity-kind').value = 'node-left';"
                + "document.getElementById('activity-kind').dispatchEvent(new Event('change'))");
        browser.until("document.getElementById('activity-empty').innerText.includes('node left')");
    }
}
