package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.project.Actor;
import dev.architect.project.ProjectDraft;
import dev.architect.project.ProjectId;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKind;
import dev.architect.task.TaskId;
import dev.architect.testkit.time.ManualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What each page is while it has nothing to show, while what it asks for fails, and while the server is silent: it says so, can be used by
 * everybody and fits. Screenshots are written to {@code target/pages}; those of full pages are another test's.
 */
final class PageStateTest {

    private static final Path SCREENSHOTS = Path.of("target", "pages");
    private static final Actor ADA = Actor.person("ada");
    private static final ProjectId WEB = new ProjectId("web");
    private static final String WORDS = "document.getElementById('connection-words')?.innerText";

    /** Every answer of the API but of the channel and of who looks is a failure. */
    private static final String FAIL = """
            (() => {
              const send = window.fetch.bind(window);
              window.fetch = (url, more) => {
                const path = new URL(url, location.href).pathname;
                return path.startsWith('/api/') && path !== '/api/me' && path !== '/api/page-views'
                  ? Promise.resolve(new Response(JSON.stringify({detail: 'the store is busy', instance: '7f31c0de'}),
                    {status: 503, headers: {'Content-Type': 'application/problem+json'}}))
                  : send(url, more);
              };
            })();""";

    private static HeadlessBrowser browser;

    private final ManualTime time = new ManualTime();
    private final ServerFixture fixture = new ServerFixture(time);

    @BeforeAll
    static void open() throws IOException {
        assumeTrue(HeadlessBrowser.find().isPresent(), "chromium is not on the PATH (system package: chromium)");
        browser = HeadlessBrowser.start();
        browser.makeClockMovable();
    }

