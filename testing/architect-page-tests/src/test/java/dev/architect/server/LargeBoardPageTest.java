package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.project.Actor;
import dev.architect.project.PartId;
import dev.architect.project.ProjectId;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKind;
import dev.architect.spi.TimeSource;
import dev.architect.store.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A board with more cards than it reads at first, in a real browser: scrolled, and passed by keys. Times are printed. */
final class LargeBoardPageTest {

    private static final Actor ADA = Actor.person("ada");
    private static final ProjectId WEB = new ProjectId("web");
    private static final int MOST_CARDS_IN_A_LIST = 60;
    private static final int FRAMES_A_CALL = 60;
    private static final int KEYS_A_CALL = 100;

    /** What the tests do with the page: it scrolls a column and notes what it shows, or presses a key and notes where the focus goes. */
    private static final String TOOLS = """
            window.boardTools = (() => {
              const columnOf = title => [...document.querySelectorAll('.column')].find(c => c.querySelector('h2').innerText === title);
              const listOf = title => columnOf(title).querySelector('ol');
              const keyOf = card => card.querySelector('[data-part=key]').textContent;
              const frame = () => new Promise(requestAnimationFrame);
              const seen = { places: {}, wrong: [], blank: 0, most: 0 };
              const note = list => {
                const cards = [...list.querySelectorAll('.board-card')];
                seen.most = Math.max(seen.most, cards.length);
                cards.forEach((card, i) => {
                  const place = Number(card.getAttribute('aria-posinset'));
                  if (i > 0 && place !== Number(cards[i - 1].getAttribute('aria-posinset')) + 1) {
                    seen.wrong.push(`${place} after ${cards[i - 1].getAttribute('aria-posinset')}`);
                  }
                  if ((seen.places[place] ?? keyOf(card)) !== keyOf(card)) {
                    seen.wrong.push(`${place}: ${seen.places[place]} and ${keyOf(card)}`);
                  }
                  seen.places[place] = keyOf(card);
                });
                const view = list.getBoundingClientRect();
                if (cards.length === 0 || cards[0].getBoundingClientRect().top > view.bottom || cards.at(-1).getBoundingClientRect().bottom < view.top) {
                  seen.blank += 1;
                }
              };
              const scroll = async (title, pixels, frames) => {
                const list = listOf(title);
                const deltas = [];
                let moved = 0;
                let before = await frame();
                for (let i = 0; i < frames; i += 1) {
                  const top = list.scrollTop;
                  list.scrollTop = top + pixels;
                  const now = await frame();
                  deltas.push(now - before);
                  before = now;
                  moved += list.scrollTop === top ? 0 : 1;
                  note(list);
                }
                return { deltas, goesOn: moved > 0 || !columnOf(title).querySelector("[data-part=more]").hidden };
              };
              const press = async (key, times) => {
                const keys = [];
                for (let i = 0; i < times; i += 1) {
                  const from = document.activeElement;
                  from.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
                  for (let wait = 0; wait < 4000 && (document.activeElement === from || !document.activeElement.matches('.board-card')); wait += 1) {
                    await new Promise(done => setTimeout(done, 5));
                  }
                  if (document.activeElement === from || !document.activeElement.matches('.board-card')) {
                    break;
                  }
                  const { top, bottom } = document.activeElement.getBoundingClientRect();
                  const view = document.activeElement.parentElement.getBoundingClientRect();
                  keys.push(top >= view.top - 2 && bottom <= view.bottom + 2 ? keyOf(document.activeElement) : `${keyOf(document.activeElement)} out of view`);
                }
                return keys;
              };
              return { seen, scroll, press, listOf, count: title => columnOf(title).querySelector('[data-part=count]').innerText };
            })(); 0
            """;

    private static HeadlessBrowser browser;

