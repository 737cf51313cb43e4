package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages of projects in a real browser. Screenshots are written to {@code target/pages}. */
final class BoardPageTest {

    private static final Path SCREENSHOTS = Path.of("target", "pages");

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
        browser.clearProblems();
        browser.show(1440, 900, "light");
        post("/api/projects", "{'key':'web','prefix':'WEB','title':'Web console'}");
        browser.open(fixture.server.url() + "/login#token=" + ServerFixture.SECRET);
        browser.until("location.pathname == '/' && document.getElementById('connection-words').innerText == 'Live'");
    }

    @AfterEach
    void closeServer() {
        // A refusal that the page deals with is in the console all the same.
        assertThat(browser.problems()).allMatch(each -> each.startsWith("Failed to load resource"));
        fixture.close();
    }

    private JsonNode post(String path, String body) {
        return fixture.json(fixture.post(path, body.replace('\'', '"')));
    }

    private void item(String title) {
        post("/api/projects/web/items", "{'title':'" + title + "','column':'To do'}");
    }

    /** The titles in a column, from its top. */
    private List<String> in(String column) {
        List<String> titles = new ArrayList<>();
        for (JsonNode each : fixture.getJson("/api/projects/web/board").get("columns")) {
            if (each.get("title").textValue().equals(column)) {
                each.get("items").forEach(item -> titles.add(item.get("title").textValue()));
            }
        }
        return titles;
    }

    private void openBoard(int cards) {
        browser.open(fixture.server.url() + "/p/web/board");
        browser.until("document.querySelectorAll('.board-card').length == " + cards
                + " && document.querySelectorAll('.column').length == 6");
    }

    private static String cardsOf(String column) {
        return "[...document.querySelectorAll('.column')].find(c => c.querySelector('h2').innerText == '" + column
                + "').querySelectorAll('.board-card')";
    }

    @Test
    void aFileIsLookedAtBeforeItIsImported() {
        browser.open(fixture.server.url() + "/projects");
        browser.until("document.querySelector('#projects a')?.innerText == 'Web console'");
        browser.click("#import-project");
        browser.until("document.getElementById('import-form')");
        browser.evaluate("document.getElementById('import-from').value = 'task-master'");
        choose("{\"tasks\":[{\"id\":\"one\"}]}");
        browser.click("#import-preview");
        browser.until("document.querySelector('#import-form [role=alert]').innerText.includes('/tasks/0/id')");
        choose("{\"tasks\":[{\"id\":4,\"title\":\"Four\",\"status\":\"frozen\"}]}");
        browser.click("#import-preview");
        browser.until("document.getElementById('import-report').innerText.includes('1 item added')"
                + " && !document.getElementById('import-run').disabled");

        assertThat(browser.text("#import-report")).contains("master", "'frozen' has no stage");
        browser.screenshot(SCREENSHOTS.resolve("import.png"));
        assertThat(fixture.getJson("/api/projects").get("items")).hasSize(1);
        browser.click("#import-run");
        browser.until("[...document.querySelectorAll('#projects a')].some(each => each.innerText == 'master')");
        assertThat(fixture.getJson("/api/items/MAS-4").get("title").textValue()).isEqualTo("Four");
        browser.until("document.getElementById('import-run').disabled");
    }

    /** Puts a file into the form, as somebody does who chooses one. */
    private void choose(String json) {
        browser.evaluate("(() => { const chosen = new DataTransfer(); chosen.items.add(new File(['" + json
                + "'], 'tasks.json')); const field = document.getElementById('import-file');"
                + " field.files = chosen.files; field.dispatchEvent(new Event('input')); return true; })()");
    }

    @Test
    void aProjectIsMadeAndItsBoardFilledByTheKeyboard() {
        browser.open(fixture.server.url() + "/projects");
        browser.until("document.querySelector('#projects a')?.innerText == 'Web console'");
        browser.screenshot(SCREENSHOTS.resolve("projects.png"));
        browser.press('n');
        browser.until("document.querySelector('#project-title')?.offsetWidth > 0");
        browser.type("#project-title", "Night shift");
        assertThat(browser.evaluate("document.getElementById('project-key').value")
                        .asText())
                .isEqualTo("night-shift");
        browser.pressEnter();
        browser.until("location.pathname == '/p/night-shift/board' && document.querySelector('.empty')");

        browser.press('c');
        browser.until("document.activeElement.placeholder == 'Title, then Enter'");
        browser.type(":focus", "First");
        browser.pressEnter();
        browser.until("document.querySelectorAll('.board-card').length == 1 && document.activeElement.value == ''");
        browser.type(":focus", "Second");
        browser.pressEnter();
        browser.until("document.querySelectorAll('.board-card').length == 2");

        browser.until("document.querySelector('.board-card:nth-child(2) .name')?.innerText == 'Second'");
    }

    @Test
    void aProjectBeginsWithATemplate() {
        browser.open(fixture.server.url() + "/projects");
        browser.until("document.querySelector('#projects a')?.innerText == 'Web console'");
        browser.press('n');
        browser.until("document.querySelector('#project-title')?.offsetWidth > 0");
        browser.type("#project-title", "Help desk");
        browser.until("document.querySelector('#project-template option[value=support]')"
                + " && document.querySelector('#project-template optgroup option[value=\"project:web\"]')");
        browser.evaluate("(() => { const field = document.getElementById('project-template'); field.value = 'support';"
                + " field.dispatchEvent(new Event('change')); return true; })()");
        browser.until("document.getElementById('project-template-note').innerText.includes('Triage')");
        browser.evaluate("document.getElementById('project-title').focus()");
        browser.pressEnter();
        browser.until("location.pathname == '/p/help-desk/board' && document.querySelectorAll('.column').length == 6");

        assertThat(browser.text(".column h2")).isEqualTo("Triage");
        assertThat(fixture.getJson("/api/projects/help-desk").get("template").textValue())
                .isEqualTo("support");
    }

    @Test
    void theBoardIsCutIntoLanesShownAsATableAndKeptAsAView() throws IOException {
        post("/api/projects/web/milestones", "{'title':'Beta'}");
        post("/api/projects/web/items", "{'title':'Login','column':'To do','assignees':['person:ada'],'priority':1}");
        post("/api/projects/web/items", "{'title':'Crawl','column':'To do','assignees':['agent:coder'],'kind':'bug'}");
        post("/api/projects/web/items", "{'title':'Nobody','column':'To do'}");
        openBoard(3);
        choose("#lanes", "assignee");
        browser.until("document.querySelectorAll('.lane').length == 3");
        assertThat(browser.evaluate("[...document.querySelectorAll('.lane')].map(e => e.dataset.lane).join('|')")
                        .asText())
                .isEqualTo("person:ada|agent:coder|");
        browser.until("location.search.includes('lanes=assignee')");
        browser.screenshot(SCREENSHOTS.resolve("board-lanes.png"));
        assertThat(browser.accessibilityViolations()).isEmpty();
        // A card that is dragged into another lane is assigned to its person.
        browser.evaluate("(() => { const data = new DataTransfer(); const fire = (at, type) => at.dispatchEvent("
                + "new DragEvent(type, {dataTransfer: data, bubbles: true, cancelable: true}));"
                + " const lanes = document.querySelectorAll('.lane'); const card = lanes[2].querySelector('.board-card');"
                + " const target = [...lanes[0].querySelectorAll('.column')][2]; fire(card, 'dragstart');"
                + " fire(target, 'dragover'); fire(target, 'drop'); fire(card, 'dragend'); return true; })()");
        browser.until("document.querySelectorAll('.lane').length == 2");
        assertThat(fixture.getJson("/api/items/WEB-3").get("assignees").toString())
                .isEqualTo("[\"person:ada\"]");
        assertThat(in("In progress")).containsExactly("Nobody");
        choose("#lanes", "milestone");
        browser.until("document.querySelector('.lane-title').innerText.startsWith('No milestone')");

        browser.press('b');
        browser.until(
                "document.querySelectorAll('.board-row').length == 3 && location.search.includes('layout=table')");
        browser.click("th[data-sort=priority] button");
        browser.until("document.querySelector('.board-row td:nth-child(3)').innerText.trim() == 'Login'"
                + " && document.querySelector('th[data-sort=priority]').ariaSort == 'ascending'");
        browser.screenshot(SCREENSHOTS.resolve("board-table.png"));
        assertThat(browser.accessibilityViolations()).isEmpty();
        browser.type("#board-filter", "kind:bug");
        browser.until("document.querySelectorAll('.board-row').length == 1");
        browser.evaluate("document.activeElement.blur()");
        browser.press('v');
        browser.until("document.querySelector('#view-list .note')");
        browser.type("#view-name", "All bugs");
        browser.pressEnter();
        browser.until("document.querySelector('#view-list [data-view=\"All bugs\"]')");
        browser.press("Escape");
        browser.open(fixture.server.url() + "/p/web/board");
        browser.until("document.querySelectorAll('.board-card').length == 3");
        browser.click("#views");
        browser.until("document.querySelector('#view-list [data-view=\"All bugs\"]')");
        browser.click("#view-list [data-view=\"All bugs\"]");
        browser.until("document.querySelectorAll('.board-row').length == 1"
                + " && document.getElementById('board-filter').value == 'kind:bug'");
        assertThat(fixture.getJson("/api/views?project=web")
                        .at("/items/0/layout")
                        .textValue())
                .isEqualTo("table");
    }

    private static void choose(String selector, String value) {
        browser.evaluate("(() => { const field = document.querySelector('" + selector + "'); field.value = '" + value
                + "'; field.dispatchEvent(new Event('change')); return true; })()");
    }

    @Test
    void severalItemsAreChangedAtOnceByTheKeyboard() {
        post("/api/projects/web/labels", "{'name':'ui'}");
        for (String title : List.of("One", "Two", "Three")) {
            item(title);
        }
        openBoard(3);
        browser.press('j');
        browser.press('x');
        browser.press('J');
        browser.until("document.getElementById('bulk').innerText.includes('2 selected')");
        browser.press('a');
        browser.until("document.activeElement.id == 'assign-to'");
        browser.evaluate("document.activeElement.value = ''");
        browser.type("agent:coder, person:ada");
        browser.pressEnter();
        browser.until("document.querySelectorAll('.board-card .actor').length == 4");
        browser.press('t');
        browser.until("document.querySelector('[data-label=ui]')");
        browser.click("[data-label=ui]");
        browser.click("#bulk-do");
        browser.until("document.querySelectorAll('.board-card .tag').length == 2");
        browser.press('p');
        browser.until("document.activeElement.id == 'priority-to'");
        browser.evaluate("document.activeElement.value = '2'");
        browser.click("#bulk-do");
        browser.until(
                "[...document.querySelectorAll('.board-card .facts')].filter(e => e.innerText.includes('P2')).length == 2");

        assertThat(fixture.getJson("/api/items/WEB-2").get("assignees").toString())
                .isEqualTo("[\"agent:coder\",\"person:ada\"]");
        assertThat(fixture.getJson("/api/items/WEB-3").get("priority").intValue())
                .isEqualTo(5);
    }

    @Test
    void cardsAreMovedByKeysByAMenuAndByDragging() {
        List.of("One", "Two", "Three").forEach(this::item);
        openBoard(3);
        browser.screenshot(SCREENSHOTS.resolve("board.png"));

        browser.press('j');
        browser.until("document.activeElement.innerText.includes('One')");
        browser.evaluate("document.activeElement.dispatchEvent(new KeyboardEvent('keydown',"
                + " {key: 'j', altKey: true, bubbles: true, cancelable: true}))");
        browser.until(cardsOf("To do") + "[1].innerText.includes('One')");
        assertThat(in("To do")).containsExactly("Two", "One", "Three");

        browser.until("document.activeElement.innerText.includes('One')");
        browser.evaluate("document.activeElement.dispatchEvent(new KeyboardEvent('keydown',"
                + " {key: 'L', shiftKey: true, bubbles: true, cancelable: true}))");
        browser.until(cardsOf("In progress") + ".length == 1");
        assertThat(in("In progress")).containsExactly("One");

        browser.until("document.activeElement.innerText.includes('One')");
        browser.press('.');
        browser.until("document.querySelector('dialog [data-to]')");
        browser.evaluate("[...document.querySelectorAll('dialog [data-to]')].find(b => b.innerText == 'Done').click()");
        browser.until(cardsOf("Done") + ".length == 1");

        browser.evaluate("(() => { const data = new DataTransfer();"
                + " const fire = (to, type, y) => to.dispatchEvent(new DragEvent(type,"
                + " {dataTransfer: data, bubbles: true, cancelable: true, clientY: y}));"
                + " const card = " + cardsOf("To do") + "[1]; const top = " + cardsOf("To do") + "[0];"
                + " const y = top.getBoundingClientRect().top + 2;"
                + " fire(card, 'dragstart', 0); fire(top, 'dragover', y); fire(top, 'drop', y);"
                + " fire(card, 'dragend', 0); })()");
        browser.until(cardsOf("To do") + "[0].innerText.includes('Three')");
        assertThat(in("To do")).containsExactly("Three", "Two");
        assertThat(in("Done")).containsExactly("One");
    }

    @Test
    void aPersonIsAskedBeforeAColumnIsOverfilled() {
        JsonNode board = fixture.getJson("/api/projects/web/board?cards=0");
        StringBuilder columns = new StringBuilder();
        for (JsonNode each : board.get("columns")) {
            columns.append(columns.isEmpty() ? "" : ",")
                    .append("{'id':'" + each.get("id").textValue() + "','title':'"
                            + each.get("title").textValue() + "','stage':'"
                            + each.get("stage").textValue() + "'"
                            + (each.get("stage").textValue().equals("active") ? ",'wipLimit':1" : "") + "}");
        }
        String changed = fixture.send(fixture.request("/api/projects/web/board")
                        .header("Content-Type", "application/json")
                        .header("If-Match", "\"" + board.at("/project/version").asText() + "\"")
                        .method(
                                "PATCH",
                                HttpRequest.BodyPublishers.ofString(
                                        ("{'columns':[" + columns + "]}").replace('\'', '"'))))
                .body();
        assertThat(changed).contains("wipLimit");
        item("One");
        item("Two");
        post("/api/items/WEB-1/move", "{'column':'In progress'}");
        openBoard(2);

        browser.until("document.querySelector('[data-full]')?.innerText == '1 of 1 full'");
        browser.evaluate(cardsOf("To do") + "[0].focus()");
        browser.evaluate("document.activeElement.dispatchEvent(new KeyboardEvent('keydown',"
                + " {key: 'L', shiftKey: true, bubbles: true, cancelable: true}))");
        browser.until("document.querySelector('dialog h2')?.innerText == 'In progress is full'");
        assertThat(in("In progress")).containsExactly("One");
        browser.click("#move-anyway");
        browser.until(cardsOf("In progress") + ".length == 2");
    }

    @Test
    void theFilterIsInTheAddressAndAWrongOneIsNamed() {
        item("Login page");
        item("Logout");
        openBoard(2);

        browser.type("#board-filter", "page");
        browser.until("document.querySelectorAll('.board-card').length == 1 && location.search.includes('q=page')");
        browser.evaluate("document.getElementById('board-filter').value = ''");
        browser.type("#board-filter", "kond:bug");
        browser.until("document.getElementById('filter-problem').innerText.includes('kind')");
    }

    @Test
    void anItemIsEditedDiscussedAndWorkedOn() {
        item("Login");
        browser.open(fixture.server.url() + "/p/web/i/WEB-1");
        browser.until("document.querySelector('#item-body .note')");
        browser.press('e');
        browser.until("document.activeElement.id == 'edit-title'");
        // Somebody else is faster, with another field.
        fixture.send(fixture.request("/api/items/WEB-1")
                .header("Content-Type", "application/json")
                .header("If-Match", "\"1\"")
                .method("PATCH", HttpRequest.BodyPublishers.ofString("{\"priority\":7}")));
        browser.evaluate("document.getElementById('edit-title').value = ''");
        browser.type("#edit-title", "Sign in");
        browser.click(".item-page form button.primary");
        browser.until("document.getElementById('title').innerText == 'WEB-1 Sign in'"
                + " && document.getElementById('item-priority')?.value == '7'");

        browser.type("#comment", "Why not both?");
        browser.click("#stream-card form button");
        browser.until("document.getElementById('item-stream').innerText.includes('Why not both?')");
        browser.click("#start-item");
        browser.until("document.querySelector('#item-tasks a')");
        browser.screenshot(SCREENSHOTS.resolve("item.png"));

        JsonNode item = fixture.getJson("/api/items/WEB-1");
        assertThat(item.get("title").textValue()).isEqualTo("Sign in");
        assertThat(item.get("priority").intValue()).isEqualTo(7);
        assertThat(fixture.getJson("/api/items/WEB-1/tasks").get("items")).hasSize(1);
    }
}
