package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A call with its route, an export, prices and the policy, as people use them in a browser. */
final class RoutingPageTest {

    private static HeadlessBrowser browser;
    private static ServerFixture fixture;

    @BeforeAll
    static void open() throws IOException {
        assumeTrue(HeadlessBrowser.find().isPresent(), "chromium is not on the PATH (system package: chromium)");
        browser = HeadlessBrowser.start();
        fixture = new ServerFixture();
        fixture.await(fixture.submit("fail over"));
        browser.show(1440, 1000, "light");
        browser.open(fixture.server.url() + "/login?to=/tasks");
        browser.until("location.pathname == '/login' && !document.querySelector('#person button').disabled");
        browser.type("#name", ServerFixture.USER);
        browser.type("#password", ServerFixture.PASSWORD);
        browser.click("#person button");
        browser.until("location.pathname == '/tasks'");
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

    private static void visit(String path, String complete) {
        browser.clearProblems();
        browser.open(fixture.server.url() + path);
        browser.until("document.getElementById('connection-words')?.innerText == 'Live' && (" + complete + ")");
    }

    @Test
    void aCallIsOpenedWithTheOthersOfItsRequest() {
        visit("/llm-metrics", "document.querySelectorAll('#call-rows a').length == 2");

        browser.click("#call-rows tr:last-child a");
        browser.until("document.querySelectorAll('#request-calls li').length == 2");

        browser.until("location.search.includes('call=call-')");
        browser.until("['claude/claude-sonnet', 'Whole request', 'is not kept']"
                + ".every(each => document.getElementById('call').innerText.includes(each))");
        browser.open(fixture.server.url() + "/llm-metrics?call=call-1");
        browser.until("document.querySelector('#call .facts')");
        browser.click("dialog.ask form button");
        browser.until("!document.querySelector('dialog')");
        browser.until("!location.search.includes('call=')");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void costsAreSeenByTaskTypeAndKey() {
        visit("/llm-metrics?by=task-type&then=key", "document.querySelectorAll('#rows tr').length == 2");

        assertThat(browser.text("#rows tr:first-child")).contains("prompt", "$0.006");
        assertThat(browser.text("#rows tr:last-child")).contains("without one");
        browser.click("#rows tr:first-child a");
        browser.until("location.search.includes('taskType=prompt')");
        browser.open(fixture.server.url() + "/llm-metrics?call=call-1");
        browser.until("document.querySelector('#call .facts')");
        assertThat(browser.text("#call")).contains("Task type");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void everyCallIsWrittenToAFileInTheBackground() {
        visit("/llm-metrics?provider=claude", "document.querySelectorAll('#call-rows a').length == 1");

        browser.click("#export");
        browser.until("document.querySelector('#toasts a[download]')");

        assertThat(browser.text("#toasts")).contains("1 row");
        String path = browser.evaluate("document.querySelector('#toasts a[download]').getAttribute('href')")
                .textValue();
        assertThat(fixture.get("/api/exports/" + path.split("/")[path.split("/").length - 2] + "/content")
                        .body())
                .contains("claude-sonnet");
    }

    @Test
    void pricesAndThePolicyAreSeenAndChanged() {
        visit(
                "/settings",
                "document.querySelectorAll('#prices tr').length > 10 && document.querySelector('#policy-text')");

        browser.type("#price-provider", "claude");
        browser.type("#price-model", "claude-haiku-4-5");
        browser.type("#price-input", "0.5");
        browser.type("#price-output", "2");
        browser.evaluate("document.getElementById('price-validFrom').value = '2026-01-01T00:00'; 0");
        browser.type("#price-source", "our contract");
        browser.click("#price button[type=submit]");
        browser.until("document.getElementById('prices-about').innerText.includes('own-1')");
        browser.evaluate("document.getElementById('policy-text').value = 'models: 5'; 0");
        browser.click("#policy-check");
        browser.until("document.querySelector('#policy-problems li')");
        browser.evaluate("document.getElementById('policy-text').value = "
                + "'baseline: claude/a\\nmodels: [{model: claude/a, quality: 90, contextTokens: 1000}]'; 0");
        browser.click("#policy-save");
        browser.until("document.querySelectorAll('#policy-versions tr').length == 1");

        browser.until("document.getElementById('policy-about').innerText.includes('for all nodes, by user:ada')");
        assertThat(fixture.getJson("/api/policy").get("version").intValue()).isOne();
        assertThat(fixture.architect.routing().overrides()).hasSize(1);
        assertThat(browser.problems()).isEmpty();
    }
}
