package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.Reviews;
import dev.architect.planner.approval.Action;
import dev.architect.planner.approval.ApprovalPolicy;
import dev.architect.planner.approval.Context;
import dev.architect.planner.approval.path.LinkReader;
import dev.architect.planner.review.ActionContents;
import dev.architect.planner.review.ApprovalGate;
import dev.architect.planner.review.StoredApprovals;
import dev.architect.review.Review;
import dev.architect.review.ReviewDecision;
import dev.architect.review.ReviewKind;
import dev.architect.review.ReviewQuery;
import dev.architect.review.ReviewRefusedException;
import dev.architect.review.ReviewRequest;
import dev.architect.review.ReviewRequester;
import dev.architect.review.ReviewState;
import dev.architect.review.ReviewedAction;
import dev.architect.spi.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page of the queue of reviews in a real browser, used by its keys. Screenshots are written to {@code target/pages}. */
final class ReviewsPageTest {

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
        fixture.close();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    private Review ask(String... argv) {
        return reviews.ask(ReviewRequests.request(argv));
    }

    private void openPage() {
        browser.open(fixture.server.url() + "/login?to=/reviews");
        browser.until("location.pathname == '/login' && !document.querySelector('#person button').disabled");
        browser.type("#name", ServerFixture.USER);
        browser.type("#password", ServerFixture.PASSWORD);
        browser.click("#person button");
        browser.until("location.pathname == '/reviews'");
    }

    private void untilShown(Review review) {
        browser.until("document.getElementById('hash').innerText.includes('"
                + review.request().action().sha256() + "')");
    }

    private void untilLive() {
        browser.until("!document.querySelector('[data-key=d]').disabled");
    }

    private ReviewState state(Review review) {
        return reviews.get(review.id()).state();
    }

    @Test
    void twentyReviewsAreDecidedByKeyboardWithinAMinute() {
        List<Review> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(ask("make", "target" + i));
        }
        openPage();
        untilShown(all.get(0));
        browser.screenshot(SCREENSHOTS.resolve("reviews.png"));

