package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.Architect;
import dev.architect.runtime.AccessToken;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages {@code /setup} and {@code /login} in a real browser, by keyboard alone. */
final class SetUpPageTest {

    private static final Path SCREENSHOTS = Path.of("target", "pages");

    private static HeadlessBrowser browser;

    private final Architect architect = Architect.builder()
            .store(new InMemoryStore(TimeSource.system()))
            .router((providers, clock) -> new FakeRouter(TimeSource.system()))
            .build();
    private final ArchitectServer server = ArchitectServer.builder(architect, AccessToken.of(ServerFixture.SECRET))
            .port(0)
            .passwords(ServerFixture.HASHER)
            .start();

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
        server.close();
        architect.close();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    private void openSetUp() {
        browser.open(server.url() + "/");
        browser.until("location.pathname == '/setup' && !document.querySelector('#setup button').disabled"
                + " && document.activeElement.id == 'token'");
    }

    /** Fills the fields one after the other, beginning at the one that has the focus, and sends them. */
    private static void fill(String... texts) {
        for (int i = 0; i < texts.length; i++) {
            if (i > 0) {
                browser.press("Tab");
            }
            browser.evaluate("document.activeElement.value = ''");
            browser.type(texts[i]);
        }
        browser.press("Enter");
    }

    @Test
    void theFirstAdminIsMadeAndLogsInAgainByKeyboardAlone() {
        openSetUp();
        browser.until("document.activeElement.id == 'token'");

        fill("not the token", "ada", ServerFixture.PASSWORD, ServerFixture.PASSWORD);
        browser.until("document.getElementById('problem').innerText == 'That is not the token of this server.'");
        browser.until("document.activeElement.id == 'token'");
        browser.screenshot(SCREENSHOTS.resolve("setup.png"));
        fill(ServerFixture.SECRET, "ada", "password12345678", "password12345678");
        browser.until("document.getElementById('problem').innerText.includes('guessed first')");
        browser.until("document.activeElement.id == 'password'");
        fill(ServerFixture.PASSWORD, "another one of mine");
        browser.until("document.getElementById('problem').innerText == 'The passwords differ.'");
        fill(ServerFixture.PASSWORD);
        browser.until("location.pathname == '/' && document.getElementById('connection-words').innerText == 'Live'");

        assertThat(architect.access().orElseThrow().user("ada").orElseThrow().isActiveAdmin())
                .isTrue();
        browser.evaluate("fetch('/api/logout', {method: 'POST'})");
        browser.open(server.url() + "/setup");
        browser.until("location.pathname == '/login' && !document.querySelector('#person button').disabled"
                + " && document.activeElement.id == 'name'");
        fill("ada", "wrong");
        browser.until("document.getElementById('person-problem').innerText == 'The name or the password is wrong.'");
        browser.screenshot(SCREENSHOTS.resolve("login-person.png"));
        browser.until("document.activeElement.id == 'password'");
        fill(ServerFixture.PASSWORD);
        browser.until("location.pathname == '/' && document.getElementById('connection-words').innerText == 'Live'");
    }

    @Test
    void theLoginLeadsToTheSetUpAndALinkOfTheOperatorDoesNot() {
        browser.open(server.url() + "/login");
        browser.until("location.pathname == '/setup'");

        browser.open(server.newLoginLink());
        browser.until("location.pathname == '/' && document.getElementById('connection-words').innerText == 'Live'");
        browser.evaluate("fetch('/logout', {method: 'POST'})");
    }

    @Test
    void bothPagesAreAccessibleInBothSchemesAndFitAPhone() throws IOException {
        for (String scheme : List.of("light", "dark")) {
            for (int width : new int[] {1440, 390}) {
                browser.show(width, 900, scheme);
                openSetUp();
                assertThat(violations()).as("setup %s %d", scheme, width).isEmpty();
                assertThat(browser.evaluate("document.documentElement.scrollWidth")
                                .asInt())
                        .isLessThanOrEqualTo(width);
            }
        }
        ServerFixture.addUser(architect);
        // The server asks the store once a second whether it is still without a user.
        browser.until("fetch('/api/setup').then(answer => answer.json()).then(state => !state.needed)");
        for (String scheme : List.of("light", "dark")) {
            for (int width : new int[] {1440, 390}) {
                browser.show(width, 900, scheme);
                browser.open(server.url() + "/login");
                browser.until("document.readyState == 'complete' && location.pathname == '/login'");
                browser.until("!document.querySelector('#person button').disabled");
                assertThat(violations()).as("login %s %d", scheme, width).isEmpty();
                assertThat(browser.evaluate("document.documentElement.scrollWidth")
                                .asInt())
                        .isLessThanOrEqualTo(width);
            }
        }
        assertThat(browser.problems()).isEmpty();
    }

    private static String violations() throws IOException {
        try (InputStream axe =
                SetUpPageTest.class.getResourceAsStream("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js")) {
            browser.evaluate(new String(axe.readAllBytes(), StandardCharsets.UTF_8) + ";0");
        }
        return browser.evaluate("axe.run().then(found => found.violations.flatMap(rule => rule.nodes.map(node => "
                        + "rule.id + ': ' + node.target + ' ' + node.failureSummary)).join('\\n'))")
                .asText();
    }
}