    @AfterEach
    void closeServer() {
        browser.clearProblems();
        fixture.close();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    /** The pages, by the names of their screenshots, and their addresses. */
    private static List<String[]> pages(String... more) {
        List<String[]> pages = new ArrayList<>();
        for (String path : List.of(
                "overview:/",
                "tasks:/tasks",
                "llm-metrics:/llm-metrics",
                "providers:/providers",
                "sessions:/sessions",
                "schedules:/schedules",
                "queues:/queues",
                "cluster:/cluster",
                "activity:/activity",
                "playground:/playground",
                "settings:/settings",
                "projects:/projects",
                "reviews:/reviews",
                "rules:/rules",
                "board:/p/web/board",
                "milestones:/p/web/milestones")) {
            pages.add(path.split(":", 2));
        }
        for (String path : more) {
            pages.add(path.split(":", 2));
        }
        return pages;
    }

    private void login(String scheme, int width) {
        browser.clearProblems();
        browser.show(width, 900, scheme);
        browser.open(fixture.server.url() + "/login?to=/settings");
        browser.until("location.pathname == '/login' && !document.querySelector('#person button').disabled");
        browser.type("#name", ServerFixture.USER);
        browser.type("#password", ServerFixture.PASSWORD);
        browser.click("#person button");
        browser.until("location.pathname == '/settings' && document.querySelector('#about dd')");
    }

    /** Visits a page, looks at it once it holds, and returns what is wrong with it. */
    private List<String> look(String[] page, String state, String scheme, int width, String holds) throws IOException {
        browser.until("location.pathname == '" + page[1] + "' && (" + holds + ")");
        // Skeletons come after 150 ms, and go.
        browser.until("!document.querySelector('.skeleton')");
        String name = page[0] + "-" + state + "-" + scheme + "-" + width;
        browser.screenshot(SCREENSHOTS.resolve(name + ".png"));
        List<String> faults = new ArrayList<>();
        String violations = browser.accessibilityViolations();
        if (!violations.isEmpty()) {
            faults.add(name + ": " + violations);
        }
        int wide = browser.evaluate("document.documentElement.scrollWidth").asInt();
        if (wide > width) {
            faults.add(name + " is " + wide + " wide");
        }
        return faults;
    }

    private void create() {
        fixture.architect.projects().create(WEB, "WEB", ProjectDraft.of("Web console"), ADA);
    }

    private void assertEmptyPages(List<String[]> pages, String scheme, int width) throws IOException {
        login(scheme, width);
        List<String> faults = new ArrayList<>();
        for (String[] page : pages) {
            if (page[1].startsWith("/p/")
                    && fixture.architect.projects().find(WEB).isEmpty()) {
                create();
            }
            browser.open(fixture.server.url() + page[1]);
            faults.addAll(
                    look(page, "empty", scheme, width, WORDS + " == 'Live' && document.querySelector('#main > *')"));
        }
        assertThat(faults).isEmpty();
        assertThat(browser.problems()).isEmpty();
    }

    private void assertFailedPages(List<String[]> pages, String scheme, int width) throws IOException {
        create();
        login(scheme, width);
        String script = browser.beforeEachPage(FAIL);
        try {
            List<String> faults = new ArrayList<>();
            for (String[] page : pages) {
                browser.open(fixture.server.url() + page[1]);
                faults.addAll(look(
                        page,
                        "error",
                        scheme,
                        width,
                        "document.querySelector('.failed')?.innerText.includes('7f31c0de')"));
                String words = browser.text(".failed");
                if (!words.contains("Could not load") || !words.contains("503") || !words.contains("Retry")) {
                    faults.add(page[0] + " says: " + words);
                }
            }
            assertThat(faults).isEmpty();
        } finally {
            browser.notBeforeEachPage(script);
        }
    }

    private void assertStalePages(List<String[]> pages, String scheme, int width) throws IOException {
        login(scheme, width);
        List<String> faults = new ArrayList<>();
        for (String[] page : pages) {
            browser.open(fixture.server.url() + page[1]);
            browser.until("location.pathname == '" + page[1] + "' && " + WORDS + " == 'Live'");
            browser.evaluate("window.WebSocket = class extends EventTarget { close() {} }; 0");
            browser.advanceClock(Duration.ofSeconds(26));
            faults.addAll(look(page, "stale", scheme, width, WORDS + ".startsWith('Stale, as of ')"));
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void anEmptyPageSaysWhatItIsForAndAFailedOneWhatFailed() throws IOException {
        assertEmptyPages(List.of(pages().get(1), pages().get(5)), "light", 1440);
        assertFailedPages(List.of(pages().get(1), pages().get(11)), "dark", 390);
    }

    @Tag("slow")
    @Timeout(300)
    @ParameterizedTest
    @CsvSource({"light, 1440", "dark, 1440", "light, 390", "dark, 390"})
    void everyPageIsGoodWhileItIsEmpty(String scheme, int width) throws IOException {
        assertEmptyPages(pages(), scheme, width);
    }

    @Tag("slow")
    @Timeout(300)
    @ParameterizedTest
    @CsvSource({"light, 1440", "dark, 1440", "light, 390", "dark, 390"})
    void everyPageIsGoodWhileItFails(String scheme, int width) throws IOException {
        List<String[]> asking = pages().stream()
                // They show what the channel brings, or what the browser knows.
                .filter(page -> !List.of("overview", "providers", "playground").contains(page[0]))
                .toList();
        assertFailedPages(asking, scheme, width);
    }

    @Tag("slow")
    @Timeout(300)
    @ParameterizedTest
    @CsvSource({"light, 1440", "dark, 1440", "light, 390", "dark, 390"})
    void everyPageIsGoodWhileItIsStale(String scheme, int width) throws IOException {
        create();
        TaskId task = fixture.submit("Summarise ticket #48213 for the night shift");
        fixture.await(task);
        String item = fixture.architect
                .projects()
                .items()
                .create(WEB, ItemDraft.of(ItemKind.FEATURE, "Rate-limit the login"), Optional.empty(), ADA)
                .key()
                .toString();
        assertStalePages(pages("task:/tasks/" + task, "item:/p/web/i/" + item), scheme, width);
    }
}
