package dev.architect.benchmarks.postgres;

import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import dev.architect.benchmarks.Options;
import dev.architect.benchmarks.postgres.engine.BenchmarkDatabase;
import dev.architect.project.rule.ItemFilter;
import dev.architect.project.store.ItemOrder;
import dev.architect.project.store.ItemQuery;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.store.postgres.PostgresStore;
import dev.architect.store.sqlite.SqliteStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Lists of a project with many items and comments: how long the first page of a filter, of a search and of a board takes, in every order that a
 * page offers, each time with other values.
 */
public final class ItemLists {

    private static final int PAGE = 50;
    private static final int CARDS = 100;
    private static final double MILLION = 1e6;

    private final Random random = new Random(2);
    private final int repeats;
    private final List<Map<String, Object>> rows = new ArrayList<>();
    private final List<Long> all = new ArrayList<>();
    private double highest;

    private ItemLists(int repeats) {
        this.repeats = repeats;
    }

    /**
     * Runs with {@code --store sqlite|postgres|memory}, {@code --items N}, {@code --comments N}, {@code --repeats N}, {@code --dir DIRECTORY},
     * {@code --json FILE}.
     */
    public static void main(String... arguments) throws Exception {
        Measurement.main(ItemLists::measure, arguments);
    }

    static MeasurementReport measure(List<String> arguments) throws Exception {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("store", "sqlite");
        defaults.put("items", "100000");
        defaults.put("comments", "300000");
        defaults.put("repeats", "40");
        defaults.put("dir", Path.of("benchmarks", "target").toString());
        Options options = Options.parse(arguments, defaults);
        String store = options.oneOf("store", "sqlite", "postgres", "memory");
        int items = options.number("items", 1);
        int comments = options.number("comments", 0);
        int repeats = options.number("repeats", 1);
        Map<String, Object> machine = HostInfo.facts();
        ItemLists lists = new ItemLists(repeats);
        switch (store) {
            case "sqlite" -> lists.onSqlite(Path.of(options.text("dir")), items, comments);
            case "postgres" -> lists.onPostgres(items, comments);
            default -> {
                try (Store memory = new InMemoryStore(TimeSource.system())) {
                    lists.run(memory, items, comments);
                }
            }
        }
        Map<String, Object> ratios = new LinkedHashMap<>();
        ratios.put("highestP95Millis", lists.highest);
        ratios.put("p95MillisOfAll", at(lists.all.stream().sorted().toList(), 95));
        System.out.printf(Locale.ROOT, "highest p95 %.1f ms, of all %s%n", lists.highest, ratios.get("p95MillisOfAll"));
        return new MeasurementReport(
                "items",
                machine,
                Map.of("store", store, "items", items, "comments", comments, "repeats", repeats),
                lists.rows,
                ratios);
    }

