package dev.architect.benchmarks.live;

import dev.architect.Architect;
import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import dev.architect.benchmarks.Options;
import dev.architect.benchmarks.Percentiles;
import dev.architect.benchmarks.Quantiles;
import dev.architect.benchmarks.task.NoRouter;
import dev.architect.event.Event;
import dev.architect.micrometer.ArchitectMeters;
import dev.architect.project.Actor;
import dev.architect.project.ProjectDraft;
import dev.architect.project.ProjectId;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKind;
import dev.architect.runtime.AccessToken;
import dev.architect.server.ArchitectServer;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.TaskRequest;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * One server with many pages open, which are in another process: how soon each page is told of a new task, what the pages cost the assignment of tasks, what
 * becomes of pages that never read, and what a client knows whose link is cut again and again.
 */
public final class LiveLoad implements AutoCloseable {

    private static final String TOKEN = "live-load-0123456789abcdef0123456789abcdef";
    private static final String TYPE = "instant";
    private static final ProjectId PROJECT = new ProjectId("live");
    private static final Actor ACTOR = Actor.person("ada");
    private static final int WARM_UP_SECONDS = 3;
    private static final int SETTLE_SECONDS = 120;
    private static final int ITEMS = 50;
    private static final double HUNDRED = 100;

    private final Options options;
    private final int rate;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Architect architect;
    private final ArchitectServer server;
    private final List<Long> waits = new ArrayList<>();

    private LiveLoad(Options options, Path directory) {
        this.options = options;
        this.rate = options.number("rate", 1);
        ArchitectMeters meters = new ArchitectMeters(registry);
        this.architect = Architect.builder()
                .store(SqliteStore.at(directory.resolve("live.db")))
                .router((providers, time) -> new NoRouter())
                .worker(new Instant())
                .listener(meters)
                .listener(this::note)
                .build();
        this.server = ArchitectServer.builder(architect, AccessToken.of(TOKEN))
                .port(0)
                .meters(meters, registry)
                .maxLivePages(options.number("pages", 1))
                .start();
    }

    /** Performs a task at once. */
    private static final class Instant implements Worker {

        @Override
        public Set<String> types() {
            return Set.of(TYPE);
        }

        @Override
        public String perform(TaskContext task) {
            return "done";
        }
    }

    /**
     * Runs with {@code --pages N}, {@code --stalled N}, {@code --rate N}, {@code --seconds N}, {@code --rounds N}, {@code --cuts N},
     * {@code --changes N}, {@code --dir DIRECTORY} and {@code --json FILE}.
     */
    public static void main(String... arguments) throws Exception {
        Measurement.main(LiveLoad::measure, arguments);
    }

