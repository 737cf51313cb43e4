package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page of an item in real browsers: its files, comments and relations, and two people who edit it at once. */
final class ItemPageTest {

    private static final Path SCREENSHOTS = Path.of("target", "pages");
    private static final int ROUNDS = Boolean.getBoolean("architect.slow") ? 50 : 5;

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
        post("/api/projects", "{'key':'web','prefix':'WEB','title':'Web console'}");
        post("/api/projects/web/items", "{'title':'Login','column':'To do'}");
        post("/api/projects/web/items", "{'title':'Logout','column':'To do'}");
        browser.clearProblems();
        login(browser);
    }

    @AfterEach
    void closeServer() {
        // A refusal that the page deals with is in the console all the same.
        assertThat(browser.problems()).allMatch(each -> each.startsWith("Failed to load resource"));
        fixture.close();
    }

    private void login(HeadlessBrowser each) {
        each.show(1440, 900, "light");
        each.open(fixture.server.url() + "/login#token=" + ServerFixture.SECRET);
        each.until("location.pathname == '/' && document.getElementById('connection-words').innerText == 'Live'");
    }

    private JsonNode post(String path, String body) {
        return fixture.json(fixture.post(path, body.replace('\'', '"')));
    }

    private void openItem(HeadlessBrowser each, String key) {
        each.open(fixture.server.url() + "/p/web/i/" + key);
        each.until("location.pathname.endsWith('/" + key + "') && document.querySelector('#item-body .note')"
                + " && document.getElementById('connection-words').innerText == 'Live'");
    }

    /** Chooses a file, as somebody does in the window of the browser. */
    private static void choose(String name, String type, String content) {
        browser.evaluate("(() => { const chosen = new DataTransfer(); chosen.items.add(new File(['" + content + "'], '"
                + name + "', { type: '" + type + "' })); const field = document.getElementById('item-file');"
                + " field.files = chosen.files; field.dispatchEvent(new Event('change')); return true; })()");
    }

    @Test
    void aFileIsAddedFetchedAndDeleted() {
        openItem(browser, "WEB-1");
        assertThat(browser.text("#item-files")).isEqualTo("No files.");
        choose("notes of ada.txt", "text/plain", "Try it twice.");
        browser.until("document.querySelector('#item-files a')?.innerText == 'notes of ada.txt'");

        assertThat(browser.text("#item-files .note")).isEqualTo("1 kB, text/plain");
        assertThat(browser.evaluate("document.querySelector('#item-files a').download")
                        .textValue())
                .isEqualTo("notes of ada.txt");
        String fetched = browser.evaluate("fetch(document.querySelector('#item-files a').href).then(async answer =>"
                        + " answer.headers.get('content-disposition') + ': ' + await answer.text())")
                .textValue();
        assertThat(fetched).isEqualTo("attachment; filename*=UTF-8''notes%20of%20ada.txt: Try it twice.");

        choose("picture.png", "image/png", "no picture at all");
        browser.until("document.querySelector('.toast.bad')");
        assertThat(browser.text(".toast.bad")).contains("image/png");
        assertThat(fixture.getJson("/api/items/WEB-1/attachments").get("items")).hasSize(1);

        browser.click("#item-files button[aria-label=\"Delete notes of ada.txt\"]");
        browser.until("document.querySelector('#item-files').innerText == 'No files.'");
        assertThat(fixture.getJson("/api/items/WEB-1/attachments").get("items")).isEmpty();
    }

    @Test
    void commentsAreAnsweredAndSettled() {
        openItem(browser, "WEB-1");
        comment("Which colour?");
        comment("Who tests it?");
        browser.evaluate(
                "[...document.querySelectorAll('#item-stream li')].find(e => e.innerText.includes('Which colour?'))"
                        + ".querySelector('[aria-label^=Answer]').click()");
        browser.until("document.activeElement.id == 'comment'"
                + " && document.activeElement.placeholder.startsWith('Answers: Which colour?')");
        browser.type("Blue.");
        browser.press("Control+Enter");
        browser.until("document.querySelector('#item-stream .answer')?.innerText.includes('Blue.')"
                + " && document.getElementById('comment').placeholder == ''");

        JsonNode said = fixture.getJson("/api/items/WEB-1/comments").get("items");
        assertThat(said).hasSize(3);
        assertThat(said.at("/2/parent").textValue()).isEqualTo(said.at("/0/id").textValue());
        assertThat(browser.evaluate(
                                "[...document.querySelectorAll('#item-stream .pre')].map(e => e.innerText).join(' ')")
                        .textValue())
                .as("an answer stands below what it answers")
                .isEqualTo("Which colour? Blue. Who tests it?");

        browser.click("#item-stream [aria-label=\"Settle: Which colour?\"]");
        browser.until("document.querySelector(\"#item-stream [aria-label='Open again: Which colour?']\")");
        assertThat(browser.text("#item-stream")).contains("settled");
        assertThat(fixture.getJson("/api/items/WEB-1/comments").at("/items/0").hasNonNull("resolvedAt"))
                .isTrue();
        browser.click("#item-stream [aria-label=\"Open again: Which colour?\"]");
        browser.until("document.querySelector(\"#item-stream [aria-label='Settle: Which colour?']\")");
        assertThat(fixture.getJson("/api/items/WEB-1/comments").at("/items/0").hasNonNull("resolvedAt"))
                .isFalse();
    }

    private static void comment(String words) {
        browser.type("#comment", words);
        browser.press("Control+Enter");
        browser.until("document.getElementById('item-stream').innerText.includes('" + words + "')"
                + " && document.getElementById('comment').value == ''");
    }

    @Test
    void itemsAreRelatedByADialogue() throws IOException {
        openItem(browser, "WEB-1");
        relate("blocks", "WEB-9");
        browser.until("document.querySelector('dialog [role=alert]').innerText.includes('WEB-9')");
        browser.press("Escape");
        browser.until("!document.querySelector('dialog')");
        relate("blocks", "WEB-2");
        browser.until(
                "!document.querySelector('dialog') && document.querySelector('#item-links a')?.innerText == 'WEB-2'");

        assertThat(browser.text("#item-links .what")).isEqualTo("blocks");
        assertThat(browser.evaluate("document.querySelector('#item-graph svg').textContent")
                        .textValue())
                .contains("WEB-1", "WEB-2", "Logout", "blocks");
        assertThat(browser.accessibilityViolations()).isEmpty();

        browser.click("#item-links a");
        browser.until(
                "location.pathname == '/p/web/i/WEB-2' && document.querySelector('#item-links a')?.innerText == 'WEB-1'");
        assertThat(browser.text("#item-links .what")).isEqualTo("is blocked by");
        relate("blocks", "WEB-1");
        browser.until("document.querySelector('dialog [role=alert]').innerText.includes('WEB-1 → WEB-2 → WEB-1')");
        browser.press("Escape");
        browser.until("!document.querySelector('dialog')");
        browser.click("#item-links button");
        browser.until("document.getElementById('item-links').innerText == 'Related to nothing.'");
        assertThat(fixture.getJson("/api/items/WEB-1/links").get("items")).isEmpty();
    }

    private static void relate(String kind, String other) {
        browser.click("#add-link");
        browser.until("document.activeElement.id == 'link-to'");
        browser.evaluate("document.getElementById('link-kind').value = '" + kind + "'");
        browser.type(other);
        browser.press("Enter");
    }

    @Test
    void twoPeopleEditOneItemAtOnce() throws IOException {
        try (HeadlessBrowser other = HeadlessBrowser.start()) {
            login(other);
            openItem(browser, "WEB-1");
            openItem(other, "WEB-1");
            printDelays(other);

            // Other fields are kept side by side.
            edit(browser);
            edit(other);
            replace(browser, "edit-title", "Sign in");
            save(browser);
            browser.until("document.getElementById('title').innerText == 'WEB-1 Sign in'");
            replace(other, "edit-body", "With a second factor.");
            save(other);
            for (HeadlessBrowser each : List.of(browser, other)) {
                each.until("document.getElementById('title').innerText == 'WEB-1 Sign in'"
                        + " && document.getElementById('item-body').innerText == 'With a second factor.'");
            }

            // Of the same field both are shown, and the later one decides.
            edit(browser);
            edit(other);
            replace(browser, "edit-title", "Enter");
            save(browser);
            browser.until("document.getElementById('title').innerText == 'WEB-1 Enter'");
            replace(other, "edit-title", "Come in");
            save(other);
            other.until("document.querySelector('dialog h2')?.innerText == 'Changed meanwhile'");
            assertThat(other.text("[data-both=title] [data-part=theirs]")).isEqualTo("Enter");
            assertThat(other.text("[data-both=title] [data-part=mine]")).isEqualTo("Come in");
            assertThat(fixture.getJson("/api/items/WEB-1").get("title").textValue())
                    .isEqualTo("Enter");
            other.screenshot(SCREENSHOTS.resolve("item-conflict.png"));
            assertThat(other.accessibilityViolations()).isEmpty();
            other.click("#confirm");
            for (HeadlessBrowser each : List.of(browser, other)) {
                each.until("document.getElementById('title').innerText == 'WEB-1 Come in'");
            }
            JsonNode item = fixture.getJson("/api/items/WEB-1");
            assertThat(item.get("body").textValue()).isEqualTo("With a second factor.");
            assertThat(other.problems()).allMatch(each -> each.startsWith("Failed to load resource"));
        }
    }

    /** Prints how long it takes from a choice on one page until the other page shows it. */
    private static void printDelays(HeadlessBrowser other) {
        other.evaluate(
                "(() => { window.shown = {}; const look = () => { const value = document.getElementById('item-priority')?.value;"
                        + " window.shown[value] ??= Date.now(); }; look(); new MutationObserver(look).observe(document.body,"
                        + " { childList: true, subtree: true, attributes: true, characterData: true }); return true; })()");
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            String priority = String.valueOf(i % 2 == 0 ? 7 : 3);
            other.evaluate("delete window.shown['" + priority + "']");
            // A person pauses between two changes.
            double chosen = browser.evaluate("new Promise(done => setTimeout(() => { const field ="
                            + " document.getElementById('item-priority'); field.value = '" + priority
                            + "'; done(Date.now()); field.dispatchEvent(new Event('change')); }, 400))")
                    .doubleValue();
            other.until("window.shown['" + priority + "']");
            millis.add(other.evaluate("window.shown['" + priority + "']").doubleValue() - chosen);
        }
        List<Double> sorted = millis.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "another page shows a change after: median %.0f ms, p95 %.0f ms, longest %.0f ms of %d%n",
                sorted.get(ROUNDS / 2),
                sorted.get(ROUNDS * 95 / 100),
                sorted.get(ROUNDS - 1),
                ROUNDS);
    }

    private static void edit(HeadlessBrowser each) {
        each.evaluate("document.activeElement.blur()");
        each.press("e");
        each.until("document.activeElement.id == 'edit-title'");
    }

    private static void replace(HeadlessBrowser each, String field, String text) {
        each.evaluate("document.getElementById('" + field + "').value = ''");
        each.type("#" + field, text);
    }

    private static void save(HeadlessBrowser each) {
        each.click("#item-body form button.primary");
    }
}
