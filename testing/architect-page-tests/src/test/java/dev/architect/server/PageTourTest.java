package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.budget.Budget;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetScope;
import dev.architect.cost.Money;
import dev.architect.recurring.ScheduleRequest;
import dev.architect.route.BreakerState;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What holds for every page, over one server and in one browser: it can be used by everybody in both colour schemes, fits, loads nothing from
 * elsewhere and works by keyboard and under a path. Screenshots are written to {@code target/pages}.
 */
final class PageTourTest {

    private static final Path SCREENSHOTS = Path.of("target", "pages");
    private static final int MAX_SCRIPT_BYTES = 200 * 1024;

    /** Each page, with what it shows once it is complete. */
    private static final List<Stop> STOPS = List.of(
            new Stop(
                    "overview",
                    "/",
                    "document.querySelectorAll('#latest tr').length == 8 && document.querySelector('.bars .part')"),
            new Stop("tasks", "/tasks", "document.querySelectorAll('#rows tr').length > 20"),
            new Stop("tasks-dead", "/tasks?q=state:dead", "document.querySelectorAll('#causes li').length == 2"),
            new Stop("tasks-none", "/tasks?q=project:nowhere", "!document.getElementById('empty').hidden"),
            new Stop("llm-metrics", "/llm-metrics?then=model", "document.querySelectorAll('#rows tr').length == 4"),
            new Stop("providers", "/providers?name=ollama", "document.querySelectorAll('#models tr').length == 1"),
            new Stop(
                    "sessions",
                    "/sessions",
                    "document.querySelector('#sessions tr') && document.querySelector('#steps li')"),
            new Stop("schedules", "/schedules", "document.querySelectorAll('#rows tr').length == 2"),
            new Stop("queues", "/queues", "document.querySelector('#queues tr')"),
            new Stop(
                    "cluster",
                    "/cluster",
                    "document.querySelector('#nodes tr') && document.querySelector('#events li')"),
            new Stop("activity", "/activity", "document.querySelectorAll('#activity li').length > 3"),
            new Stop("playground", "/playground", "document.querySelectorAll('#model-right option').length == 3"),
            new Stop(
                    "settings",
                    "/settings",
                    "document.querySelector('#budgets tr') && document.querySelector('#about dd')"),
            new Stop("projects", "/projects", "document.querySelector('#projects a')"),
            new Stop("board", "/p/web/board", "document.querySelectorAll('.board-card').length == 5"),
            new Stop("item", "/p/web/i/WEB-1", "document.querySelector('#item-body div')"),
            new Stop("milestones", "/p/web/milestones", "document.querySelectorAll('#milestones tr').length == 2"),
            new Stop(
                    "rules",
                    "/rules",
                    "document.querySelectorAll('#rules tr').length == 1 && document.querySelector('#proposals-card .empty')"));

    private static HeadlessBrowser browser;
    private static ServerFixture fixture;
    private static TaskId failedOver;
    private static String milestone;

    /** A page, and when it is complete. */
    private record Stop(String name, String path, String complete) {}

