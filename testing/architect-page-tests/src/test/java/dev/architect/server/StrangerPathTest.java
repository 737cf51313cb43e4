package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.Reviews;
import dev.architect.chat.ChatRequest;
import dev.architect.planner.approval.Action;
import dev.architect.planner.approval.ApprovalPolicy;
import dev.architect.planner.approval.Context;
import dev.architect.planner.approval.path.LinkReader;
import dev.architect.planner.review.ActionContents;
import dev.architect.planner.review.ApprovalGate;
import dev.architect.planner.review.StoredApprovals;
import dev.architect.review.ReviewRequester;
import dev.architect.spi.TaskContext;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The way of somebody who sees a server for the first time, in a real browser: a board is imported, a card is dragged and started, the command that its
 * work asks for is approved, and the card shows what it has cost.
 */
final class StrangerPathTest {

    private static final Path SCREENSHOTS = Path.of("target", "pages");
    private static final List<String> COMMAND = List.of("publish", "--prices", "autumn");

    private static HeadlessBrowser browser;

    /** What Vibe Kanban exports of a board with one card. */
    private static byte[] export() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            write(
                    zip,
                    "issues.csv",
                    "Issue ID,Title,Description,Status,Priority,Project,Assignee(s),Labels,Creator,Created,Updated,Start Date,Due Date,"
                            + "Completed,Parent Issue\nSHOP-1,Publish the autumn prices,,Backlog,High,Shop,,,,2026-01-02T03:04:05Z,"
                            + "2026-01-02T03:04:05Z,,,,\n");
            write(zip, "projects.csv", "Name,Created,Updated\nShop,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z\n");
        }
        return bytes.toByteArray();
    }

    private static void write(ZipOutputStream zip, String name, String content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }

    /** Brings the board, and says who does its card. */
    private static void bringBoard(ServerFixture fixture) throws IOException {
        fixture.post(
                "/api/projects/import",
                "{\"from\":\"vibe-kanban\",\"content\":\"" + Base64.getEncoder().encodeToString(export()) + "\"}");
        HttpResponse<String> changed = fixture.send(fixture.request("/api/items/SHOP-1")
                .header(
                        "If-Match",
                        fixture.get("/api/items/SHOP-1")
                                .headers()
                                .firstValue("ETag")
                                .orElseThrow())
                .header("Content-Type", "application/merge-patch+json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString("{\"worker\":\"publish\"}")));
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    }

    /** Does one command, once somebody has approved it, and asks a model for a word about it. */
    private static final class Publisher implements Worker {

        private final CompletableFuture<Reviews> reviews = new CompletableFuture<>();
        private final List<List<String>> done = new CopyOnWriteArrayList<>();

        @Override
        public Set<String> types() {
            return Set.of("publish");
        }

        @Override
        public String perform(TaskContext task) {
            ApprovalPolicy policy = ApprovalPolicy.standard("/srv/app", "/home/agent");
            ApprovalGate gate = new ApprovalGate(
                    reviews.join(),
                    new StoredApprovals(reviews.join(), policy),
                    LinkReader.ofFileSystem(),
                    ActionContents.ofFileSystem(),
                    TimeSource.system());
            String run = "task:" + task.fencingToken().id();
            ReviewRequester agent = ReviewRequester.named("agent:publisher")
                    .withTask(task.fencingToken().id(), task.fencingToken().epoch())
                    .withRun(run);
            Context context = Context.builder("/srv/app", reviews.join().now())
                    .links(LinkReader.ofFileSystem())
                    .requester(agent.name())
                    .run(run)
                    .build();
            Action approved = gate.start(new Action.Exec(COMMAND), context, agent, review -> review)
                    .action();
            done.add(((Action.Exec) approved).argv());
            return task.chat(ChatRequest.of("sum up what was published")).text();
        }
    }

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

    @Test
    void fromABoardOfAnotherProgramToACardThatShowsItsCost() throws IOException {
        Publisher publisher = new Publisher();
        try (ServerFixture fixture = new ServerFixture(TimeSource.system(), publisher)) {
            publisher.reviews.complete(fixture.architect.reviews());
            bringBoard(fixture);
            browser.show(1440, 1000, "light");
            browser.open(fixture.server.url() + "/login?to=/p/shop/board");
            browser.until("location.pathname == '/login' && !document.querySelector('#person button').disabled");
            browser.type("#name", ServerFixture.USER);
            browser.type("#password", ServerFixture.PASSWORD);
            browser.click("#person button");

            browser.until(
                    "location.pathname == '/p/shop/board' && " + column("Backlog") + "?.querySelector('.board-card')");
            drag("Backlog", "To do");
            browser.until(column("To do") + ".querySelector('.board-card')");
            browser.evaluate("document.querySelector('.board-card').focus()");
            browser.press("Enter");
            browser.until("location.pathname == '/p/shop/i/SHOP-1' && document.getElementById('start-item')");
            browser.click("#start-item");
            browser.until("document.querySelector('#item-tasks a')");

            browser.press("g");
            browser.press("r");
            browser.until("location.pathname == '/reviews'"
                    + " && document.getElementById('review-title').innerText == 'publish --prices autumn'"
                    + " && !document.querySelector('[data-key=a]').disabled");
            assertThat(browser.evaluate(
                                    "[...document.querySelectorAll('.argv > li .verbatim')].map(e => e.innerText).join(' ')")
                            .asText())
                    .isEqualTo("publish --prices autumn");
            assertThat(publisher.done).isEmpty();
            browser.press('a');
            browser.until("document.getElementById('queue-state').innerText == 'Nothing waits for you.'");

            browser.open(fixture.server.url() + "/p/shop/board");
            browser.until(column("Done") + "?.querySelector('.board-card .cost').innerText == '$0.0001235'");
            browser.screenshot(SCREENSHOTS.resolve("stranger.png"));
            assertThat(publisher.done).containsExactly(COMMAND);
            assertThat(browser.problems()).isEmpty();
        }
    }

    private static String column(String title) {
        return "[...document.querySelectorAll('.column')].find(c => c.querySelector('h2').innerText == '" + title
                + "')";
    }

    /** Drags the first card of a column to the end of another one. */
    private static void drag(String from, String to) {
        browser.evaluate(
                "(() => { const data = new DataTransfer();"
                        + " const fire = (at, type) => at.dispatchEvent(new DragEvent(type,"
                        + " {dataTransfer: data, bubbles: true, cancelable: true}));"
                        + " const card = " + column(from) + ".querySelector('.board-card'); const target = "
                        + column(to) + ";"
                        + " fire(card, 'dragstart'); fire(target, 'dragover'); fire(target, 'drop'); fire(card, 'dragend'); })()");
    }
}
