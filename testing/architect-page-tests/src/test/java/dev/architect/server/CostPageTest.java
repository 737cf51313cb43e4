package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Costs by two dimensions, by other prices and against an invoice, as people look at them in a browser. */
final class CostPageTest {

    private static final Path SCREENSHOTS = Path.of("target", "pages");
    private static final Instant START = Instant.parse("2026-03-02T08:00:00Z");
    private static final String MARCH = "from=2026-03-01T00:00:00Z&until=2026-03-08T00:00:00Z";
    private static final String PRICES =
            "base: none\\nversion: offer\\nprices: [{provider: claude, model: large, source: a test,"
                    + " checked: 2026-11-22, usdPerMillionTokens: {input: 1, output: 2}}]";
    private static final String INVOICE =
            "day,Model,Cost (USD)\\n2026-03-02,small,0.4\\n2026-03-02,large,9\\n2026-03-04,large,1.25\\n";

    private static HeadlessBrowser browser;

    private Store store;
    private final ServerFixture fixture = new ServerFixture(TimeSource.system(), opened -> {
        store = opened;
        return opened;
    });

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
    void record() {
        List<LedgerEntry> calls = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Instant at = START.plus(Duration.ofHours(2L * i));
            calls.add(call("s" + i, at, "small", i % 3 == 0 ? "" : "search", Cost.priced(Money.ofUsd("0.04"))));
            calls.add(call("l" + i, at, "large", i % 2 == 0 ? "ads" : "search", Cost.priced(Money.ofUsd("0.9"))));
        }
        calls.add(
                call("e", START, "large", "ads", Cost.priced(Money.ofUsd("0.5")).estimated()));
        calls.add(call("u", START, "fresh", "ads", Cost.UNPRICED));
        store.ledger().record(calls);
        browser.show(1440, 1000, "light");
    }

    @AfterEach
    void closeServer() {
        browser.clearProblems();
        fixture.close();
    }

    private static LedgerEntry call(String id, Instant at, String model, String team, Cost cost) {
        Attribution attribution = Attribution.of(new ProjectId("apollo"));
        return new LedgerEntry(
                id,
                new CallOrigin(
                        "request-" + id,
                        Optional.empty(),
                        0,
                        team.isEmpty() ? attribution : attribution.withTag("team", team)),
                new CallRoute(Complexity.SIMPLE, 0, new ModelId("claude", model), new ModelId("claude", model)),
                new CallTiming(at, Duration.ofMillis(250)),
                CallOutcome.ANSWERED,
                Optional.empty(),
                new Metering(TokenUsage.of(200_000, 100_000), UsageSource.REPORTED),
                new CallCharge(cost, Optional.empty(), Cost.priced(Money.ofUsd("1.2")), "2026-11-22"),
                Optional.of(StopReason.COMPLETE));
    }

    private void login(String name, String to) {
        browser.open(fixture.server.url() + "/login?to=" + to.replace("&", "%26"));
        browser.until("location.pathname == '/login' && !document.querySelector('#person button').disabled");
        browser.type("#name", name);
        browser.type("#password", ServerFixture.PASSWORD);
        browser.click("#person button");
        browser.until("location.pathname + location.search == '" + to
                + "' && document.getElementById('connection-words')?.innerText == 'Live'");
    }

    /** Looks at the page in all four ways, and comes back to the first. */
    private static void assertGood(String name) throws IOException {
        for (String scheme : List.of("dark", "light")) {
            for (int width : List.of(390, 1440)) {
                browser.show(width, 1000, scheme);
                browser.screenshot(SCREENSHOTS.resolve(name + "-" + scheme + "-" + width + ".png"));
                assertThat(browser.accessibilityViolations())
                        .as(name + " " + scheme + " " + width)
                        .isEmpty();
                assertThat(browser.evaluate("document.documentElement.scrollWidth")
                                .asInt())
                        .as(name + " " + width)
                        .isLessThanOrEqualTo(width);
            }
        }
    }

    /** Gives a field of files a text as a file of that name. */
    private static void choose(String selector, String name, String text) {
        browser.evaluate(
                "(() => { const files = new DataTransfer(); files.items.add(new File(['" + text + "'], '" + name
                        + "')); const field = document.querySelector('" + selector
                        + "'); field.files = files.files; field.dispatchEvent(new Event('change')); })()");
    }

    private static void select(String selector, String value) {
        browser.evaluate("(() => { const field = document.querySelector('" + selector + "'); field.value = '" + value
                + "'; field.dispatchEvent(new Event('change')); })()");
    }

    @Test
    void costsStandByTwoDimensionsWithExactEstimatedAndUnpricedApart() throws IOException {
        login(ServerFixture.USER, "/llm-metrics?" + MARCH + "&by=model&then=team");
        browser.until("document.querySelectorAll('#rows tr').length == 8");

        assertThat(browser.text("#table-card-title")).isEqualTo("By model, then team");
        assertThat(browser.evaluate("[...document.querySelector('#rows tr').children].filter(each => !each.hidden)"
                                + ".map(each => each.innerText.trim()).join('|')")
                        .textValue())
                .startsWith("large|61|12.2M|6.1M|$54.50 est.|95.7 %|$54.00|$0.50|–|");
        assertThat(browser.text("#rows tr.indent")).startsWith("ads");
        assertThat(browser.text("#rows")).contains("unpriced", "without one");
        assertThat(browser.text("#totals")).contains("All", "122", "$56.90 est.", "$56.40", "$0.50");
        assertThat(browser.evaluate("document.querySelectorAll('.bars .axis').length")
                        .asInt())
                .isGreaterThan(6);
        assertGood("costs-by-two");

        browser.click("#rows tr.indent a");
        browser.until("document.querySelectorAll('#rows tr').length == 2");
        assertThat(browser.evaluate("location.search").textValue())
                .contains("model=claude%2Flarge", "tag=team")
                .contains("by=model");
        assertThat(browser.text("#cost")).isEqualTo("$27.50");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void anotherTimeIsChosenByKeysAndStandsInTheAddress() throws IOException {
        login(ServerFixture.USER, "/llm-metrics");
        browser.until("!document.getElementById('empty').hidden");
        assertThat(browser.text("#empty")).isEqualTo("No calls in the last 24 h.");

        browser.press("7");
        browser.until("document.activeElement.id == 'range-from'");
        assertThat(browser.accessibilityViolations()).isEmpty();
        browser.evaluate("document.getElementById('range-from').value = '2026-03-05T00:00'; 0");
        browser.evaluate("document.getElementById('range-until').value = '2026-03-04T00:00'; 0");
        browser.press("Enter");
        browser.until("document.getElementById('range-problem').innerText == 'It ends before it begins.'");
        browser.evaluate("document.getElementById('range-until').value = '2026-03-06T00:00'; 0");
        browser.press("Enter");
        browser.until("document.querySelectorAll('#rows tr').length == 1 && !document.querySelector('dialog')");

        assertThat(browser.evaluate("location.search").textValue()).contains("from=2026-03-0", "until=2026-03-0");
        assertThat(browser.text("#calls")).isEqualTo("24");
        assertThat(browser.text(".segments [aria-pressed=true]")).isEqualTo("Custom");
        browser.press("5");
        browser.until("document.getElementById('calls').innerText == '0'");
        assertThat(browser.evaluate("location.search").textValue()).isEqualTo("?range=30d");
    }

    @Test
    void otherPricesAreAskedAndTheAnswerStandsBesideWhatWasBooked() throws IOException {
        login(ServerFixture.USER, "/llm-metrics?" + MARCH + "&tab=other-prices");
        browser.until("document.querySelector('#rating .empty') && document.querySelector('#ratings-card .empty')");
        assertGood("other-prices-empty");
        select("#rate-source", "file");
        browser.evaluate("document.getElementById('rate-file').value = '" + PRICES + "'; 0");
        select("#rate-which", "as");
        browser.tabTo("e.id == 'rate-as'");
        browser.type("claude/large");
        browser.tabTo("e.id == 'rate-reason'");
        browser.type("The offer of March");
        browser.evaluate("""
                (() => {
                  window.shifts = 0;
                  new PerformanceObserver(list => list.getEntries().forEach(e => { window.shifts += e.value; }))
                    .observe({type: 'layout-shift', buffered: false});
                })()""");
        browser.press("Enter");
        browser.until("document.getElementById('rating-progress')?.innerText.includes('122 calls rated')"
                + " && document.querySelector('#ratings .badge')?.innerText == 'done'");

        assertThat(browser.text("#rating-reason")).isEqualTo("The offer of March");
        assertThat(browser.text("#rating-actual")).isEqualTo("$56.90");
        // 0.2 + 0.2 dollars for each call.
        assertThat(browser.text("#rating-other")).isEqualTo("$48.80");
        assertThat(browser.text("#rating .figure")).startsWith("$8.50").contains("less");
        assertThat(browser.text("#rating-facts")).contains("catalogue offer", "1 call at $0.40", "ada");
        assertThat(browser.text("#rating tfoot")).contains("122", "$56.90", "−$8.50");
        assertThat(browser.text("#news")).isEqualTo("The offer of March: 122 calls rated");
        assertThat(browser.evaluate("window.shifts").asDouble()).isLessThanOrEqualTo(0.02);
        assertThat(browser.evaluate("location.search").textValue()).contains("rating=", "tab=other-prices");
        assertGood("other-prices");

        browser.evaluate("location.reload()");
        browser.until("document.querySelector('#ratings [aria-current=true]')?.innerText == 'The offer of March'"
                + " && document.querySelectorAll('#rating-rows tr').length == 3");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void whatIsWrongWithOtherPricesIsSaidAtTheForm() {
        login(ServerFixture.USER, "/llm-metrics?" + MARCH + "&tab=other-prices");
        browser.until("document.querySelector('#rating .empty')");
        select("#rate-which", "replace");
        browser.type("#rate-old-1", "large");
        browser.type("#rate-new-1", "claude/small");
        browser.type("#rate-reason", "why not");
        browser.press("Enter");

        browser.until("document.getElementById('rate-problem').innerText.includes('provider/model')");
        browser.click("#rate-add");
        assertThat(browser.evaluate("document.activeElement.id").textValue()).isEqualTo("rate-old-2");
        browser.click("[aria-label=\"Leave model 2 as it is\"]");
        assertThat(browser.evaluate("document.activeElement.id").textValue()).isEqualTo("rate-old-1");
        assertThat(fixture.architect.rerateJobs().list()).isEmpty();
    }

    @Test
    void anInvoiceIsComparedAndKept() throws IOException {
        login(ServerFixture.USER, "/llm-metrics?tab=invoices");
        browser.until(
                "document.querySelector('#invoices-card .empty') && document.querySelector('#comparison .empty')");
        browser.type("#invoice-provider", "claude");
        browser.evaluate("document.getElementById('invoice-month').value = '2026-03'; 0");
        choose("#invoice-file", "march.csv", INVOICE);
        browser.until("document.querySelectorAll('#invoice-columns select').length == 3");
        assertThat(browser.evaluate("[...document.querySelectorAll('#invoice-columns select')].map(each => each.value)")
                        .toString())
                .isEqualTo("[\"day\",\"Model\",\"Cost (USD)\"]");
        assertGood("invoices-form");
        browser.type("#invoice-note", "no. 117");
        browser.press("Enter");
        browser.until("document.querySelectorAll('#invoices-kept li').length == 1"
                + " && document.querySelector('#invoice-items')");

        assertThat(browser.text("#comparison")).contains("different", "2026-03-02 large", "Only in the ledger");
        assertThat(browser.text("#comparison .figure")).startsWith("−$46.25").contains("less on the invoice");
        assertThat(browser.text("#invoices-kept")).contains("claude, 1 Mar – ", "no. 117");
        assertThat(browser.text("#toasts")).contains("differ by −$46.25");
        assertThat(fixture.getJson("/api/reconciliations").get("items")).hasSize(1);
        browser.evaluate("document.querySelector('.toast').remove()");
        assertGood("invoices");

        browser.evaluate("location.reload()");
        browser.until("document.querySelector('#invoices-kept [aria-current=true]')"
                + " && document.querySelector('#invoice-facts')?.innerText.includes('no. 117')");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void whoMayOnlyLookIsToldWhy() throws IOException {
        fixture.architect
                .access()
                .orElseThrow()
                .add(User.create(
                        "vera",
                        Set.of(UserRole.VIEWER),
                        ServerFixture.HASHER.hash(ServerFixture.PASSWORD),
                        Instant.EPOCH));
        login("vera", "/llm-metrics?tab=other-prices");
        browser.until("document.querySelector('#rating .empty')");
        assertThat(browser.text("#rate")).contains("needs the right to change prices (prices:w)");
        assertThat(browser.evaluate("document.querySelector('#rate button.primary').disabled")
                        .asBoolean())
                .isTrue();
        assertGood("other-prices-viewer");

        browser.tabTo("e.id == 'tab-invoices'");
        browser.press("Enter");
        browser.until("document.querySelector('#invoices-card .empty')");
        assertThat(browser.evaluate("location.search").textValue()).isEqualTo("?tab=invoices");
        assertThat(browser.text("#invoice")).contains("needs the right to change prices (prices:w)");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void allOfItWorksUnderAPath() throws IOException {
        try (PrefixProxy proxy = new PrefixProxy(URI.create(fixture.server.url()), "/some/path")) {
            login(ServerFixture.USER, "/llm-metrics");
            for (String tab : List.of("other-prices", "invoices")) {
                browser.open(proxy.url() + "/llm-metrics?tab=" + tab);
                browser.until("document.querySelector('#" + tab + " .rows li, #" + tab + " .empty')");
                assertThat(browser.evaluate(
                                        "performance.getEntriesByType('resource').map(e => new URL(e.name).pathname)"
                                                + ".filter(path => !path.startsWith('/some/path/')).join(' ')")
                                .asText())
                        .as(tab)
                        .isEmpty();
            }
        }
    }
}