    @BeforeAll
    static void open() throws IOException {
        assumeTrue(HeadlessBrowser.find().isPresent(), "chromium is not on the PATH (system package: chromium)");
        browser = HeadlessBrowser.start();
        fixture = new ServerFixture();
        for (int i = 0; i < 16; i++) {
            fixture.submit("Summarise ticket #4821" + i + " for the night shift");
        }
        for (int i = 0; i < 3; i++) {
            fixture.await(fixture.submit("refuse"));
        }
        fixture.await(fixture.submit("be refused"));
        failedOver = fixture.submit("fail over");
        fixture.await(failedOver);
        fixture.submitJson("{\"prompt\":\"Sum up the day\",\"delay\":\"1h\",\"project\":\"web\"}");
        fixture.submit("wait");
        fixture.router.breaker(BreakerState.HALF_OPEN);
        TaskRequest request = TaskRequest.of("prompt", "{\"prompt\":\"x\"}");
        fixture.architect.schedules().save(ScheduleRequest.every("pulse", Duration.ofHours(2), request));
        fixture.post(
                "/api/schedules",
                "{\"name\":\"nightly\",\"cron\":\"0 3 * * *\",\"zone\":\"UTC\",\"task\":{\"prompt\":\"x\"}}");
        fixture.post("/api/projects", "{\"key\":\"web\",\"prefix\":\"WEB\",\"title\":\"Web console\"}");
        for (String item : List.of(
                "{\"title\":\"Rate-limit the login by account\",\"body\":\"Not by address.\",\"priority\":7,"
                        + "\"assignees\":[\"agent:coder\",\"person:ada\"],\"due\":\"2027-01-31\"}",
                "{\"title\":\"Cookie is Secure behind a proxy\",\"kind\":\"bug\",\"severity\":\"major\",\"column\":\"In progress\"}",
                "{\"title\":\"Backups are verified each night\",\"kind\":\"chore\",\"column\":\"To do\","
                        + "\"blocked\":{\"reason\":\"external\"}}")) {
            fixture.post("/api/projects/web/items", item);
        }
        fixture.post("/api/projects/web/milestones", "{\"title\":\"Beta\"}");
        milestone = fixture.json(fixture.post(
                        "/api/projects/web/milestones",
                        "{\"title\":\"0.3\",\"description\":\"What the first users get.\",\"target\":\"2031-01-31\"}"))
                .get("id")
                .textValue();
        fixture.post(
                "/api/projects/web/items",
                "{\"title\":\"Log in\",\"column\":\"Done\",\"milestone\":\"" + milestone + "\"}");
        fixture.post(
                "/api/projects/web/items",
                "{\"title\":\"Log out\",\"column\":\"To do\",\"milestone\":\"" + milestone + "\"}");
        fixture.postAsPerson(
                "/api/approval-rules",
                "{\"rule\":{\"id\":\"no-delete\",\"decision\":\"deny\",\"run\":[\"rm\"],\"hasOption\":[\"-r\"]}}");
        fixture.architect
                .budgets()
                .set(new Budget("daily", BudgetScope.ALL, BudgetPeriod.DAY, Money.ofUsd("6"), BudgetMode.SOFT));
    }

    @BeforeEach
    void login() {
        browser.clearProblems();
        browser.show(1440, 1000, "light");
        browser.open(fixture.server.url() + "/login#token=" + ServerFixture.SECRET);
        browser.until("location.pathname == '/' && document.getElementById('connection-words').innerText == 'Live'");
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
        if (fixture != null) {
            fixture.close();
        }
    }

    private static Stream<Stop> stops() {
        return Stream.concat(
                STOPS.stream(),
                Stream.of(
                        new Stop(
                                "milestone",
                                "/p/web/milestones/" + milestone,
                                "document.querySelector('.burnup .scope-line') && document.querySelectorAll('#open-items li').length == 1"),
                        new Stop(
                                "task",
                                "/tasks/" + failedOver,
                                "document.querySelectorAll('.spans tbody tr').length == 4")));
    }

    private static void visit(Stop stop) {
        browser.open(fixture.server.url() + stop.path());
        browser.until("document.body?.dataset.page && location.pathname + location.search == '" + stop.path() + "' && ("
                + stop.complete() + ") && document.getElementById('connection-words').innerText == 'Live'");
    }

