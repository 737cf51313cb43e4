package dev.architect.cli.demo;

import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Shows how the demo goes: a table that is drawn again and again where a person watches, and a line now and then where
 * the output goes to a file.
 */
final class DemoScreen implements AutoCloseable {

    private static final Duration REDRAW = Duration.ofMillis(100);
    private static final int REDRAWS_FOR_A_LINE = 20;
    private static final String CLEAR_LINE = "\u001b[2K";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    private final Terminal terminal;
    private final int tasks;
    private final DemoCounters counters;
    private final Supplier<String> down;
    private final TimeSource time = TimeSource.system();
    private final ThreadRunner runner = new ThreadRunner("gaia");
    private final long start = time.nanoTime();
    private int drawnLines;
    private String lastDown = "";

    DemoScreen(Terminal terminal, int tasks, DemoCounters counters, Supplier<String> down) {
        this.terminal = terminal;
        this.tasks = tasks;
        this.counters = counters;
        this.down = down;
    }

    /** Begins to show. */
    void open() {
        runner.start("screen", this::show);
    }

    private void show() {
        try {
            for (int i = 0; true; i++) {
                if (terminal.errInteractive()) {
                    draw();
                } else {
                    printOutage();
                    if (i % REDRAWS_FOR_A_LINE == 0 && i > 0) {
                        printProgress();
                    }
                }
                time.sleep(REDRAW);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void printProgress() {
        terminal.err().println(headline(counters.snapshot()));
    }

    /** Lines for a file: each change once. */
    private synchronized void printOutage() {
        String now = down.get();
        if (!now.equals(lastDown)) {
            terminal.err().println(now.isEmpty() ? lastDown + " is back." : now + " goes down.");
            lastDown = now;
        }
    }

    private synchronized void draw() {
        DemoCounters.Snapshot now = counters.snapshot();
        StringBuilder text = new StringBuilder();
        if (drawnLines > 0) {
            text.append("\u001b[").append(drawnLines).append('A');
        }
        List<String> lines = lines(now);
        for (String line : lines) {
            text.append('\r').append(CLEAR_LINE).append(coloured(line)).append('\n');
        }
        drawnLines = lines.size();
        terminal.err().print(text);
        terminal.err().flush();
    }

    private List<String> lines(DemoCounters.Snapshot now) {
        TextTable table = new TextTable("Provider", "Answers", "Failed", "Cost", "State");
        for (Map.Entry<String, DemoCounters.ProviderCounters> entry :
                now.providers().entrySet()) {
            DemoCounters.ProviderCounters provider = entry.getValue();
            table.row(
                    entry.getKey(),
                    DemoSummary.count(provider.answered()),
                    DemoSummary.count(provider.failed()),
                    DemoSummary.money(provider.cost()),
                    state(entry.getKey(), provider));
        }
        List<String> lines = new ArrayList<>(List.of(bar(now), headline(now), ""));
        lines.addAll(table.lines());
        return lines.stream()
                // A line as wide as the window would wrap, and the next redraw would begin too far down.
                .map(line -> line.length() < terminal.columns() ? line : line.substring(0, terminal.columns() - 1))
                .toList();
    }

    private String state(String provider, DemoCounters.ProviderCounters figures) {
        String breaker = switch (figures.breaker()) {
            case CLOSED -> "up";
            case OPEN -> "breaker open";
            case HALF_OPEN -> "on trial";
        };
        return provider.equals(down.get()) ? "DOWN, " + breaker : breaker;
    }

    private String bar(DemoCounters.Snapshot now) {
        int width = Math.max(10, Math.min(60, terminal.columns() - 2));
        int done = (int) Math.min(width, now.ended() * width / Math.max(1, tasks));
        int submitted = (int) Math.min(width, now.submitted() * width / Math.max(1, tasks));
        return "█".repeat(done)
                + "▒".repeat(Math.max(0, submitted - done))
                + "░".repeat(width - Math.max(done, submitted));
    }

    private String headline(DemoCounters.Snapshot now) {
        return String.format(
                "%,d of %,d done, %,d running, %,d failovers, %s of %s, %s",
                now.ended(),
                tasks,
                now.running(),
                now.failovers(),
                DemoSummary.money(now.cost()),
                DemoSummary.money(now.baseline()),
                DemoSummary.seconds(Duration.ofNanos(time.nanoTime() - start)));
    }

    private String coloured(String line) {
        return terminal.hasColours() && (line.contains("DOWN") || line.contains("breaker open"))
                ? RED + line + PLAIN
                : line;
    }

    /** Shows the end and stops. */
    @Override
    public void close() {
        runner.close();
        // The screen's thread may have stopped before the last figures came.
        if (terminal.errInteractive()) {
            draw();
        } else {
            printOutage();
            printProgress();
        }
    }
}
