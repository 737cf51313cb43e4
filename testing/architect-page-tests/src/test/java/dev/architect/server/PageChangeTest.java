package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.budget.Budget;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetScope;
import dev.architect.cost.Money;
import dev.architect.lane.LaneScope;
import dev.architect.project.Actor;
import dev.architect.project.ProjectDraft;
import dev.architect.project.ProjectId;
import dev.architect.recurring.ScheduleRequest;
import dev.architect.route.BreakerState;
import dev.architect.task.TaskRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a page shows that stays open: what has changed, by itself; and what it showed, under the name of a saved view. */
final class PageChangeTest {

    private static final Path SCREENSHOTS = Path.of("target", "pages");

    /** Notes what the page asks the server for. */
    private static final String NOTE_REQUESTS =
            "window.asked = []; const send = window.fetch; window.fetch = (...all) => { window.asked.push(String(all[0])); return send(...all); }; 0";

    private static HeadlessBrowser browser;
    private static ServerFixture fixture;

    @BeforeAll
    static void open() throws IOException {
        assumeTrue(HeadlessBrowser.find().isPresent(), "chromium is not on the PATH (system package: chromium)");
        browser = HeadlessBrowser.start();
        fixture = new ServerFixture();
        browser.show(1440, 1000, "light");
        browser.open(fixture.server.url() + "/login?to=/tasks");
        browser.until("location.pathname == '/login' && !document.querySelector('#person button').disabled");
        browser.type("#name", ServerFixture.USER);
        browser.type("#password", ServerFixture.PASSWORD);
        browser.click("#person button");
        browser.until("location.pathname == '/tasks'");
    }