    @ParameterizedTest
    @CsvSource({"light, 1440", "dark, 390"})
    void everyPageIsAccessibleAndFits(String scheme, int width) throws IOException {
        visitAll(scheme, width);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"light, 390", "dark, 1440"})
    void everyPageIsAccessibleAndFitsInTheOtherWays(String scheme, int width) throws IOException {
        visitAll(scheme, width);
    }

    private static void visitAll(String scheme, int width) throws IOException {
        List<String> faults = new ArrayList<>();
        browser.show(width, 900, scheme);
        for (Stop stop : stops().toList()) {
            visit(stop);
            String name = stop.name() + "-" + scheme + "-" + width;
            browser.screenshot(SCREENSHOTS.resolve(name + ".png"));
            String violations = browser.accessibilityViolations();
            if (!violations.isEmpty()) {
                faults.add(name + ": " + violations);
            }
            int wide = browser.evaluate("document.documentElement.scrollWidth").asInt();
            if (wide > width) {
                faults.add(name + " is " + wide + " wide");
            }
        }
        assertThat(faults).isEmpty();
        assertThat(browser.problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"light, 1440", "dark, 390"})
    void whatOpensOverAPageIsAccessibleAndFits(String scheme, int width) throws IOException {
        browser.show(width, 900, scheme);
        visit(STOPS.get(2));
        for (String keys : List.of("c", "?", "jx ")) {
            for (char key : keys.toCharArray()) {
                browser.press(String.valueOf(key));
            }
            browser.until("document.querySelector('dialog[open]')"
                    + " || document.querySelector('#peek dl') && !document.getElementById('bulk').hidden");
            browser.screenshot(
                    SCREENSHOTS.resolve("opened-" + (int) keys.charAt(0) + "-" + scheme + "-" + width + ".png"));
            assertThat(browser.accessibilityViolations()).as(keys).isEmpty();
            assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                    .as(keys)
                    .isLessThanOrEqualTo(width);
            browser.evaluate("document.querySelector('dialog')?.close()");
            browser.until("!document.querySelector('dialog')");
        }
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void noRequestLeavesTheOriginAndScriptsAreSmall() {
        for (Stop stop : stops().toList()) {
            visit(stop);
            assertThat(browser.evaluate("performance.getEntriesByType('resource').map(e => new URL(e.name))"
                                    + ".filter(u => u.host != location.host).map(String).join(' ')")
                            .asText())
                    .as(stop.name())
                    .isEmpty();
            int bytes = 0;
            for (JsonNode script :
                    browser.evaluate("performance.getEntriesByType('resource').map(e => new URL(e.name).pathname)"
                            + ".filter(path => path.endsWith('.js'))")) {
                bytes += fixture.get(script.textValue()).body().getBytes(StandardCharsets.UTF_8).length;
            }
            assertThat(bytes).as("bytes of the scripts of " + stop.name()).isBetween(1, MAX_SCRIPT_BYTES);
        }
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void nothingShiftsWhileFiguresChange() {
        visit(STOPS.get(0));
        browser.evaluate("""
                (() => {
                  window.shifts = 0;
                  new PerformanceObserver(list => list.getEntries().forEach(e => { window.shifts += e.value; }))
                    .observe({type: 'layout-shift', buffered: false});
                })()""");
        int before = fixture.getJson("/api/tasks/counts").get("done").asInt();
        for (int i = 0; i < 20; i++) {
            fixture.await(fixture.submit("Another one, number " + i));
        }

        browser.until("document.getElementById('success-note').innerText.startsWith('" + (before + 20) + " done')");
        assertThat(browser.evaluate("window.shifts").asDouble()).isLessThanOrEqualTo(0.02);
        assertThat(browser.text("#cost"))
                .isEqualTo(browser.evaluate("fetch('/api/llm-metrics/summary?period=today').then(a => a.json())"
                                + ".then(async found => (await import('/page/format.js')).usd(found.costUsd))")
                        .textValue());
    }

    @Test
    void theFirstScreenNamesSpendSavingTheSickProviderAndTheFirstDuty() {
        visit(STOPS.get(0));
        browser.until("document.querySelector('#needs li')");

        assertThat(browser.evaluate(
                                "['#cost', '#saving', '#providers [data-provider=ollama] .badge', '#needs li']"
                                        + ".filter(each => document.querySelector(each).getBoundingClientRect().bottom > 900).join(' ')")
                        .asText())
                .isEmpty();
        assertThat(browser.text("#saving-note")).contains("same-token estimate, not measured");
    }

    @Test
    void deadTasksAreFoundAndRetriedByKeyboardAndCanBeTakenBack() {
        TaskId dead = fixture.submitJson("{\"prompt\":\"refuse it\",\"project\":\"keyboard\",\"maxAttempts\":1}");
        fixture.await(dead);
        browser.press("g");
        browser.press("t");
        browser.until("location.pathname == '/tasks' && document.querySelector('#rows tr')");
        browser.press("/");
        browser.until("document.activeElement.id == 'filter'");
        browser.type("state:daed");
        browser.press("Enter");
        browser.until("document.getElementById('filter-fault').innerText.includes('Did you mean “dead”?')");
        assertThat(browser.evaluate("location.search").textValue()).isEmpty();
        browser.evaluate("document.getElementById('filter').value = ''");
        browser.type("state:dead project:keyboard");
        browser.press("Enter");
        browser.until("document.querySelectorAll('#rows tr').length == 1"
                + " && document.querySelector('#rows tr').innerText.includes('invalid request, ollama')");
        browser.press("Escape");
        browser.press("j");
        browser.press(" ");
        browser.until("document.getElementById('peek').innerText.includes('invalid request')"
                + " || document.getElementById('peek').innerText.includes('INVALID_REQUEST')");
        assertThat(browser.evaluate("location.search").textValue()).contains("peek=" + dead);
        browser.press("Escape");
        browser.until("document.getElementById('peek').hidden");
        browser.press("x");
        browser.until("document.getElementById('bulk').innerText.includes('1 selected')");
        browser.press("r");
        browser.until("document.querySelector('.toast button')?.innerText.startsWith('Undo')");
        browser.click(".toast button");
        browser.until("document.querySelector('.toast').innerText.includes('Nothing was changed')");
        assertThat(fixture.architect.tasks().find(dead).orElseThrow().state()).isEqualTo(TaskState.DEAD);

        browser.press("r");
        browser.until(
                "[...document.querySelectorAll('.toast')].some(each => each.innerText.includes('1 task retried'))");
        assertThat(fixture.architect.tasks().attempts(dead)).hasSizeGreaterThan(1);
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void thePaletteAndTheHelpOpenByKeyAndLeadOn() {
        visit(STOPS.get(0));
        browser.press("?");
        browser.until("document.querySelector('dialog.help[open]')?.innerText.includes('Fold or unfold the sidebar')");
        browser.evaluate("document.querySelector('dialog').close()");
        browser.press("Control+k");
        browser.until("document.activeElement.getAttribute('role') == 'combobox'");
        browser.type("clus");
        browser.until("document.querySelectorAll('.palette li').length == 1");
        browser.press("Enter");
        browser.until("location.pathname == '/cluster' && document.querySelector('#nodes tr')");

        browser.press("[");
        browser.until("document.querySelector('.side').clientWidth < 60");
        browser.press("[");
        browser.until("document.querySelector('.side').clientWidth > 200");
        browser.press("Tab");
        browser.until("document.activeElement.classList.contains('skip') || document.activeElement.tagName == 'A'");
    }

    @Test
    void thePlaygroundShowsTheRouteAndTwoAnswersAsText() {
        visit(STOPS.get(11));
        browser.type("#play-prompt", "say <b>hello</b>");
        browser.until("document.querySelectorAll('#route tr').length == 2");
        assertThat(browser.text("#route tr:first-child")).contains("ollama/llama3.1", "chosen", "$0.0010");
        browser.press("Control+Enter");

        browser.until("!document.getElementById('votes').hidden");
        assertThat(browser.text("#pane-left")).contains("SAY <B>HELLO</B>", "→ llama3.1", "ended by itself");
        assertThat(browser.text("#pane-right")).contains("SAY <B>HELLO</B>");
        assertThat(browser.evaluate("document.querySelectorAll('.answer b').length")
                        .asInt())
                .isZero();
        browser.click("#votes button:first-of-type");
        browser.until("document.querySelector('.toast')?.innerText.includes('vote is kept')");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void theSumOfTheSpansIsTheCostOfTheTask() {
        visit(stops().reduce((first, second) -> second).orElseThrow());

        assertThat(browser.text(".spans"))
                .contains("Waited for a slot", "Attempt 1", "llama3.1", "overloaded", "claude-sonnet");
        assertThat(browser.text(".spans tfoot")).contains("$0.0060");
        assertThat(browser.text("#rail .figure")).startsWith("$0.0060").endsWith("exact");
        browser.press("3");
        browser.until("document.getElementById('task-body').innerText.includes('Session llm-')");
        assertThat(browser.evaluate("location.hash").textValue()).isEqualTo("#why-here");
    }

    @Test
    void thePagesWorkUnderAPath() throws IOException {
        try (PrefixProxy proxy = new PrefixProxy(URI.create(fixture.server.url()), "/some/path")) {
            for (Stop stop : stops().toList()) {
                browser.open(proxy.url() + stop.path());
                browser.until("document.body?.dataset.page && (" + stop.complete() + ")");
                assertThat(browser.evaluate(
                                        "performance.getEntriesByType('resource').map(e => new URL(e.name).pathname)"
                                                + ".filter(path => !path.startsWith('/some/path/')).join(' ')")
                                .asText())
                        .as(stop.name())
                        .isEmpty();
            }
            browser.click(".side a[data-go=t]");
            browser.until("location.pathname == '/some/path/tasks'");
        }
    }

    @Test
    void whatFailsIsSaidWithTheNumberOfTheRequest() {
        visit(STOPS.get(1));
        browser.evaluate("""
                (() => {
                  const send = window.sendReally = window.fetch;
                  window.fetch = (url, more) => String(url).includes('/api/tasks?')
                    ? Promise.resolve(new Response(JSON.stringify({detail: 'the store is busy', instance: '7f31'}), {status: 503}))
                    : send(url, more);
                })()""");
        browser.click(".tabs [data-state=done]");
        browser.until(
                "document.querySelector('.failed')?.innerText.includes('Could not load the tasks (503, req 7f31)')");
        browser.screenshot(SCREENSHOTS.resolve("tasks-error-light-1440.png"));

        browser.evaluate("window.fetch = window.sendReally; 0");
        browser.click(".failed button");
        browser.until("!document.querySelector('.failed') && document.querySelectorAll('#rows tr').length > 5");
    }
}