    private void onSqlite(Path parent, int items, int comments) throws Exception {
        Files.createDirectories(parent);
        Path directory = Files.createTempDirectory(parent, "items-");
        try (SqliteStore store = SqliteStore.at(directory.resolve("architect.db"))) {
            run(store, items, comments);
        } finally {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path each : files.toList()) {
                    Files.delete(each);
                }
            }
            Files.delete(directory);
        }
    }

    private void onPostgres(int items, int comments) throws Exception {
        try (BenchmarkServer server = BenchmarkServer.fresh(15)) {
            BenchmarkDatabase database = server.create();
            try (PostgresStore store = PostgresStore.builder(database.url()).open()) {
                run(store, items, comments);
            }
        }
    }

    private void run(Store store, int items, int comments) {
        ItemSamples samples = new ItemSamples(store);
        long begin = System.nanoTime();
        samples.fill(items, comments);
        long filled = System.nanoTime() - begin;
        System.out.printf(Locale.ROOT, "%d items a second%n", Math.round(items / (filled / MILLION / 1_000)));
        for (ItemOrder order : ItemOrder.values()) {
            for (boolean isDescending : new boolean[] {false, true}) {
                String name = order + (isDescending ? " downwards" : "");
                time(samples, "all, by " + name, () -> "", order, isDescending);
                time(
                        samples,
                        "rare label, by " + name,
                        () -> "label:label-" + rare(ItemSamples.LABELS),
                        order,
                        isDescending);
                time(samples, "word and filter, by " + name, () -> word() + " kind:bug", order, isDescending);
                time(samples, "common beginning, by " + name, () -> beginning(2), order, isDescending);
            }
        }
        for (Map.Entry<String, Supplier<String>> filter : filters().entrySet()) {
            time(samples, filter.getKey() + ", by NUMBER", filter.getValue(), ItemOrder.NUMBER, false);
            time(samples, filter.getKey() + ", newest", filter.getValue(), ItemOrder.CREATED, true);
            time(samples, filter.getKey() + ", last changed", filter.getValue(), ItemOrder.UPDATED, true);
        }
        List<Long> boards = new ArrayList<>();
        for (int i = 0; i < repeats; i++) {
            long start = System.nanoTime();
            samples.projects().boards().board(samples.project(), CARDS);
            boards.add(System.nanoTime() - start);
        }
        row("board", boards);
    }

    private Map<String, Supplier<String>> filters() {
        Map<String, Supplier<String>> filters = new LinkedHashMap<>();
        filters.put("kind", () -> "kind:" + List.of("bug", "chore", "feature").get(random.nextInt(3)));
        filters.put("column", () -> "column:\"To do\"");
        filters.put("stage", () -> "stage:active,review");
        filters.put("priority", () -> "priority:" + random.nextInt(10));
        filters.put("severity", () -> "severity:critical");
        filters.put("size", () -> "size:xl,xs");
        filters.put("reporter", () -> "reporter:user-" + random.nextInt(ItemSamples.PEOPLE));
        filters.put("assignee", () -> "assignee:user-" + random.nextInt(ItemSamples.PEOPLE));
        filters.put("nobody", () -> "assignee:none");
        filters.put("label", () -> "label:label-" + random.nextInt(ItemSamples.LABELS));
        filters.put(
                "two labels",
                () -> "label:label-" + rare(ItemSamples.LABELS) + " label:label-" + rare(ItemSamples.LABELS));
        filters.put("not a label", () -> "-label:label-0");
        filters.put("milestone", () -> "milestone:\"Milestone " + random.nextInt(ItemSamples.MILESTONES) + "\"");
        filters.put("no milestone", () -> "milestone:none");
        filters.put("blocked", () -> "is:blocked");
        filters.put("blocked, why", () -> "blocked:budget");
        filters.put("field", () -> "field.Area:cart");
        filters.put("no field", () -> "field.Area:none");
        filters.put(
                "many",
                () -> "kind:bug stage:ready assignee:user-" + random.nextInt(ItemSamples.PEOPLE) + " -label:label-1");
        filters.put("nothing", () -> "assignee:nobody-" + random.nextInt(ItemSamples.PEOPLE));
        filters.put("word", () -> word());
        filters.put("rare word", () -> ItemSamples.word(rare(ItemSamples.WORDS)));
        filters.put("two words", () -> word() + " " + word());
        filters.put("no word", () -> "xqx" + random.nextInt(PAGE));
        for (int letters = 1; letters <= 3; letters++) {
            int count = letters;
            filters.put(letters + " letters", () -> beginning(count));
        }
        filters.put("beginning and rare label", () -> beginning(1) + " label:label-" + rare(ItemSamples.LABELS));
        filters.put("rare word and column", () -> ItemSamples.word(rare(ItemSamples.WORDS)) + " stage:ready");
        return filters;
    }

    private String word() {
        double share = random.nextDouble();
        return ItemSamples.word((int) (ItemSamples.WORDS * share * share * share));
    }

    private String beginning(int letters) {
        return word().substring(0, letters);
    }

    /** One of the last ones, which are seldom used. */
    private int rare(int most) {
        return most - 1 - random.nextInt(most / 10);
    }

    private void time(
            ItemSamples samples, String operation, Supplier<String> filter, ItemOrder order, boolean isDescending) {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < repeats; i++) {
            String text = filter.get();
            long begin = System.nanoTime();
            ItemQuery query = ItemFilter.parse(samples.projects(), samples.project(), text, ItemSamples.ADA)
                    .by(order, isDescending)
                    .withLimit(PAGE);
            samples.projects().items().list(query);
            nanos.add(System.nanoTime() - begin);
        }
        row(operation, nanos);
    }

    private void row(String operation, List<Long> nanos) {
        all.addAll(nanos);
        List<Long> sorted = nanos.stream().sorted().toList();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("operation", operation);
        row.put("p50Millis", at(sorted, 50));
        row.put("p95Millis", at(sorted, 95));
        highest = Math.max(highest, at(sorted, 95));
        rows.add(row);
        System.out.printf(Locale.ROOT, "%-44s p50 %8.2f ms, p95 %8.2f ms%n", operation, at(sorted, 50), at(sorted, 95));
    }

    private static double at(List<Long> sorted, int percent) {
        return sorted.get((sorted.size() * percent + 99) / 100 - 1) / MILLION;
    }
}
