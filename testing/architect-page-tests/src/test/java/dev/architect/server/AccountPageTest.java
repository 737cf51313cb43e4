package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.access.AccessStore;
import dev.architect.access.Totp;
import dev.architect.testkit.time.ManualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The password and the authenticator app of a user, in a real browser. */
final class AccountPageTest {

    private static final Path SCREENSHOTS = Path.of("target", "pages");
    private static final String BETTER = "quiet lamps tickle seven owls";

    private static HeadlessBrowser browser;

    private final ManualTime time = new ManualTime();
    private final ServerFixture fixture = new ServerFixture(time);
    private final AccessStore store = fixture.architect.access().orElseThrow();

    @BeforeAll
    static void open() throws IOException {
        assumeTrue(HeadlessBrowser.find().isPresent(), "chromium is not on the PATH (system package: chromium)");
        browser = HeadlessBrowser.start();
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

    private void showPassword(String password) {
        browser.open(fixture.server.url() + "/login");
        browser.until("!document.querySelector('#person button').disabled");
        browser.type("#name", ServerFixture.USER);
        browser.type("#password", password);
        browser.pressEnter();
    }

    private String shown() {
        time.advance(Duration.ofSeconds(Totp.STEP_SECONDS));
        return Totp.code(
                store.secondFactor(ServerFixture.USER).orElseThrow().secretBytes(), Totp.step(time.wallTime()));
    }

    private void openSettings() {
        browser.open(fixture.server.url() + "/settings");
        browser.until("document.querySelector('#change-password')");
    }

    private static void assertAccessible() throws IOException {
        assertThat(browser.accessibilityViolations()).isEmpty();
    }

    @Test
    void theAppIsSetUpAskedForAndRemoved() throws Exception {
        browser.show(1280, 900, "light");
        showPassword(ServerFixture.PASSWORD);
        browser.until("location.pathname == '/'");
        openSettings();
        browser.until("document.querySelector('#totp-state').innerText == 'off'");

        browser.click("#set-up-totp");
        browser.until("document.querySelector('dialog svg')");
        browser.until("document.activeElement.id == 'code'");
        assertThat(browser.text("#totp-secret").replace(" ", ""))
                .isEqualTo(Totp.base32(
                        store.secondFactor(ServerFixture.USER).orElseThrow().secretBytes()));
        assertAccessible();
        browser.screenshot(SCREENSHOTS.resolve("authenticator-app.png"));
        browser.type("#code", "000");
        browser.pressEnter();
        browser.until("document.querySelector('#account-problem').innerText.includes('the code is wrong')");
        browser.evaluate("document.querySelector('#code').value = ''");
        browser.type("#code", shown());
        browser.pressEnter();
        browser.until("document.querySelectorAll('#recovery-codes li').length == 10");
        assertAccessible();
        String recovery = browser.text("#recovery-codes li");
        browser.show(390, 800, "dark");
        assertAccessible();
        browser.screenshot(SCREENSHOTS.resolve("recovery-codes-phone-dark.png"));
        browser.show(1280, 900, "light");
        browser.pressEnter();
        browser.until("document.querySelector('#totp-state').innerText == 'on, 10 codes left'");

        showPassword(ServerFixture.PASSWORD);
        browser.until("!document.querySelector('#second').hidden");
        browser.until("document.activeElement.id == 'code'");
        assertThat(browser.evaluate("getComputedStyle(document.querySelector('#person')).display")
                        .asText())
                .isEqualTo("none");
        assertAccessible();
        browser.screenshot(SCREENSHOTS.resolve("login-code.png"));
        browser.type("#code", "111111");
        browser.pressEnter();
        browser.until("document.querySelector('#second-problem').innerText.includes('wrong')");
        browser.evaluate("document.querySelector('#code').value = ''");
        browser.type("#code", recovery);
        browser.pressEnter();
        browser.until("location.pathname == '/'");

        openSettings();
        browser.until("document.querySelector('#totp-state').innerText == 'on, 9 codes left'");
        time.advance(Duration.ofMinutes(11));
        browser.click("#remove-totp");
        browser.until("document.querySelector('dialog button.primary')");
        browser.click("dialog button.primary");
        browser.until("document.querySelector('dialog #password')");
        assertAccessible();
        browser.type("#password", ServerFixture.PASSWORD);
        browser.type("#code", shown());
        browser.pressEnter();
        browser.until("document.querySelector('#totp-state').innerText == 'off'");
        assertThat(store.secondFactor(ServerFixture.USER)).isEmpty();
    }

    @Test
    void thePasswordIsChanged() throws Exception {
        browser.show(1280, 900, "dark");
        showPassword(ServerFixture.PASSWORD);
        browser.until("location.pathname == '/'");
        openSettings();

        browser.click("#change-password");
        browser.until("document.querySelector('dialog #current')");
        assertAccessible();
        browser.type("#current", "wrong");
        browser.type("#password", BETTER);
        browser.pressEnter();
        browser.until("document.querySelector('#account-problem').innerText.includes('is wrong')");
        browser.evaluate("document.querySelector('#current').value = ''");
        browser.type("#current", ServerFixture.PASSWORD);
        browser.pressEnter();
        browser.until("!document.querySelector('dialog')");
        browser.until("document.querySelector('.toast')?.innerText.includes('password is changed')");

        showPassword(BETTER);
        browser.until("location.pathname == '/'");
    }
}
