package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.Reviews;
import dev.architect.review.RecordedApproval;
import dev.architect.review.Review;
import dev.architect.review.ReviewChoice;
import dev.architect.review.ReviewDecision;
import dev.architect.review.StoredRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page of approval rules in a real browser. Screenshots are written to {@code target/pages}. */
final class RulesPageTest {

    private static final Path SCREENSHOTS = Path.of("target", "pages");

    private static HeadlessBrowser browser;

    private final ServerFixture fixture = new ServerFixture();
    private final Reviews reviews = fixture.architect.reviews();

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
        // A refusal that the page deals with is in the console all the same.
        assertThat(browser.problems()).allMatch(each -> each.startsWith("Failed to load resource"));
        fixture.close();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    private void openPage() {
        browser.open(fixture.server.url() + "/login?to=/rules");
        browser.until("location.pathname == '/login' && !document.querySelector('#person button').disabled");
        browser.type("#name", ServerFixture.USER);
        browser.type("#password", ServerFixture.PASSWORD);
        browser.click("#person button");
        browser.until("location.pathname == '/rules' && !document.getElementById('new-rule').hidden");
    }

    /** What a person has approved after the rules had asked. */
    private void approved(String... argv) {
        Review review = reviews.ask(ReviewRequests.request(argv));
        reviews.record(new RecordedApproval(
                0,
                reviews.now(),
                review.request().action(),
                "{\"folder\":\"/srv/app\"}",
                "ask",
                List.of(),
                "",
                "",
                0,
                Optional.of("agent:builder"),
                Optional.of("run-1"),
                Optional.of(review.id()),
                Optional.empty()));
        reviews.decide(
                review.id(),
                ReviewDecision.of(ReviewChoice.ONCE, review.request().action().sha256(), ServerFixture.USER));
    }

    private static void write(String rule) {
        browser.evaluate("(() => { const text = document.getElementById('rule-text'); text.value = `" + rule
                + "`; text.dispatchEvent(new Event('input', {bubbles: true})); })()");
    }

    private static void check(String command, boolean withDraft) {
        browser.evaluate("document.getElementById('check-answer').replaceChildren()");
        browser.evaluate("document.getElementById('check-text').value = ''");
        browser.evaluate("document.getElementById('check-draft').checked = " + withDraft);
        browser.type("#check-text", command);
        browser.pressEnter();
        browser.until("document.querySelector('#check-answer .badge')");
    }

    @Test
    void aRuleIsWrittenCheckedTriedAndPutInForceByTheKeyboard() throws IOException {
        approved("tokei", "--hidden");
        openPage();
        browser.until("document.querySelector('#rules-card .empty')");
        assertThat(browser.text("#rules-card .empty")).contains("Nobody has made a rule here");

        browser.press('n');
        browser.until("document.activeElement.id == 'rule-text'");
        assertThat(browser.text("#rule-state")).contains("Give it an id");
        write("{\"id\": \"lines\", \"decision\": \"allow\", \"run\": [\"tokei\"],"
                + " \"options\": [\"--hidden\"], \"operands\": \"none\"}");
        check("tokei --hidden", false);
        assertThat(browser.text("#check-answer .badge")).isEqualTo("ask");
        check("tokei --hidden", true);
        assertThat(browser.text("#check-answer")).contains("allow", "lines");
        check("tokei --output=x", true);
        assertThat(browser.text("#check-answer .badge")).isEqualTo("ask");

        browser.evaluate("document.getElementById('dry-run').focus()");
        browser.pressEnter();
        browser.until("document.getElementById('dry-counts')?.innerText =="
                + " 'Of the last 1 decision: newly allowed 1, asked 0, denied 0.'");
        assertThat(browser.text("#dry-samples")).contains("ask → allow", "tokei --hidden");
        browser.screenshot(SCREENSHOTS.resolve("rules-dry-run.png"));
        assertThat(reviews.rules()).isEmpty();

        browser.click("#keep");
        browser.until("document.querySelector('#rules tr')?.innerText.includes('no, not tried')"
                + " && document.getElementById('enable').disabled");
        browser.click("#dry-run");
        browser.until("!document.getElementById('enable').disabled");
        browser.click("#enable");
        browser.until("document.getElementById('enable').innerText == 'Take out of force'");
        assertThat(reviews.rules().get(0).isEnabled()).isTrue();
        check("tokei --hidden", false);
        assertThat(browser.text("#check-answer .badge")).isEqualTo("allow");
        assertThat(browser.accessibilityViolations()).isEmpty();
    }

    @Test
    void aWrongRuleIsNamedByItsLineAndNothingIsKept() {
        openPage();
        write("{\"id\": \"x\",\n \"decision\": allow}");
        browser.click("#keep");
        browser.until("document.getElementById('rule-problem').innerText.startsWith('Line 2, column ')");
        write("{\"id\": \"x\",\n \"decision\": \"allow\",\n \"run\": [\"bash\"]}");
        browser.click("#keep");
        browser.until("document.getElementById('rule-problem').innerText.includes('bash')");
        write("{\"id\": \"x\",\n \"decision\": \"allow\",\n \"run\": [\"ls\"],\n \"operands\": \"pth\"}");
        browser.click("#keep");
        browser.until("document.getElementById('rule-problem').innerText.startsWith('Line 4: ')");
        assertThat(reviews.rules()).isEmpty();
    }

    @Test
    void aProposalIsAcceptedWithItsDryRunAndARuleIsDeleted() {
        for (int i = 0; i < 3; i++) {
            approved("du", "docs/" + i + ".txt");
        }
        openPage();
        browser.until("document.querySelector('#proposals li')");
        assertThat(browser.text("#proposals li")).contains("du", "3 approvals");
        browser.click("#proposals li > button");
        browser.until("document.querySelector('#rules tr')?.innerText.includes('proposed-run-du')"
                + " && document.getElementById('dry-counts')?.innerText.includes('newly allowed 3')");
        browser.until("document.querySelector('#proposals-card .empty')");
        browser.click("#delete-rule");
        browser.until("document.querySelector('#rules-card .empty')");
        assertThat(reviews.rules()).isEmpty();
    }

    @Test
    void whoMayOnlyLookSeesNoButtonsAndAPhoneShowsAll() {
        reviews.createRule(new StoredRule(
                "no-wget",
                "{\"id\":\"no-wget\",\"decision\":\"deny\",\"run\":[\"wget\"]}",
                true,
                Optional.empty(),
                "ann",
                reviews.now(),
                0,
                0));
        fixture.postAsPerson(
                "/api/users", "{\"name\":\"eve\",\"password\":\"plenty of quiet lamps\",\"roles\":[\"viewer\"]}");
        browser.show(390, 844, "dark");
        browser.open(fixture.server.url() + "/login?to=/rules");
        browser.until("location.pathname == '/login' && !document.querySelector('#person button').disabled");
        browser.type("#name", "eve");
        browser.type("#password", "plenty of quiet lamps");
        browser.click("#person button");
        browser.until("location.pathname == '/rules' && document.querySelector('#rules tr button')");
        browser.click("#rules tr button");
        browser.until("document.getElementById('rule-text').value.includes('wget')");
        assertThat(browser.evaluate("['new-rule', 'keep', 'dry-run', 'enable', 'delete-rule']"
                                + ".filter(id => document.getElementById(id).offsetWidth > 0).join()")
                        .asText())
                .isEmpty();
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(390);
    }
}
