package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.access.AccessStore;
import dev.architect.testkit.time.ManualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What needs a fresh login, in a browser whose user has a passkey: by keys alone, with an authenticator of its own. */
final class PasskeyRefreshPageTest {

    private static final Path SCREENSHOTS = Path.of("target", "pages");

    private static HeadlessBrowser browser;

    private final ManualTime time = new ManualTime();
    private final ServerFixture fixture = new ServerFixture(time);
    private final AccessStore store = fixture.architect.access().orElseThrow();
    private String authenticator;

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
    void addPasskey() {
        browser.show(1280, 900, "light");
        authenticator = browser.addAuthenticator();
        browser.open("http://localhost:" + fixture.server.port() + "/login?to=/settings");
        browser.until("document.activeElement.id == 'name' && !document.querySelector('#person button').disabled");
        browser.type(ServerFixture.USER);
        browser.press("Tab");
        browser.type(ServerFixture.PASSWORD);
        browser.press("Enter");
        browser.until("location.pathname == '/settings' && document.querySelector('#add-passkey')");
        beginToAdd();
        browser.until("document.activeElement.id == 'name' && document.activeElement.closest('dialog')");
        browser.type("Laptop");
        browser.press("Enter");
        browser.until("document.querySelector('#passkeys')?.innerText.includes('Laptop')");
    }

    @AfterEach
    void closeServer() {
        browser.removeAuthenticator(authenticator);
        browser.clearProblems();
        fixture.close();
    }

    /** What needs a login of the last ten minutes. */
    private static void beginToAdd() {
        browser.tabTo("e.id == 'add-passkey'");
        browser.press("Enter");
    }

    @Test
    void aPasskeyShowsThatItIsTheUserInPlaceOfThePassword() throws IOException {
        time.advance(Duration.ofMinutes(11));
        beginToAdd();
        browser.until("document.activeElement.id == 'fresh-passkey'");
        assertThat(browser.text("dialog h2")).isEqualTo("Show once more that it is you");
        for (String scheme : new String[] {"dark", "light"}) {
            for (int width : new int[] {390, 1280}) {
                browser.show(width, 900, scheme);
                browser.screenshot(SCREENSHOTS.resolve("fresh-login-" + scheme + "-" + width + ".png"));
                assertThat(browser.accessibilityViolations()).isEmpty();
            }
        }

        browser.press("Enter");

        browser.until(
                "document.activeElement.id == 'name' && document.querySelector('dialog h2').innerText == 'Add a passkey'");
        assertThat(store.passkeys(ServerFixture.USER).get(0).use().lastUsed()).contains(time.wallTime());
    }

    @Test
    void whatThePasskeyDoesNotShowThePasswordDoes() {
        browser.verifyUser(authenticator, false);
        time.advance(Duration.ofMinutes(11));
        beginToAdd();
        browser.until("document.activeElement.id == 'fresh-passkey'");
        browser.press("Enter");
        browser.until("document.getElementById('account-problem').innerText.includes('No passkey was used')");
        browser.press("Tab");
        browser.until("document.activeElement.id == 'password'");
        browser.type(ServerFixture.PASSWORD);
        browser.press("Enter");

        browser.until(
                "document.activeElement.id == 'name' && document.querySelector('dialog h2').innerText == 'Add a passkey'");
    }
}