    @TempDir
    private Path folder;

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
        fixture = new ServerFixture(TimeSource.system(), unused -> SqliteStore.at(folder.resolve("board.db")));
        browser.clearProblems();
        browser.show(1440, 900, "light");
        fixture.post("/api/projects", "{\"key\":\"web\",\"prefix\":\"WEB\",\"title\":\"Web console\"}");
        browser.open(fixture.server.url() + "/login#token=" + ServerFixture.SECRET);
        browser.until("location.pathname == '/' && document.getElementById('connection-words').innerText == 'Live'");
    }

    @AfterEach
    void closeServer() {
        assertThat(browser.problems()).isEmpty();
        fixture.close();
    }

    private PartId column(String title) {
        return fixture.architect.projects().boards().columns(WEB).stream()
                .filter(each -> each.draft().title().equals(title))
                .findFirst()
                .orElseThrow()
                .id();
    }

    /** Makes so many cards in a column; some have titles of two lines. */
    private void cards(String title, int count) {
        PartId column = column(title);
        for (int i = 1; i <= count; i++) {
            String name = "Card " + i + (i % 3 == 0 ? " of which the title needs more than one line of a column" : "");
            fixture.architect
                    .projects()
                    .items()
                    .create(WEB, ItemDraft.of(ItemKind.FEATURE, name), Optional.of(column), ADA);
        }
    }

    private static List<String> keys(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(number -> "WEB-" + number)
                .toList();
    }

    private void openBoard() {
        browser.open(fixture.server.url() + "/p/web/board");
        browser.until("document.querySelectorAll('.column').length == 6 && document.querySelector('.board-card')"
                + " && document.getElementById('connection-words').innerText == 'Live'");
        browser.evaluate(TOOLS);
    }

    /** Scrolls a column to its end and returns how long each frame took, in milliseconds. */
    private static List<Double> scroll(String title, int pixels) {
        List<Double> deltas = new ArrayList<>();
        JsonNode part;
        do {
            part = browser.evaluate("boardTools.scroll('" + title + "', " + pixels + ", " + FRAMES_A_CALL + ")");
            part.get("deltas").forEach(each -> deltas.add(each.doubleValue()));
        } while (part.get("goesOn").booleanValue());
        return deltas;
    }

    /** Presses a key as often as it leads to another card, at most so often; returns the keys of these cards. */
    private static List<String> press(String key, int most) {
        List<String> keys = new ArrayList<>();
        int before;
        do {
            before = keys.size();
            browser.evaluate("boardTools.press('" + key + "', " + Math.min(KEYS_A_CALL, most - before) + ")")
                    .forEach(each -> keys.add(each.textValue()));
        } while (keys.size() < most && keys.size() == before + KEYS_A_CALL);
        return keys;
    }

    private static void assertAllWereSeen(int count) {
        JsonNode seen = browser.evaluate("boardTools.seen");
        assertThat(seen.get("wrong"))
                .as("cards that were at another place, or torn from the one before")
                .isEmpty();
        List<String> inOrder = new ArrayList<>();
        for (int place = 1; place <= seen.get("places").size(); place++) {
            inOrder.add(seen.get("places").path(String.valueOf(place)).asText("nothing at " + place));
        }
        assertThat(inOrder).isEqualTo(keys(1, count));
        assertThat(seen.get("most").intValue())
                .as("cards of one list in the document")
                .isLessThan(MOST_CARDS_IN_A_LIST);
        assertThat(seen.get("blank").intValue())
                .as("frames without a card in view")
                .isZero();
    }

    private static String count(String title) {
        return browser.evaluate("boardTools.count('" + title + "')").textValue();
    }

    private static void untilCount(String title, String count) {
        browser.until("boardTools.count('" + title + "') == '" + count + "'");
    }

    @Test
    void moreCardsThanAreReadAtFirstAreScrolledAndPassedByKeys() throws IOException {
        cards("To do", 450);
        openBoard();
        assertThat(count("To do")).isEqualTo("450");
        assertThat(browser.accessibilityViolations()).isEmpty();

        scroll("To do", 400);
        assertAllWereSeen(450);

        openBoard();
        assertThat(press("j", 450)).as("where j leads to").isEqualTo(keys(1, 450));
        assertThat(press("k", 2)).containsExactly("WEB-449", "WEB-448");

        // The focus is on a card that was read later: it is selected and moved, and keeps the focus.
        browser.press('x');
        browser.until("document.getElementById('bulk').innerText.includes('1 selected')");
        browser.press('L');
        untilCount("In progress", "1");
        untilCount("To do", "449");
        browser.until("document.activeElement.textContent.includes('WEB-448')"
                + " && document.activeElement.closest('.column').querySelector('h2').innerText == 'In progress'");
        assertThat(fixture.getJson("/api/items/WEB-448").get("column").textValue())
                .isEqualTo(column("In progress").toString());

        // What others do is seen among all cards that were read.
        fixture.post("/api/items/WEB-447/move", "{\"column\":\"Done\"}");
        fixture.post("/api/items/WEB-449/move", "{\"column\":\"To do\",\"before\":\"WEB-1\"}");
        untilCount("To do", "448");
        browser.evaluate("boardTools.listOf('To do').scrollTop = 0");
        browser.until("boardTools.listOf('To do').querySelector('.board-card')?.textContent.includes('WEB-449')");
        browser.evaluate("boardTools.listOf('To do').scrollTop = 1e6");
        browser.until(
                "(cards => cards.at(-1)?.textContent.includes('WEB-450') && cards.at(-2).textContent.includes('WEB-446'))"
                        + "([...boardTools.listOf('To do').querySelectorAll('.board-card')])");
    }

    @Test
    void aCardThatIsMovedToTheEndOfALongColumnKeepsTheFocus() {
        cards("To do", 230);
        cards("In progress", 1);
        openBoard();
        assertThat(press("j", 1)).containsExactly("WEB-1");
        assertThat(press("l", 1)).containsExactly("WEB-231");

        browser.press('H');

        untilCount("To do", "231");
        browser.until("document.activeElement.textContent.includes('WEB-231')"
                + " && document.activeElement.getAttribute('aria-posinset') == '231'");
        assertThat(press("k", 1)).containsExactly("WEB-230");
    }

    @Test
    @Tag("slow")
    void fiveThousandCards() {
        cards("To do", 4_000);
        cards("Done", 1_000);
        openBoard();
        double first = browser.evaluate(
                        "performance.getEntriesByType('resource').find(e => e.name.includes('/board?cards=')).duration")
                .doubleValue();
        List<Double> later = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            long start = System.nanoTime();
            assertThat(fixture.get("/api/projects/web/board?cards=200").statusCode())
                    .isEqualTo(200);
            later.add((System.nanoTime() - start) / 1e6);
        }
        System.out.printf(
                Locale.ROOT,
                "board of 5,000 cards: first request of the first page %.0f ms, 30 more: %s%n",
                first,
                figures(later));
        assertThat(count("To do")).isEqualTo("4,000");

        List<Double> slow = frames(120);
        System.out.printf(Locale.ROOT, "120 px a frame: %.1f frames/s, %s%n", rate(slow), figures(slow));
        openBoard();
        List<Double> frames = scroll("To do", 800);
        System.out.printf(Locale.ROOT, "800 px a frame to the end: %.1f frames/s, %s%n", rate(frames), figures(frames));
        assertAllWereSeen(4_000);

        openBoard();
        long start = System.nanoTime();
        assertThat(press("j", 4_001)).isEqualTo(keys(1, 4_000));
        System.out.printf(Locale.ROOT, "a key: %.1f ms%n", (System.nanoTime() - start) / 1e6 / 4_000);
    }

    /** Scrolls through the first cards, a little a frame. */
    private static List<Double> frames(int pixels) {
        List<Double> deltas = new ArrayList<>();
        browser.evaluate("boardTools.scroll('To do', " + pixels + ", 300)")
                .get("deltas")
                .forEach(each -> deltas.add(each.doubleValue()));
        return deltas;
    }

    private static double rate(List<Double> deltas) {
        return 1_000 * deltas.size() / deltas.stream().mapToDouble(each -> each).sum();
    }

    private static String figures(List<Double> millis) {
        List<Double> sorted = millis.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "median %.1f ms, p95 %.1f ms, longest %.1f ms",
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 95 / 100),
                sorted.get(sorted.size() - 1));
    }
}