    @BeforeEach
    void wide() {
        browser.show(1440, 1000, "light");
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
    void eachPageShowsWhatHasChangedByItself() {
        visit("/schedules", "document.querySelector('#list .empty')");
        TaskRequest request = TaskRequest.of("prompt", "{\"prompt\":\"x\"}");
        fixture.architect.schedules().save(ScheduleRequest.every("pulse", Duration.ofHours(2), request));
        browser.until("document.getElementById('rows').innerText.includes('pulse')");

        visit("/queues", "document.querySelector('#queues tr')");
        fixture.architect.queues().pause(LaneScope.of("reports"));
        browser.until("[...document.querySelectorAll('#queues tr')]"
                + ".some(row => row.innerText.includes('reports') && row.innerText.includes('paused'))");
        fixture.architect.queues().pauseType("prompt");
        browser.until("document.getElementById('types-card').innerText.includes('prompt')");
        fixture.architect.queues().resumeType("prompt");

        visit("/projects", "document.querySelector('#projects-card .empty')");
        fixture.architect
                .projects()
                .create(new ProjectId("web"), "WEB", ProjectDraft.of("Web console"), Actor.person("ada"));
        browser.until("document.getElementById('projects').innerText.includes('Web console')");

        visit("/settings", "document.querySelector('#budgets-card .empty')");
        fixture.architect
                .budgets()
                .set(new Budget("daily", BudgetScope.ALL, BudgetPeriod.DAY, Money.ofUsd("6"), BudgetMode.SOFT));
        browser.until("document.getElementById('budgets').innerText.includes('daily')");

        visit("/llm-metrics", "document.getElementById('calls').innerText == '0'");
        fixture.await(fixture.submit("hello"));
        browser.until("document.getElementById('calls').innerText == '1'");

        visit("/rules", "document.querySelector('#rules-card .empty')");
        fixture.postAsPerson(
                "/api/approval-rules", "{\"rule\":{\"id\":\"no-delete\",\"decision\":\"deny\",\"run\":[\"rm\"]}}");
        browser.until("document.getElementById('rules').innerText.includes('no-delete')");

        visit("/providers?name=ollama", "document.querySelectorAll('#models tr').length == 1");
        fixture.router.breaker(BreakerState.HALF_OPEN);
        browser.until("document.querySelector('#rows [data-provider=ollama]').innerText.includes('half-open')");
        assertThat(browser.problems()).isEmpty();
    }

    @Tag("slow")
    @Test
    void aPageThatNothingHappensToAsksForNothing() {
        visit("/queues", "document.querySelector('#queues tr')");
        // What it is told of first makes it read once more.
        browser.evaluate("new Promise(done => setTimeout(done, 2000))");
        browser.evaluate(NOTE_REQUESTS);

        // It asked each three seconds before pages were told of changes.
        String asked = browser.evaluate("new Promise(done => setTimeout(() => done(window.asked.join(' ')), 3300))")
                .textValue();

        assertThat(asked).isEmpty();
    }

    @Test
    void whatIsShownIsSavedOpenedRenamedAndDeleted() throws IOException {
        visit("/tasks?q=state:dead", "document.getElementById('chips').innerText.includes('dead')");
        browser.press("v");
        browser.until("document.activeElement.id == 'view-name' && document.querySelector('dialog.views .note')");
        browser.type("What died");
        browser.press("Enter");
        browser.until("document.querySelector('#view-list a')?.innerText == 'What died'");
        assertThat(browser.text("#views")).isEqualTo("What died");
        for (String look : new String[] {"light 1440", "dark 390"}) {
            String[] parts = look.split(" ");
            browser.show(Integer.parseInt(parts[1]), 900, parts[0]);
            browser.screenshot(SCREENSHOTS.resolve("views-" + parts[0] + "-" + parts[1] + ".png"));
            assertThat(browser.accessibilityViolations()).as(look).isEmpty();
        }
        browser.show(1440, 1000, "light");
        browser.type("#view-name", "what died");
        browser.press("Enter");
        browser.until("document.getElementById('view-problem').innerText.includes('another view of yours')");

        visit("/tasks", "document.getElementById('views').innerText == 'Views'");
        browser.press("v");
        browser.until("document.querySelector('#view-list a')");
        browser.click("#view-list a");
        browser.until(
                "location.search.includes('q=state') && document.getElementById('views').innerText == 'What died'");
        browser.until("document.querySelector('.tabs [data-state=dead]').getAttribute('aria-current') == 'true'");

        browser.press("v");
        browser.until("document.querySelector('#view-list button')");
        browser.click("#view-list button");
        browser.until("document.activeElement.value == 'What died'");
        browser.type(" today");
        browser.press("Enter");
        browser.until("document.querySelector('#view-list a')?.innerText.includes('today')");
        browser.click("#view-list button:last-of-type");
        browser.until("document.querySelector('.toast button')?.innerText.startsWith('Undo')");
        assertThat(fixture.architect.views().list("tasks", Actor.person(ServerFixture.USER)))
                .as("before the five seconds are over")
                .hasSize(1);
        // Leaving the page does it at once.
        visit("/activity", "document.getElementById('views')");
        visit("/tasks?q=state:dead", "document.getElementById('views').innerText == 'Views'");
        assertThat(fixture.architect.views().list("tasks", Actor.person(ServerFixture.USER)))
                .isEmpty();
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void aBudgetIsRemovedAsItWasShown() {
        String remove = "[aria-label=\"Remove the budget daily\"]";
        Budget daily = new Budget("daily", BudgetScope.ALL, BudgetPeriod.DAY, Money.ofUsd("6"), BudgetMode.SOFT);
        Budget higher = new Budget("daily", BudgetScope.ALL, BudgetPeriod.DAY, Money.ofUsd("7"), BudgetMode.SOFT);
        fixture.architect.budgets().set(daily);
        visit("/settings", "document.querySelector('#budgets tr')");
        browser.click(remove);
        browser.until("document.querySelector('.toast button')?.innerText.startsWith('Undo')");
        fixture.architect.budgets().set(higher);

        // Leaving the page sends it at once.
        visit("/settings", "document.querySelector('#budgets tr')?.innerText.includes('$7')");

        assertThat(fixture.architect.budgets().find("daily")).isPresent();
        browser.click(remove);
        browser.until("document.querySelector('.toast button')?.innerText.startsWith('Undo')");
        visit("/settings", "document.querySelector('#budgets-card .empty')");
        assertThat(fixture.architect.budgets().states()).isEmpty();
    }
}