    private static MeasurementReport measure(List<String> arguments) throws Exception {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("pages", "500");
        defaults.put("stalled", "10");
        defaults.put("rate", "50");
        defaults.put("seconds", "20");
        defaults.put("rounds", "3");
        defaults.put("cuts", "100");
        defaults.put("changes", "200");
        defaults.put("dir", Path.of("benchmarks", "target").toString());
        Options options = Options.parse(arguments, defaults);
        Path parent = Path.of(options.text("dir"));
        Files.createDirectories(parent);
        Path directory = Files.createTempDirectory(parent, "live-");
        Map<String, Object> facts = new LinkedHashMap<>();
        defaults.keySet().forEach(name -> facts.put(name, options.text(name)));
        Map<String, Object> machine = HostInfo.factsWithDisk(directory);
        try (LiveLoad load = new LiveLoad(options, directory)) {
            return load.run(machine, facts);
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws Exception {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void note(Event event) {
        if (event instanceof Event.TaskStarted started) {
            synchronized (waits) {
                waits.add(started.waited().toNanos());
            }
        }
    }

    private Percentiles takeWaits() {
        synchronized (waits) {
            Percentiles taken = Percentiles.ofNanos(waits);
            waits.clear();
            return taken;
        }
    }

    private MeasurementReport run(Map<String, Object> machine, Map<String, Object> facts) throws Exception {
        List<Map<String, Object>> rows = new ArrayList<>();
        Map<String, Object> ratios = new LinkedHashMap<>();
        try (PageProcess pages = new PageProcess(server.url(), TOKEN)) {
            // Loads the classes; not counted.
            pages.open(Math.min(20, options.number("pages", 1)));
            submit(Math.min(WARM_UP_SECONDS, options.number("seconds", 1)));
            closePages(pages);
            takeWaits();
            rounds(pages, rows, ratios);
            stalled(pages, rows, ratios);
        }
        cuts(rows, ratios);
        ratios.forEach((name, value) -> System.out.println(name + ": " + value));
        return new MeasurementReport("live", machine, facts, rows, ratios);
    }

    /** Submits at an even rate; when it is late, it makes up for it. */
    private List<SubmittedTask> submit(double seconds) throws InterruptedException {
        TaskRequest request = TaskRequest.of(TYPE, "");
        List<SubmittedTask> submitted = new ArrayList<>();
        long start = System.nanoTime();
        long nanos = (long) (seconds * 1e9);
        long passed = 0;
        while (passed < nanos) {
            int due = (int) (passed * (double) rate / 1e9);
            while (submitted.size() < due) {
                long at = System.nanoTime();
                submitted.add(new SubmittedTask(architect.submit(request).id().toString(), at));
            }
            Thread.sleep(1);
            passed = System.nanoTime() - start;
        }
        return submitted;
    }

    private void rounds(PageProcess pages, List<Map<String, Object>> rows, Map<String, Object> ratios)
            throws Exception {
        int seconds = options.number("seconds", 1);
        int pageCount = options.number("pages", 1);
        int rounds = options.number("rounds", 1);
        double[] alone = new double[rounds];
        double[] followed = new double[rounds];
        SightingTimes all = new SightingTimes();
        for (int round = 0; round < rounds; round++) {
            CpuMoment began = CpuMoment.now(pages);
            submit(seconds);
            Percentiles without = takeWaits();
            alone[round] = without.p99();
            rows.add(row("assignment, no page, round " + (round + 1), without.asMap(), began, pages));
            open(pages, pageCount);
            takeWaits();
            began = CpuMoment.now(pages);
            List<SubmittedTask> submitted = submit(seconds);
            Percentiles with = takeWaits();
            followed[round] = with.p99();
            Map<String, Object> row =
                    row("assignment, " + pageCount + " pages, round " + (round + 1), with.asMap(), began, pages);
            rows.add(row);
            awaitSightings(pages, submitted, pageCount);
            pages.addTo(all);
            int lost = pages.lostCount();
            if (lost > 0) {
                throw new IllegalStateException(lost + " pages were closed, expected none");
            }
            System.out.printf(
                    Locale.ROOT,
                    "round %d: assignment without pages %s; with %d pages %s; seen %s;"
                            + " of one core: server %s %%, of that live channel %s %%; pages %s %%%n",
                    round + 1,
                    without,
                    pageCount,
                    with,
                    all,
                    row.get("serverCpuPercentOfOneCore"),
                    row.get("liveCpuPercentOfOneCore"),
                    row.get("pagesCpuPercentOfOneCore"));
            closePages(pages);
        }
        rows.add(row("change seen, " + pageCount + " pages", all.asMap()));
        ratios.put("seenP95Millis", all.asMap().get("p95Millis"));
        ratios.put("assignmentP99AloneMillis", Quantiles.of(alone).asMap());
        ratios.put("assignmentP99FollowedMillis", Quantiles.of(followed).asMap());
        double change =
                HUNDRED * (Quantiles.of(followed).median() / Quantiles.of(alone).median() - 1);
        ratios.put("assignmentP99ChangePercent", Math.round(change * HUNDRED) / HUNDRED);
    }

    /** Opens pages, and waits until every one has what there was before it came: it is told of what comes after that. */
    private void open(PageProcess pages, int count) throws Exception {
        pages.open(count);
        await("all pages are open", () -> pages.openCount() == count);
        String task = architect.submit(TaskRequest.of(TYPE, "")).id().toString();
        await("every page is told of a task", () -> pages.toldCount(task) == count);
    }

    private void closePages(PageProcess pages) throws Exception {
        pages.closePages();
        await("the pages are gone", () -> openPages() == 0);
    }

    private static void awaitSightings(PageProcess pages, List<SubmittedTask> submitted, int pageCount)
            throws Exception {
        long wanted = (long) submitted.size() * pageCount;
        if (pages.sightings(submitted) < wanted) {
            await("every page is told of every task", () -> pages.sightings(List.of()) == wanted);
        }
    }

    private static Map<String, Object> row(
            String part, Map<String, Object> figures, CpuMoment began, PageProcess pages) {
        Map<String, Object> row = row(part, figures);
        row.putAll(began.percentUntil(CpuMoment.now(pages)));
        return row;
    }

    private int openPages() {
        return (int) registry.get("architect.live.pages").gauge().value();
    }

    private void stalled(PageProcess pages, List<Map<String, Object>> rows, Map<String, Object> ratios)
            throws Exception {
        int stalled = options.number("stalled", 0);
        int reading = options.number("pages", 1) - stalled;
        if (stalled == 0 || reading < 1) {
            return;
        }
        open(pages, reading);
        List<SubmittedTask> submitted = new ArrayList<>(submit(WARM_UP_SECONDS));
        double before = heapMib();
        long start = System.nanoTime();
        pages.openStalled(stalled);
        await("those that never read are there", () -> openPages() == reading + stalled);
        double most = before;
        int closed = 0;
        double closedAfter = 0;
        while (closed < stalled && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(SETTLE_SECONDS)) {
            submitted.addAll(submit(1));
            most = Math.max(most, heapMib());
            closed = reading + stalled - openPages();
            closedAfter = (System.nanoTime() - start) / 1e9;
        }
        submitted.addAll(submit(WARM_UP_SECONDS));
        double after = heapMib();
        awaitSightings(pages, submitted, reading);
        SightingTimes times = new SightingTimes();
        pages.addTo(times);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("stalledPages", stalled);
        row.put("closed", closed);
        row.put("closedAfterSeconds", rounded(closedAfter));
        row.put("readingPagesClosed", pages.lostCount());
        row.put("heapBeforeMib", rounded(before));
        row.put("heapMostMib", rounded(most));
        row.put("heapAfterMib", rounded(after));
        rows.add(row("pages that never read", row));
        rows.add(row("change seen beside them", times.asMap()));
        System.out.println("pages that never read: " + row + "; seen beside them " + times);
        ratios.put("stalledClosed", closed);
        ratios.put("heapGrowthMib", rounded(after - before));
        closePages(pages);
    }

    private static double heapMib() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024.0 / 1024;
    }

    private void cuts(List<Map<String, Object>> rows, Map<String, Object> ratios) throws Exception {
        int cuts = options.number("cuts", 0);
        if (cuts == 0) {
            return;
        }
        architect.projects().create(PROJECT, "LIVE", ProjectDraft.of("Live"), ACTOR);
        LinkCuts client = new LinkCuts(server.url(), TOKEN, "project:" + PROJECT.name());
        client.connect();
        await("the client has its snapshot", () -> client.snapshots() == 1);
        double perSecond = options.number("changes", 1);
        List<Item> items = new ArrayList<>();
        long start = System.nanoTime();
        int changes = 0;
        for (int cut = 1; cut <= cuts; cut++) {
            // A link lives for a tenth of a second, so that most cuts come while changes are on their way.
            int until = (int) (cut * perSecond / 10);
            for (; changes < until; changes++) {
                change(items, changes);
                long due = start + (long) ((changes + 1) * 1e9 / perSecond);
                TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
            }
            client.cut();
            client.connect();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        await("the client knows what the server knows", () -> knowsAll(client));
        client.cut();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("cuts", cuts);
        row.put("changes", changes);
        row.put("changesPerSecond", rounded(changes / seconds));
        row.put("gaps", client.gaps());
        row.put("snapshots", client.snapshots());
        rows.add(row("link cut again and again", row));
        ratios.put("cutGaps", client.gaps());
        ratios.put("cutStateEqual", 1);
    }

    private static boolean knowsAll(LinkCuts client) {
        try {
            return client.knowsAll();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void change(List<Item> items, int number) {
        if (items.size() < ITEMS) {
            items.add(architect
                    .projects()
                    .items()
                    .create(PROJECT, ItemDraft.of(ItemKind.FEATURE, "item " + number), Optional.empty(), ACTOR));
        } else {
            Item item = items.get(number % ITEMS);
            items.set(
                    number % ITEMS,
                    architect
                            .projects()
                            .items()
                            .edit(
                                    item.id(),
                                    item.revision().version(),
                                    item.draft().withTitle("changed " + number),
                                    ACTOR));
        }
    }

    private static void await(String what, BooleanSupplier holds) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not within " + SETTLE_SECONDS + " s: " + what);
            }
            Thread.sleep(20);
        }
    }

    private static Map<String, Object> row(String part, Map<String, Object> figures) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("part", part);
        row.putAll(figures);
        return row;
    }

    private static double rounded(double figure) {
        return Math.round(figure * 10) / 10.0;
    }

    @Override
    public void close() {
        server.close();
        architect.close();
    }
}
