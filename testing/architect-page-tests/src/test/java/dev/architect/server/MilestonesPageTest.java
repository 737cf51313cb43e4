package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages of milestones in a real browser, used by their keys. Screenshots are written to {@code target/pages}. */
final class MilestonesPageTest {

    private static final Path SCREENSHOTS = Path.of("target", "pages");

    private static HeadlessBrowser browser;

    private ServerFixture fixture;

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
    void openServer() {
        fixture = new ServerFixture();
        browser.clearProblems();
        browser.show(1440, 900, "light");
        fixture.post("/api/projects", "{\"key\":\"web\",\"prefix\":\"WEB\",\"title\":\"Web console\"}");
        browser.open(fixture.server.url() + "/login#token=" + ServerFixture.SECRET);
        browser.until("location.pathname == '/' && document.getElementById('connection-words').innerText == 'Live'");
    }

    @AfterEach
    void closeServer() {
        // A refusal that the page deals with is in the console all the same.
        assertThat(browser.problems()).allMatch(each -> each.startsWith("Failed to load resource"));
        fixture.close();
    }

    private JsonNode post(String path, String body) {
        return fixture.json(fixture.post(path, body.replace('\'', '"')));
    }

    private static String inDays(int days) {
        return LocalDate.now(ZoneOffset.UTC).plusDays(days).toString();
    }

    private void openMilestone(String id) {
        browser.open(fixture.server.url() + "/p/web/milestones/" + id);
        browser.until("document.querySelector('#operations button')");
    }

    @Test
    void aMilestoneIsMadeFilledBegunAndReachedByTheKeyboard() throws IOException {
        post("/api/projects/web/items", "{'title':'Log in','column':'To do'}");
        browser.open(fixture.server.url() + "/p/web/milestones");
        browser.until("document.querySelector('.empty') && !document.getElementById('new-milestone').hidden");
        assertThat(browser.accessibilityViolations()).isEmpty();

        browser.press('n');
        browser.until("document.activeElement.id == 'milestone-title'");
        browser.type("#milestone-title", "First users");
        browser.evaluate("document.getElementById('milestone-target').value = '" + inDays(9) + "'");
        browser.pressEnter();
        browser.until(
                "location.pathname.startsWith('/p/web/milestones/') && document.querySelector('#operations button')");
        browser.until("document.getElementById('verdict').innerText == 'No item is in it, so nothing can be said.'");
        browser.until("document.getElementById('no-days').innerText.includes('nothing to draw')");

        browser.type("#add-item", "web-1");
        browser.pressEnter();
        browser.until("document.querySelectorAll('#open-items li').length == 1"
                + " && document.querySelector('.burnup .scope-line')");
        browser.evaluate("document.activeElement.blur()");
        browser.until("['1 open and the date is in 9 days', 'too little history']"
                + ".every(each => document.getElementById('verdict').innerText.includes(each))");
        browser.evaluate("document.getElementById('begin').focus()");
        browser.pressEnter();
        browser.until("document.querySelector('#verdict-title').parentElement.innerText.includes('active')"
                + " && document.getElementById('milestone-figures').innerText.includes('as at its start')");

        browser.evaluate("document.getElementById('reach').click()");
        browser.until("document.querySelector('.toast.bad')?.innerText.includes('WEB-1')");
        post("/api/items/WEB-1/move", "{'column':'Done'}");
        browser.until("document.getElementById('verdict').innerText.includes('it can be reached')");
        browser.evaluate("document.getElementById('reach').focus()");
        browser.pressEnter();
        browser.until("document.getElementById('verdict').innerText == 'Reached with 1 of 1 items done.'"
                + " && !document.querySelector('#operations button')");
        browser.press('b');
        browser.until("location.pathname == '/p/web/milestones'"
                + " && document.querySelector('#milestones tr')?.innerText.includes('reached')");
    }

