package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.route.BreakerState;
import dev.architect.route.GoneModel;
import dev.architect.spi.TaskContext;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.task.NeedsInputException;
import dev.architect.task.TaskId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages in a real browser. Screenshots are written to {@code target/pages}. */
final class DashboardPageTest {

    private static final Path SCREENSHOTS = Path.of("target", "pages");

    private static HeadlessBrowser browser;

    private final ServerFixture fixture = new ServerFixture(TimeSource.system(), new AskingWorker());

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
        browser.open(fixture.server.url() + "/");
        browser.until("location.pathname == '/login' && !document.querySelector('#login button').disabled");
        browser.type("#token", ServerFixture.SECRET);
        browser.click("#login button");
        browser.until("location.pathname == '/' && document.getElementById('connection-words').innerText == 'Live'");
    }

    @Test
    void showsThatATokenIsWrongAndAcceptsTheRightOne() {
        browser.open(fixture.server.url() + "/login");
        browser.until("!document.querySelector('#login button').disabled");
        browser.type("#token", "not the token");
        browser.click("#login button");
        browser.until("document.getElementById('problem').innerText == 'That is not the token of this server.'");
        browser.screenshot(SCREENSHOTS.resolve("login.png"));

        browser.evaluate("document.getElementById('token').value = ''");
        browser.type("#token", ServerFixture.SECRET);
        browser.click("#login button");

        browser.until("location.pathname == '/'");
    }

    @Test
    void aLinkWithTheTokenLogsInAndDropsIt() {
        browser.open(fixture.server.url() + "/login#token=" + ServerFixture.SECRET);

        browser.until("location.pathname == '/' && document.getElementById('connection-words').innerText == 'Live'");
        assertThat(browser.evaluate("location.href").asText()).doesNotContain("token");
    }

    @Test
    void aLinkWithACodeLogsInOnceAndStillOpensInTheSameBrowser() {
        String link = fixture.server.newLoginLink();
        browser.open(link);
        browser.until("location.pathname == '/' && document.getElementById('connection-words').innerText == 'Live'");
        assertThat(browser.evaluate("location.href").asText()).doesNotContain("code");

        browser.open(link);
        browser.until("location.pathname == '/' && document.getElementById('connection-words').innerText == 'Live'");

        browser.evaluate("fetch('/logout', {method: 'POST'})");
        // The page leaves by itself, and would take the browser with it.
        browser.until("location.pathname == '/login'");
        browser.open("about:blank");
        browser.open(link);
        browser.until("document.getElementById('problem').innerText.startsWith('This link was used before')");
    }

    @Test
    void theLoginFormCannotBeSentWithoutItsScript() {
        browser.open(fixture.server.url() + "/login");
        browser.until("!document.querySelector('#login button').disabled");
        browser.type("#token", ServerFixture.SECRET);

        browser.evaluate("HTMLFormElement.prototype.submit.call(document.getElementById('login'))");

        browser.until("document.getElementById('token')");
        assertThat(browser.evaluate("location.href").asText()).isEqualTo(fixture.server.url() + "/login");
        assertThat(browser.problems()).anyMatch(problem -> problem.contains("form-action"));
    }

    @Test
    void anEmptyServerShowsHowToStart() {
        login();

        browser.until("document.getElementById('latest-empty').innerText.includes('Nothing has run yet')");
        browser.until("document.getElementById('needs-empty').innerText == 'Nothing waits for you.'");
        browser.until("document.querySelector('#activity, #activity-empty').innerText.trim() != ''");
        browser.until("document.getElementById('saving').innerText == '–'");
        browser.screenshot(SCREENSHOTS.resolve("overview-empty.png"));
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void showsEventsAsTheyHappen() {
        login();
        for (int i = 0; i < 12; i++) {
            fixture.await(fixture.submit("hello"));
        }
        TaskId last = fixture.submit("fail over");
        fixture.await(last);
        fixture.router.breaker(BreakerState.OPEN);

        browser.until("document.getElementById('success-note').innerText.startsWith('13 done')");
        browser.until("document.querySelector('#latest td.what a').href.endsWith('/tasks/" + last + "')");
        browser.until("document.querySelector('#providers [data-provider=ollama] .badge').innerText == 'open'");
        browser.until("document.getElementById('needs').innerText.includes('ollama is cut off')");
        browser.until("document.getElementById('activity').innerText.includes('From ollama/llama3.1 to claude')");
        browser.until("document.getElementById('saving').innerText == '90.4'");
        browser.until("document.getElementById('cost').innerText == '$0.007481'");
        browser.until("document.getElementById('saving-note').innerText.startsWith('$0.007481, not $0.078')");
        browser.until("document.getElementById('news').innerText.includes('The breaker of ollama is open now.')");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void showsModelsThatAreGone() {
        login();
        browser.until("document.querySelector('#providers [data-provider=ollama] .gone')?.innerText == ''");

        fixture.router.gone(new GoneModel(
                "llama3.1", Instant.parse("2026-11-22T12:00:00Z"), Instant.parse("2026-11-22T12:01:00Z")));

        browser.until("document.querySelector('#providers [data-provider=ollama] .gone').innerText"
                + " == 'Not served: llama3.1'");
        browser.until("document.querySelector('#providers [data-provider=claude] .gone').innerText == ''");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void answersTheQuestionOfAHeldTask() throws IOException {
        TaskId held = fixture.submitJson("{\"prompt\":\"hello\",\"delay\":\"1h\"}");
        TaskId asking = fixture.submitJson("{\"type\":\"ask\",\"payload\":\"p\"}");
        login();
        browser.until("document.getElementById('needs').innerText.includes('ask')");
        browser.open(fixture.server.url() + "/tasks/" + asking);
        browser.until("document.querySelector('#task-body textarea')");

        browser.until("document.getElementById('state').innerText == 'held'");
        browser.until("document.getElementById('task-body').innerText.includes('which branch is to be reviewed?')");
        assertThat(browser.accessibilityViolations()).isEmpty();
        browser.type("#task-input", "main");
        browser.click("#task-body form button");

        browser.until("document.querySelector('#state').innerText == 'done'");
        assertThat(fixture.architect.tasks().result(asking).orElseThrow().output())
                .contains("main");

        browser.open(fixture.server.url() + "/tasks/" + held);
        browser.until("document.querySelector('#tools [data-action=hold]')?.innerText == 'Hold this task'");
        browser.click("#tools [data-action=hold]");
        browser.until("document.querySelector('#task-body form button')?.innerText == 'Resume this task'");
        browser.click("#task-body form button");
        browser.until("document.querySelector('#state').innerText == 'scheduled'");
        browser.until("document.querySelector('#tools [data-action=run-now]')?.innerText == 'Run now'");
        browser.click("#tools [data-action=run-now]");
        browser.until("document.querySelector('#state').innerText == 'done'");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void runsACancelledTaskAgain() {
        TaskId id = fixture.submitJson("{\"prompt\":\"hello\",\"delay\":\"1h\"}");
        fixture.architect.tasks().cancel(id);
        login();
        browser.open(fixture.server.url() + "/tasks/" + id);
        browser.until(
                "document.querySelector('#tools [data-action=redrive]')?.innerText.includes('Run this task again')");

        browser.click("#tools [data-action=redrive]");

        browser.until("document.querySelector('#state').innerText == 'done'");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void submitsATaskAndShowsItsHistory() {
        login();
        browser.click("#new-task");
        browser.until("document.querySelector('dialog[open] #prompt')");
        browser.type("#prompt", "<b>hello</b>");
        browser.click("#submit button[type=submit]");
        browser.until("document.querySelector('#submit-answer a')");
        fixture.await(TaskId.parse(browser.text("#submit-answer a")));
        browser.click("#submit-answer a");
        browser.until("location.pathname.startsWith('/tasks/') && document.querySelector('#task-body pre')");

        assertThat(browser.text("h1")).contains("<b>hello</b>");
        assertThat(browser.text("#task-body")).contains("<B>HELLO</B>", "llama3.1");
        browser.click("#tab-1");
        assertThat(browser.text("#task-body")).contains("<b>hello</b>", "<B>HELLO</B>");
        assertThat(browser.evaluate("document.querySelectorAll('#task-body pre b, h1 b').length")
                        .asInt())
                .isZero();
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void showsAnAnswerThatWasCutOrRefused() {
        TaskId cut = fixture.submit("be cut");
        fixture.await(cut);
        TaskId refused = fixture.submit("be refused");
        fixture.await(refused);
        login();
        browser.open(fixture.server.url() + "/tasks");

        browser.until("document.querySelectorAll('#rows tr').length == 2");
        browser.until("document.querySelector('#rows tr:nth-child(1)').innerText.includes('refused')");
        assertThat(browser.text("#rows tr:nth-child(1)")).contains("dead");
        assertThat(browser.text("#rows tr:nth-child(2)")).contains("done", "answer cut at its token limit");
        browser.click("#rows tr:nth-child(2) a");
        browser.until("location.pathname.endsWith('" + cut + "') && document.querySelector('.spans')");
        browser.until("document.getElementById('rail').innerText.includes('length: cut at the token limit')");
        browser.until("document.getElementById('sentence').innerText == 'Answer cut at the token limit'");
        browser.click("#tab-3");
        browser.until("document.querySelector('#calls table').innerText.includes('length')");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void showsEveryPartOfARequest() {
        fixture.await(TaskId.parse(
                fixture.json(fixture.post("/api/tasks", """
                        {"messages": [
                           {"role": "user", "content": "What is the weather?"},
                           {"role": "assistant", "content": [
                              {"type": "tool-call", "id": "c1", "name": "weather", "arguments": "{\\"city\\":\\"Rome\\"}"}]},
                           {"role": "user", "content": [
                              {"type": "tool-result", "callId": "c1", "name": "weather", "text": "21 degrees"},
                              {"type": "text", "text": "Compare it with <i>this</i> map."},
                              {"type": "image", "mediaType": "image/png", "data": "iVBORw0KGgo="},
                              {"type": "document", "name": "a.pdf", "url": "https://example.com/a.pdf"}]}],
                         "system": "Be exact.", "effort": "very-high", "stopSequences": ["END"],
                         "tools": [{"name": "weather", "inputSchema": {"type": "object"}}],
                         "toolChoice": {"name": "weather"}, "temperature": 0,
                         "outputSchema": {"name": "report", "schema": {"type": "array"}},
                         "options": {"claude.service_tier": "auto"},
                         "user": "reader-7", "tags": {"team": "maps"}}""")).get("id").textValue()));
        login();
        browser.until("document.querySelector('#latest a')");
        browser.click("#latest a");
        browser.until("document.querySelector('.spans')");
        browser.click("#tab-1");

        browser.screenshot(SCREENSHOTS.resolve("task-request.png"));
        assertThat(browser.text("main"))
                .contains("COMPARE IT WITH <I>THIS</I> MAP.", "Be exact.", "user:\nWhat is the weather?")
                .contains("[calls weather with {\"city\":\"Rome\"}]", "[weather returned: 21 degrees]")
                .contains("[image, image/png, 9 bytes]", "[document, a.pdf, https://example.com/a.pdf]")
                .contains("very high", "\"END\"", "Temperature\n0", "claude.service_tier\nauto")
                .contains("weather: {\n  \"type\": \"object\"\n}", "report: {\n  \"type\": \"array\"\n}")
                .contains("User\nreader-7", "Tags\nteam: maps")
                .doesNotContain("iVBORw0KGgo=", "Quality");
        assertThat(browser.evaluate("document.querySelectorAll('#task-body pre i').length")
                        .asInt())
                .isZero();
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void showsAnErrorOfTheForm() {
        login();
        browser.click("#new-task");
        browser.until("document.querySelector('dialog[open] #project')");
        browser.evaluate("document.getElementById('project').removeAttribute('pattern')");
        browser.evaluate("document.getElementById('project').value = 'Not A Project'");
        browser.type("#prompt", "hello");
        browser.click("#submit button[type=submit]");

        browser.until("document.getElementById('submit-answer').innerText.startsWith(\"project is 'Not A Project'\")");
    }

    @Test
    void metricsShowCostByProvider() {
        fixture.await(fixture.submit("hello"));
        fixture.await(fixture.submit("fail over"));
        login();
        browser.open(fixture.server.url() + "/llm-metrics");

        browser.until("document.querySelectorAll('#rows tr').length == 2");
        browser.until("document.querySelector('#rows [data-provider=claude]').innerText.includes('$0.006')");
        browser.until("document.getElementById('failovers').innerText == '1'");
        fixture.await(fixture.submit("fail over"));
        browser.click("button[value=all]");
        browser.until("document.getElementById('failovers').innerText == '2'");
        assertThat(browser.evaluate("location.search").textValue()).isEqualTo("?range=all");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void theLoginIsAccessibleInBothSchemes() throws IOException {
        for (String scheme : List.of("light", "dark")) {
            browser.show(1440, 1000, scheme);
            browser.open(fixture.server.url() + "/login");
            browser.until("!document.querySelector('#login button').disabled");
            assertThat(browser.accessibilityViolations()).as("login " + scheme).isEmpty();
        }
    }

    @Test
    void logoutOpensTheLoginPage() {
        login();

        browser.click("#logout");

        browser.until("location.pathname == '/login'");
        browser.open(fixture.server.url() + "/");
        browser.until("location.pathname == '/login'");
    }

    private static final class AskingWorker implements Worker {
        @Override
        public Set<String> types() {
            return Set.of("ask");
        }

        @Override
        public String perform(TaskContext context) {
            return context.input().orElseThrow(() -> new NeedsInputException("which branch is to be reviewed?"));
        }
    }
}
