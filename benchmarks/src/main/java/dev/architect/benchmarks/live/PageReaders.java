package dev.architect.benchmarks.live;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Pages of a server in a process of their own, as browsers are; it obeys the lines of its input until that ends. It knows {@code open PAGES}, {@code stalled PAGES},
 * {@code open-count}, {@code lost-count}, {@code told TASK}, {@code task TASK NANOS} for one whose sightings count and when it was submitted, {@code sighted} for how many sightings
 * that are by now, {@code times}, which writes them as {@code sighted STEP COUNT}, and {@code close}. To each it answers {@code done} and a number. Times are of the monotonic clock,
 * which on Linux all processes share.
 */
final class PageReaders {

    private final String url;
    private final String token;
    private final Map<String, Long> submitted = new LinkedHashMap<>();
    private SightingLog log = new SightingLog();
    private OpenPages pages;

    private PageReaders(String url, String token) throws IOException {
        this.url = url;
        this.token = token;
        this.pages = new OpenPages(url, token);
    }

    /** Runs with the address of the server and a token for it. */
    public static void main(String... arguments) throws Exception {
        PageReaders readers = new PageReaders(arguments[0], arguments[1]);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            long number = readers.obey(line.split(" "));
            readers.pages.check();
            System.out.println("done " + number);
        }
        readers.pages.close();
    }

    private long obey(String... words) throws IOException {
        switch (words[0]) {
            case "open" -> {
                pages.open(Integer.parseInt(words[1]), log);
                return Long.parseLong(words[1]);
            }
            case "stalled" -> {
                pages.openStalled(Integer.parseInt(words[1]));
                return Long.parseLong(words[1]);
            }
            case "open-count" -> {
                return pages.openCount();
            }
            case "lost-count" -> {
                return pages.lostCount();
            }
            case "told" -> {
                return log.count(words[1]);
            }
            case "task" -> {
                submitted.put(words[1], Long.parseLong(words[2]));
                return submitted.size();
            }
            case "sighted" -> {
                return submitted.keySet().stream().mapToLong(log::count).sum();
            }
            case "times" -> {
                SightingTimes times = new SightingTimes();
                submitted.forEach((task, at) -> log.addTo(times, task, at));
                times.forEachStep((step, count) -> System.out.println("sighted " + step + " " + count));
                return times.count();
            }
            case "close" -> {
                pages.close();
                submitted.clear();
                log = new SightingLog();
                pages = new OpenPages(url, token);
                return 0;
            }
            default -> throw new IllegalArgumentException("'" + words[0] + "' is no command of pages");
        }
    }
}