    @Test
    void aMovedDateNeedsACauseAndIsShownWithIt() {
        String id = post("/api/projects/web/milestones", "{'title':'0.3','target':'" + inDays(5) + "'}")
                .get("id")
                .textValue();
        post("/api/projects/web/items", "{'title':'Log in','milestone':'" + id + "'}");
        openMilestone(id);
        browser.click("#begin");
        browser.until("document.getElementById('miss')");

        browser.press('e');
        browser.until("document.activeElement.id == 'edit-title'");
        assertThat(browser.evaluate("document.getElementById('edit-cause').parentElement.hidden")
                        .asBoolean())
                .isTrue();
        browser.evaluate("(() => { const date = document.getElementById('edit-target'); date.value = '" + inDays(12)
                + "'; date.dispatchEvent(new Event('input', {bubbles: true})); })()");
        browser.click("dialog button.primary");
        browser.until("document.querySelector('dialog [role=alert]').innerText.includes('cause')");
        browser.type("#edit-cause", "the provider was down for a week");
        browser.click("dialog button.primary");
        browser.until("document.getElementById('slips').innerText.includes('the provider was down for a week')"
                + " && document.querySelector('.burnup [data-kind=before]')"
                + " && document.querySelector('.burnup [data-kind=target]')");
        browser.screenshot(SCREENSHOTS.resolve("milestone-slipped.png"));
    }

    @Test
    void theChartIsReadByKeysAndHealthFollowsThePace() {
        String id = post("/api/projects/web/milestones", "{'title':'0.3','target':'" + inDays(5) + "'}")
                .get("id")
                .textValue();
        openMilestone(id);
        browser.evaluate("""
                (async () => {
                  const { BurnUp } = await import('/page/burnup.js');
                  const place = document.createElement('div');
                  place.id = 'other-plot';
                  document.getElementById('main').prepend(place);
                  const day = (d) => `2026-03-${String(d).padStart(2, '0')}`;
                  const days = Array.from({length: 20}, (unused, n) => ({day: day(n + 1), scope: n < 10 ? 8 : 12, done: Math.floor(n / 2)}));
                  new BurnUp(place).show({days, target: day(28), slips: [{before: day(24), after: day(28)}]});
                })()""");
        browser.until("document.querySelectorAll('#other-plot .moment').length == 3");
        browser.evaluate("document.querySelector('#other-plot svg').focus()");
        browser.press("Home");
        browser.until("document.querySelector('#other-plot .tip').innerText.includes('0 of 8 items done')");
        browser.press("End");
        browser.until("document.querySelector('#other-plot .tip').innerText.includes('9 of 12 items done')");
        browser.press("t");
        browser.until("document.querySelectorAll('#other-plot tbody tr').length == 20");
        assertThat(browser.evaluate("document.querySelector('#other-plot svg').getAttribute('aria-label')")
                        .asText())
                .contains("9 of 12 items done on 20 Mar", "target 28 Mar");
        browser.screenshot(SCREENSHOTS.resolve("burn-up.png"));

        String health = "import('/page/planning.js').then(({health}) => health({state: 'active', target: '2026-03-28'},"
                + " {scope: 40, done: %d, open: %d}, Array.from({length: 20}, (unused, n) => ({scope: 40, done: n < 6 ? 0 : (n - 5) * %d})),"
                + " Date.parse('2026-03-20T12:00:00Z')).words)";
        assertThat(browser.evaluate(health.formatted(28, 12, 2)).asText()).isEqualTo("on track");
        assertThat(browser.evaluate(health.formatted(14, 26, 1)).asText()).isEqualTo("at risk");
        assertThat(browser.evaluate(health.formatted(3, 37, 1)).asText()).isEqualTo("little history");
        assertThat(browser.evaluate(health.replace("2026-03-28", "2026-03-18").formatted(28, 12, 2))
                        .asText())
                .isEqualTo("late");
    }

    @Test
    void whatIsNotThereIsSaidAndAPhoneShowsAll() {
        browser.open(fixture.server.url() + "/p/web/milestones/0000000000001");
        browser.until("document.querySelector('.failed')?.innerText.includes('404')");

        post("/api/projects/web/milestones", "{'title':'0.3','target':'" + inDays(-2) + "'}");
        browser.show(390, 844, "dark");
        browser.open(fixture.server.url() + "/p/nowhere/milestones");
        browser.until("document.querySelector('.failed')?.innerText.includes('Could not load the milestones (404')");
        browser.open(fixture.server.url() + "/p/web/milestones");
        browser.until("document.querySelector('#milestones a')");
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(390);
        browser.click("#milestones a");
        browser.until("document.getElementById('milestone-figures')?.innerText.includes('2 days ago')");
    }
}