        long begin = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            untilShown(all.get(i));
            untilLive();
            if (i % 4 == 3) {
                browser.press('d');
                browser.until("document.activeElement.id == 'form-text'");
                browser.type("#form-text", "not " + i);
                browser.pressEnter();
            } else {
                browser.press('a');
            }
        }
        browser.until("document.getElementById('queue-state').innerText == 'Nothing waits for you.'");
        Duration took = Duration.ofNanos(System.nanoTime() - begin);

        assertThat(took).isLessThan(Duration.ofSeconds(60));
        for (int i = 0; i < 20; i++) {
            assertThat(state(all.get(i))).isEqualTo(i % 4 == 3 ? ReviewState.DENIED : ReviewState.APPROVED);
        }
        assertThat(reviews.get(all.get(3).id()).outcome().orElseThrow().comment())
                .isEqualTo("not 3");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void noKeyIsLiveForHalfASecondAfterAnotherReviewHasCome() {
        Review first = ask("make", "one");
        Review second = ask("make", "two");
        openPage();
        untilShown(first);
        untilLive();

        // The second key meets a review that has just come.
        browser.press('j');
        browser.evaluate("new Promise(done => { const look = () => {"
                + " if (!document.getElementById('hash').innerText.includes('"
                + second.request().action().sha256() + "')) { setTimeout(look, 1); return; }"
                + " document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'a', bubbles: true}));"
                + " done(true); }; look(); })");

        assertThat(browser.evaluate("document.querySelector('[data-key=a]').disabled")
                        .asBoolean())
                .isTrue();
        untilLive();
        assertThat(reviews.list(ReviewQuery.oldest(Set.of(ReviewState.OPEN), 10)))
                .hasSize(2);
        browser.press('k');
        untilShown(first);
        untilLive();
        browser.press('a');
        untilShown(second);
        assertThat(state(first)).isEqualTo(ReviewState.APPROVED);
        browser.press('u');
        untilShown(first);
        assertThat(state(first)).isEqualTo(ReviewState.OPEN);
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void nothingInAnActionIsHidden() {
        String json = "{\"action\":\"exec\",\"argv\":[\"rm\",\"a\\u202etxt.exe\",\"x\\u001b[2K\",\"a b\",\""
                + "y".repeat(2_000) + "\"]}";
        Review review = reviews.ask(ReviewRequest.builder(
                        ReviewKind.COMMAND,
                        "rm a\u202etxt.exe",
                        ReviewedAction.of(json),
                        ReviewRequester.named("agent:builder"))
                .build());
        openPage();
        untilShown(review);

        assertThat(browser.evaluate("document.querySelectorAll('.argv > li').length")
                        .asInt())
                .isEqualTo(5);
        assertThat(browser.evaluate(
                                "[...document.querySelectorAll('.argv .hidden-character')].map(e => e.innerText).join()")
                        .asText())
                .isEqualTo("U+202E,U+001B");
        assertThat(browser.text("#review-title")).contains("U+202E").doesNotContain("\u202e");
        assertThat(browser.text(".argv > li:nth-child(4)")).contains("a b");
        assertThat(browser.text(".argv > li:nth-child(5) summary")).contains("2000 characters");
        assertThat(browser.text("#why-off")).contains("s: it is of no run");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void anActionIsEditedAndChangesAreAskedForByLine() {
        Review first = ask("git", "push");
        Review second = ask("git", "merge");
        openPage();
        untilShown(first);
        untilLive();

        browser.press('e');
        browser.until("document.activeElement.id == 'form-text'");
        browser.evaluate("document.getElementById('form-text').value ="
                + " JSON.stringify({action: 'exec', argv: ['git', 'push', '--dry-run']})");
        browser.click("#form-send");
        untilShown(second);
        assertThat(reviews.get(first.id()).effectiveAction().json()).contains("--dry-run");
        untilLive();
        browser.press('c');
        browser.until("document.activeElement.id == 'form-text'");
        browser.type("#form-text", "please");
        browser.type("#line-file", "a.txt");
        browser.type("#line-number", "3");
        browser.type("#line-text", "why?");
        browser.click("#line-add");
        browser.click("#form-send");
        browser.until("document.getElementById('queue-state').innerText == 'Nothing waits for you.'");

        assertThat(state(second)).isEqualTo(ReviewState.CHANGED);
        assertThat(reviews.comments(second.id()).get(0).remark().file()).contains("a.txt");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void aDecisionOfSomebodyElseIsSeenAndAPhoneCanDecide() {
        Review first = ask("git", "push");
        browser.show(390, 844, "dark");
        openPage();
        untilShown(first);
        untilLive();

        reviews.decide(first.id(), ReviewDecision.deny(first.request().action().sha256(), "jonas", "no"));
        browser.until("document.getElementById('review-state').innerText == 'jonas has decided: denied'");
        assertThat(browser.evaluate("document.querySelector('[data-key=a]').disabled")
                        .asBoolean())
                .isTrue();
        Review second = ask("git", "merge");
        browser.click("#back");
        browser.until("document.querySelectorAll('#queue button').length == 1");
        browser.click("#queue button");
        untilShown(second);
        untilLive();
        browser.screenshot(SCREENSHOTS.resolve("reviews-390.png"));
        assertThat(browser.evaluate(
                                "[...document.querySelectorAll('body *')].filter(each =>"
                                        + " each.getBoundingClientRect().right > 390 && each.offsetWidth > 0"
                                        + " && !each.closest('.diff')).map(each => each.tagName + each.id + each.className).join()")
                        .asText())
                .isEmpty();
        browser.click("[data-key=a]");
        browser.until("document.getElementById('queue-state').innerText == 'Nothing waits for you.'");
        assertThat(state(second)).isEqualTo(ReviewState.APPROVED);
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void aPausedRunIsShownWithWhatItWasDeniedAndGoesOn() {
        ReviewRequester agent = ReviewRequester.named("agent:builder").withRun("run-7");
        ApprovalPolicy policy = ApprovalPolicy.standard("/srv/app", "/home/agent");
        ApprovalGate gate = new ApprovalGate(
                reviews,
                new StoredApprovals(reviews, policy),
                LinkReader.ofFileSystem(),
                ActionContents.ofFileSystem(),
                TimeSource.system());
        Context context = Context.builder("/srv/app", reviews.now())
                .requester(agent.name())
                .run("run-7")
                .build();
        for (String name : List.of("id_rsa", "id_dsa", "id_ecdsa")) {
            assertThatThrownBy(() ->
                            gate.start(new Action.Read("/home/agent/.ssh/" + name), context, agent, request -> request))
                    .isInstanceOf(ReviewRefusedException.class);
        }
        openPage();
        browser.until("document.getElementById('review-title').innerText.includes('agent:builder was denied 3 actions')"
                + " && document.querySelector('#preview-card h3').innerText == 'What it was denied'"
                + " && document.querySelectorAll('#preview li').length == 3");
        untilLive();
        assertThat(browser.text("[data-key=a]")).contains("Let it go on");
        browser.screenshot(SCREENSHOTS.resolve("reviews-paused.png"));
        browser.press('a');
        browser.until("document.activeElement.id == 'form-text'");
        browser.type("#form-text", "leave the keys alone");
        browser.pressEnter();
        browser.until("document.getElementById('queue-state').innerText == 'Nothing waits for you.'");

        assertThat(reviews.list(ReviewQuery.newest(Set.of(ReviewState.APPROVED, ReviewState.USED), 10)))
                .singleElement()
                .satisfies(answered ->
                        assertThat(answered.outcome().orElseThrow().comment()).isEqualTo("leave the keys alone"));
        assertThat(browser.problems()).isEmpty();
    }
}
