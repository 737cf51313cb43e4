package dev.architect.benchmarks.live;

import dev.architect.benchmarks.postgres.engine.EngineProcess;
import dev.architect.benchmarks.postgres.engine.LineProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The process that has the pages. Where the system has {@code nice}, it gives way to the server: browsers take no
 * processor from the one that they look at. For one thread.
 */
final class PageProcess implements AutoCloseable {

    private static final Path SCHEDULER = Path.of("/usr/bin/nice");
    private static final int HEAP_MIB = 256;
    private static final long PATIENCE_SECONDS = 60;

    private final LineProcess process;
    private final List<String> news = new ArrayList<>();

    PageProcess(String url, String token) {
        List<String> command = new ArrayList<>(EngineProcess.jvm(HEAP_MIB, PageReaders.class, url, token));
        // It is to be as small as it can: no compiler that works for long, no threads that collect.
        command.addAll(1, List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        if (Files.isExecutable(SCHEDULER)) {
            command.addAll(0, List.of(SCHEDULER.toString(), "-n", "19"));
        }
        process = new LineProcess(command, line -> {
            synchronized (news) {
                news.add(line);
            }
        });
    }

    /** Opens pages that follow the state of the whole and all tasks. */
    void open(int pages) {
        ask("open " + pages);
    }

    /** Opens pages that follow much and never read. */
    void openStalled(int pages) {
        ask("stalled " + pages);
    }

    /** How many of those that read are connected. */
    int openCount() {
        return (int) ask("open-count");
    }

    /** How many of those that read were closed by the server. */
    int lostCount() {
        return (int) ask("lost-count");
    }

    /** How many have heard of a task. */
    int toldCount(String task) {
        return (int) ask("told " + task);
    }

    /** How often pages have heard of tasks. */
    long sightings(List<SubmittedTask> tasks) {
        tasks.forEach(task -> ask("task " + task.id() + " " + task.at()));
        return ask("sighted");
    }

    /** Adds how soon pages have heard of the tasks that {@link #sightings} was asked for. */
    void addTo(SightingTimes times) {
        ask("times");
        synchronized (news) {
            for (String line : news) {
                String[] words = line.split(" ");
                times.addStep(Integer.parseInt(words[1]), Long.parseLong(words[2]));
            }
            news.clear();
        }
    }

    /** Closes all pages. */
    void closePages() {
        ask("close");
    }

    /** How long it has kept a processor busy. */
    Duration cpuTime() {
        return process.cpuTime();
    }

    private long ask(String command) {
        return process.request(command, PATIENCE_SECONDS);
    }

    @Override
    public void close() {
        process.close();
    }
}
