package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.Architect;
import dev.architect.Reviews;
import dev.architect.chat.ChatRequest;
import dev.architect.cli.Main;
import dev.architect.planner.approval.Action;
import dev.architect.planner.approval.ApprovalPolicy;
import dev.architect.planner.approval.Context;
import dev.architect.planner.approval.path.LinkReader;
import dev.architect.planner.review.ActionContents;
import dev.architect.planner.review.ApprovalGate;
import dev.architect.planner.review.StoredApprovals;
import dev.architect.review.ReviewRequester;
import dev.architect.runtime.ArchitectSetup;
import dev.architect.runtime.ProviderConfiguration;
import dev.architect.runtime.RuntimeConfiguration;
import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.script.SimulatorScript;
import dev.architect.spi.TaskContext;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The way of somebody who sees {@code gaia serve --simulate} for the first time, in a real browser: a board is imported, a card is dragged and started, the command that its
 * work asks for is approved, and the card shows what it has cost.
 */
final class StrangerPathTest {

    private static final Path SCREENSHOTS = Path.of("target", "pages");
    private static final List<String> COMMAND = List.of("publish", "--prices", "autumn");

    private static HeadlessBrowser browser;

    @TempDir
    private Path folder;

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

    /** {@code gaia serve --simulate} in a process of its own, on a store that another node uses too. */
    private static final class Served implements AutoCloseable {

        private final Process process;
        private final String url;

        Served(Path folder) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx512m",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Main.class.getName(),
                            "serve",
                            "--simulate",
                            "--port",
                            "0",
                            "--data",
                            folder.toString())
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .start();
            BufferedReader output = process.inputReader();
            List<String> seen = new ArrayList<>();
            String line = output.readLine();
            while (line != null && !line.startsWith("Ctrl-C")) {
                seen.add(line);
                line = output.readLine();
            }
            url = seen.stream()
                    .filter(each -> each.startsWith("Architect is at "))
                    .map(each -> each.substring("Architect is at ".length()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("the server did not start: " + seen));
            Thread drain = new Thread(() -> output.lines().forEach(ignored -> {}));
            drain.setDaemon(true);
            drain.start();
        }

        @Override
        public void close() {
            process.toHandle().destroy();
            process.onExit()
                    .orTimeout(60, TimeUnit.SECONDS)
                    .exceptionally(late -> process.destroyForcibly())
                    .join();
        }
    }

    /** A node beside the server, which has the worker: it asks models of its own simulator. */
    private static Architect node(Path folder, ProviderSimulator simulator, Worker worker) {
        ArchitectSetup setup = ArchitectSetup.builder(
                        RuntimeConfiguration.empty().withProviders(List.of(ProviderConfiguration.of("claude"))))
                .dataDirectory(folder)
                .nodeName("publisher")
                .secrets(name -> Optional.of("simulated"))
                .settings(name -> Optional.empty())
                .baseUrl("claude", simulator.baseUrl("claude"))
                .build();
        return setup.wire(setup.openStore()).worker(worker).build();
    }

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void fromABoardOfAnotherProgramToACardThatShowsItsCost() throws IOException {
        Publisher publisher = new Publisher();
        try (Served served = new Served(folder);
                ProviderSimulator simulator = ProviderSimulator.start(SimulatorScript.standard());
                Architect node = node(folder, simulator, publisher)) {
            publisher.reviews.complete(node.reviews());
            browser.show(1440, 1000, "light");
            browser.open(served.url);
            browser.until("location.pathname == '/setup' && !document.querySelector('#setup button').disabled"
                    + " && document.activeElement.id == 'token'");
            String token = Files.readString(folder.resolve("token")).strip();
            for (String text : List.of(token, ServerFixture.USER, ServerFixture.PASSWORD)) {
                browser.type(text);
                browser.press("Tab");
            }
            browser.type(ServerFixture.PASSWORD);
            browser.press("Enter");
            browser.until(
                    "location.pathname == '/' && document.getElementById('connection-words').innerText == 'Live'");
            String url = served.url;

            browser.press("g");
            browser.press("p");
            browser.until("location.pathname == '/projects' && document.querySelector('#projects-card .empty')");
            browser.click("#import-project");
            browser.until("document.getElementById('import-form')");
            browser.evaluate("(() => { const bytes = Uint8Array.from(atob('"
                    + Base64.getEncoder().encodeToString(export())
                    + "'), each => each.charCodeAt(0)); const chosen = new DataTransfer();"
                    + " chosen.items.add(new File([bytes], 'vibe-kanban.zip'));"
                    + " const field = document.getElementById('import-file'); field.files = chosen.files;"
                    + " field.dispatchEvent(new Event('input')); return true; })()");
            browser.click("#import-preview");
            browser.until("document.getElementById('import-report').innerText.includes('1 item added')"
                    + " && !document.getElementById('import-run').disabled");
            browser.click("#import-run");
            browser.until("[...document.querySelectorAll('#projects a')].some(each => each.innerText == 'Shop')");

            browser.open(url + "/p/shop/board");
            browser.until(column("Backlog") + "?.querySelector('.board-card')");
            drag("Backlog", "To do");
            browser.until(column("To do") + ".querySelector('.board-card')");
            browser.evaluate("document.querySelector('.board-card').focus()");
            browser.press("Enter");
            browser.until("location.pathname == '/p/shop/i/SHOP-1' && document.getElementById('item-worker')");
            browser.type("#item-worker", "publish");
            browser.evaluate("document.activeElement.blur()");
            browser.until("fetch('/api/items/SHOP-1').then(a => a.json()).then(item => item.worker == 'publish')");
            browser.click("#start-item");
            browser.until("document.querySelector('#item-tasks a')");

            browser.press("g");
            browser.press("r");
            browser.until("location.pathname == '/reviews'"
                    + " && document.getElementById('review-title')?.innerText == 'publish --prices autumn'"
                    + " && !document.querySelector('[data-key=a]').disabled");
            assertThat(browser.evaluate(
                                    "[...document.querySelectorAll('.argv > li .verbatim')].map(e => e.innerText).join(' ')")
                            .asText())
                    .isEqualTo("publish --prices autumn");
            assertThat(publisher.done).isEmpty();
            browser.press('a');
            browser.until("document.getElementById('queue-state').innerText == 'Nothing waits for you.'");

            browser.open(url + "/p/shop/board");
            browser.until(column("Done") + "?.querySelector('.board-card .cost')?.innerText.startsWith('$0.')");
            browser.screenshot(SCREENSHOTS.resolve("stranger.png"));
            assertThat(publisher.done).containsExactly(COMMAND);
            String cost = browser.evaluate("fetch('/api/items/SHOP-1/cost').then(a => a.json()).then(c => c.costUsd)")
                    .asText();
            assertThat(Double.parseDouble(cost)).isPositive();
            // Machines that make networks for others tell the browser of each.
            assertThat(browser.problems()).allMatch(each -> each.contains("ERR_NETWORK_CHANGED"));
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
