package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.testkit.time.ManualTime;
import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a page says about the age of what it shows, before a server that freezes or has no more room. */
final class PageFreshnessTest {

    private static final Path SCREENSHOTS = Path.of("target", "pages");
    private static final String WORDS = "document.getElementById('connection-words').innerText";
    private static final String IS_MUTED =
            "getComputedStyle(document.getElementById('cost')).color == getComputedStyle(document.querySelector('.note')).color";

    private static HeadlessBrowser browser;

    private final ManualTime time = new ManualTime();
    private ServerFixture fixture = new ServerFixture(time);

    @BeforeAll
    static void open() throws IOException {
        assumeTrue(HeadlessBrowser.find().isPresent(), "chromium is not on the PATH (system package: chromium)");
        browser = HeadlessBrowser.start();
        browser.makeClockMovable();
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

    private void login() {
        browser.clearProblems();
        browser.show(1440, 1000, "light");
        browser.open(fixture.server.url() + "/login#token=" + ServerFixture.SECRET);
        browser.until("location.pathname == '/'");
    }

    @Test
    void aSilentServerIsStaleByThePagesOwnClock() {
        fixture.await(fixture.submit("hello"));
        login();
        // From here on its clock stands still, however long the machine takes for what follows.
        browser.stopClock();
        browser.until(WORDS + " == 'Live' && document.querySelector('#latest a')");
        // From now on no server answers; the one that the page is connected to is silent, since its time stands still.
        browser.evaluate(
                "window.realSocket = WebSocket; window.WebSocket = class extends EventTarget { close() {} }; 0");

        browser.advanceClock(Duration.ofSeconds(20));
        assertThat(browser.evaluate("new Promise(done => setTimeout(() => done(" + WORDS + "), 1100))")
                        .textValue())
                .as("after 20 s without a message")
                .isEqualTo("Live");
        assertThat(browser.evaluate(IS_MUTED).asBoolean()).isFalse();
        browser.advanceClock(Duration.ofSeconds(6));

        browser.until(WORDS + ".startsWith('Stale, as of ')");
        assertThat(browser.evaluate(IS_MUTED).asBoolean()).isTrue();
        assertThat(browser.text("#cost")).as("the figures stay").isEqualTo("$0.0001235");
        browser.screenshot(SCREENSHOTS.resolve("overview-stale.png"));

        // The socket that the page opens meanwhile makes nothing fresh; a message does.
        browser.advanceClock(Duration.ofSeconds(5));
        assertThat(browser.evaluate(WORDS).textValue()).startsWith("Stale, as of ");
        browser.evaluate("window.WebSocket = window.realSocket; 0");
        browser.advanceClock(Duration.ofSeconds(11));
        browser.until(WORDS + " == 'Live' && !(" + IS_MUTED + ")");
    }

    @Test
    void aPageThatNeverHeardAnythingSaysSo() {
        login();
        browser.until(WORDS + " == 'Live'");
        browser.evaluate("window.WebSocket = class extends EventTarget { close() {} }; 0");
        fixture.server.close();
        browser.until(WORDS + ".startsWith('Reconnecting, as of ')");

        browser.advanceClock(Duration.ofSeconds(26));

        browser.until(WORDS + ".startsWith('Stale, as of ')");
    }

    @Test
    void aPageWithoutWebSocketsFollowsEvents() {
        fixture.close();
        fixture = new ServerFixture();
        login();
        browser.until(WORDS + " == 'Live'");
        browser.evaluate("window.WebSocket = class extends EventTarget { constructor() { super();"
                + " setTimeout(() => this.dispatchEvent(new CloseEvent('close'))); } close() {} }; 0");
        browser.advanceClock(Duration.ofSeconds(26));
        browser.until("performance.getEntriesByType('resource').filter(e => e.name.includes('/api/live')).length > 0");
        browser.until(WORDS + " == 'Live'");

        fixture.await(fixture.submit("hello"));

        browser.until("document.getElementById('success-note').innerText.startsWith('1 done')");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void aPageBeyondTheLimitRefreshes() throws InterruptedException {
        fixture.close();
        fixture = new ServerFixture(2);
        List<WebSocket> others = new ArrayList<>();
        CountDownLatch open = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            others.add(fixture.client
                    .newWebSocketBuilder()
                    .header("Authorization", "Bearer " + ServerFixture.SECRET)
                    .buildAsync(
                            URI.create(fixture.server.url().replace("http", "ws") + "/ws/live"),
                            new WebSocket.Listener() {
                                @Override
                                public void onOpen(WebSocket socket) {
                                    open.countDown();
                                    socket.request(Long.MAX_VALUE);
                                }
                            })
                    .join());
        }
        assertThat(open.await(60, TimeUnit.SECONDS)).isTrue();

        login();
        browser.until(WORDS + " == 'Refreshes every 5 s'");
        assertThat(browser.text("#latest-empty")).contains("Nothing has run yet");
        fixture.await(fixture.submit("hello"));

        browser.until("document.getElementById('success-note').innerText.startsWith('1 done')");
        assertThat(browser.problems()).isEmpty();
        others.forEach(WebSocket::abort);
    }
}
