package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.access.AccessStore;
import dev.architect.access.Passkey;
import dev.architect.access.SecondFactor;
import dev.architect.spi.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Passkeys in a real browser with an authenticator of its own, by keys alone. */
final class PasskeyPageTest {

    private static final Path SCREENSHOTS = Path.of("target", "pages");

    private static HeadlessBrowser browser;

    private final ServerFixture fixture = new ServerFixture();
    private final AccessStore store = fixture.architect.access().orElseThrow();
    private final String site = "http://localhost:" + fixture.server.port();
    private String authenticator;

    @BeforeAll
    static void open() throws IOException {
        assumeTrue(HeadlessBrowser.find().isPresent(), "chromium is not on the PATH (system package: chromium)");
        browser = HeadlessBrowser.start();
        browser.show(1280, 900, "light");
    }

    @BeforeEach
    void plugIn() {
        authenticator = browser.addAuthenticator();
    }

    @AfterEach
    void closeServer() {
        browser.removeAuthenticator(authenticator);
        browser.clearProblems();
        fixture.close();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    private void showPassword(String from) {
        browser.open(from + "/login");
        browser.until("document.activeElement.id == 'name' && !document.querySelector('#person button').disabled");
        browser.type(ServerFixture.USER);
        browser.press("Tab");
        browser.type(ServerFixture.PASSWORD);
        browser.press("Enter");
    }

    private static void goToSettings() {
        browser.until("location.pathname == '/' && document.getElementById('connection-words').innerText == 'Live'");
        browser.press("g");
        browser.press("x");
        browser.until("location.pathname == '/settings' && !document.querySelector('#passkey-card').hidden");
    }

    private void addPasskey(String name) {
        browser.until("document.querySelector('#add-passkey')");
        browser.tabTo("e.id == 'add-passkey'");
        browser.press("Enter");
        browser.until("document.activeElement.closest('dialog') && document.activeElement.id == 'name'");
        browser.type(name);
        browser.press("Enter");
        browser.until("document.querySelector('#passkeys')?.innerText.includes('" + name + "')");
    }

    private static void logOut() {
        browser.press("Control+k");
        browser.until("document.activeElement.getAttribute('role') == 'combobox'");
        browser.type("Log out");
        browser.press("Enter");
        browser.until("location.pathname == '/login' && document.activeElement.id == 'name'");
    }

    private static String actor() {
        return browser.evaluate("fetch('/api/me').then((answer) => answer.json()).then((me) => me.actor)")
                .asText();
    }

    private static void assertAccessible() throws IOException {
        assertThat(browser.accessibilityViolations()).isEmpty();
    }

    @Test
    void aPasskeyIsAddedAndSignsInByKeysAlone() throws Exception {
        showPassword(site);
        goToSettings();
        browser.until("!document.querySelector('#no-passkeys').hidden");
        assertAccessible();
        addPasskey("Laptop");
        assertThat(browser.text("#passkeys")).contains("Laptop", "added");
        assertAccessible();
        browser.screenshot(SCREENSHOTS.resolve("passkeys.png"));
        Passkey added = store.passkeys(ServerFixture.USER).get(0);
        assertThat(added.transports()).containsExactly("internal");

        logOut();
        assertAccessible();
        browser.screenshot(SCREENSHOTS.resolve("login-passkey.png"));
        browser.tabTo("e.closest('#by-passkey')");
        browser.press("Enter");
        browser.until("location.pathname == '/'");

        assertThat(actor()).isEqualTo("user:ada");
        assertThat(store.passkey(added.id()).orElseThrow().use().lastUsed()).isPresent();
        goToSettings();
        browser.until("document.querySelector('#passkeys').innerText.includes('used ')");
        browser.show(390, 800, "dark");
        assertAccessible();
        browser.screenshot(SCREENSHOTS.resolve("passkeys-phone-dark.png"));
        browser.show(1280, 900, "light");
        browser.tabTo("e.getAttribute('aria-label') == 'Remove the passkey Laptop'");
        browser.press("Enter");
        browser.until("document.querySelector('dialog button.primary')");
        browser.tabTo("e.classList.contains('primary') && e.closest('dialog')");
        browser.press("Enter");
        browser.until("!document.querySelector('#no-passkeys').hidden && !document.querySelector('dialog')");
        assertThat(store.passkeys(ServerFixture.USER)).isEmpty();
        assertThat(browser.problems()).isEmpty();

        logOut();
        browser.tabTo("e.closest('#by-passkey')");
        browser.press("Enter");
        browser.until("document.querySelector('#passkey-problem').innerText.includes('not known here')");
        assertAccessible();
    }

    @Test
    void aLoginThatWasToEndLeadsNowhereElse() throws Exception {
        showPassword(site);
        goToSettings();

        // The live channel may close before the request to log out is answered.
        String asked = browser.evaluate("import('/page/live.js').then(live => {"
                        + " let asked = 0;"
                        + " navigation.addEventListener('navigate', event => { asked++; event.preventDefault(); });"
                        + " live.askToLogIn();"
                        + " const before = asked;"
                        + " live.leave();"
                        + " live.askToLogIn();"
                        + " return `${before} before, ${asked} in all`; })")
                .asText();

        assertThat(asked).isEqualTo("1 before, 1 in all");
    }

    @Test
    void aDeviceKeepsOnePasskeyAndOneThatDoesNotVerifyComesAfterThePassword() throws Exception {
        showPassword(site);
        goToSettings();
        addPasskey("Key");
        browser.tabTo("e.id == 'add-passkey'");
        browser.press("Enter");
        browser.until("document.activeElement.id == 'name'");
        browser.type("Again");
        browser.press("Enter");
        browser.until("document.querySelector('#account-problem').innerText.includes('has a passkey of yours')");
        browser.press("Escape");
        SecondFactor begun = SecondFactor.begin(
                ServerFixture.USER, new byte[20], TimeSource.system().wallTime());
        store.beginSecondFactor(begun);
        store.confirmSecondFactor(begun.confirmed(TimeSource.system().wallTime(), 0, Set.of()));
        browser.verifyUser(authenticator, false);

        logOut();
        browser.tabTo("e.closest('#by-passkey')");
        browser.press("Enter");
        browser.until("document.querySelector('#passkey-problem').innerText.includes('No passkey was used')");
        showPassword(site);
        browser.until("!document.querySelector('#second').hidden && !document.querySelector('#second-passkey').hidden");
        assertAccessible();
        browser.screenshot(SCREENSHOTS.resolve("login-second-passkey.png"));
        browser.tabTo("e.id == 'second-passkey'");
        browser.press("Enter");
        browser.until("location.pathname == '/'");
        assertThat(actor()).isEqualTo("user:ada");
    }

    @Test
    void underAnAddressThePagesSayWhereThereArePasskeys() throws Exception {
        browser.open(fixture.server.url() + "/login");
        browser.until("!document.querySelector('#person button').disabled");
        assertThat(browser.evaluate("document.querySelector('#by-passkey').hidden")
                        .asBoolean())
                .isTrue();
        showPassword(fixture.server.url());
        goToSettings();
        browser.until("document.querySelector('#passkeys-elsewhere')?.innerText.includes('http://localhost')");
        assertThat(browser.text("#add-passkey")).isEmpty();
        assertAccessible();
    }
}
