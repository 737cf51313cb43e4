package dev.architect.cli.cluster;

import dev.architect.cli.terminal.TextTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints for a person what a run of the demo came to. */
final class ClusterDemoSummary {

    private static final Duration RECLAIM_TARGET = Duration.ofSeconds(12);

    /** Where a transport notices that a node has vanished before its lease ends. */
    private static final Duration EARLY_TARGET = Duration.ofSeconds(5);

    private static final double DIP_TARGET = 40;
    private static final double DIP_SECONDS_TARGET = 15;

    private ClusterDemoSummary() {}

    static List<String> of(ClusterDemoPlan plan, ClusterDemoResult result) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                "%,d tasks were accepted: %,d are done, %,d lost, %,d recorded twice.",
                result.accepted(),
                result.accepted() - result.lost(),
                result.lost(),
                result.recordedTwice()));
        lines.add(String.format(
                Locale.ROOT,
                "%,d effects were begun, %,d of them again: recorded once, executed at least once.",
                result.begun(),
                result.begunAgain()));
        if (!result.faults().isEmpty()) {
            lines.add("");
            lines.addAll(table(result));
        }
        lines.add("");
        lines.add(targets(plan, result));
        return lines;
    }

    private static List<String> table(ClusterDemoResult result) {
        TextTable table = new TextTable(
                "Fault", "Ran", "Begun again", "after p50", "p99", "Others did less", "for", "Away", "Back after");
        for (FaultFigures figures : result.faults()) {
            table.row(
                    figures.node() + " " + figures.fault().words(),
                    Integer.toString(figures.running()),
                    Integer.toString(figures.reclaims().size()),
                    seconds(figures.reclaim(50)),
                    seconds(figures.reclaim(99)),
                    String.format(Locale.ROOT, "%.0f %%", figures.dip().percent()),
                    seconds(figures.dip().length()),
                    seconds(figures.away()),
                    seconds(figures.back()));
        }
        return table.lines();
    }

    private static String targets(ClusterDemoPlan plan, ClusterDemoResult result) {
        List<String> missed = new ArrayList<>();
        if (!result.isSound()) {
            missed.add("tasks were lost or recorded twice");
        }
        for (FaultFigures figures : result.faults()) {
            Duration target = target(plan, figures.fault());
            if (figures.reclaim(99).compareTo(target) > 0) {
                missed.add("tasks of " + figures.node() + " began again after " + seconds(figures.reclaim(99))
                        + ", expected at most " + seconds(target));
            }
        }
        if (result.dipPercent() > DIP_TARGET || result.dipSeconds() > DIP_SECONDS_TARGET) {
            missed.add(String.format(
                    Locale.ROOT,
                    "the other nodes did up to %.0f %% less for %.1f s, expected at most %.0f %% for %.0f s",
                    result.dipPercent(),
                    result.dipSeconds(),
                    DIP_TARGET,
                    DIP_SECONDS_TARGET));
        }
        String with = plan.nodes() + " nodes, " + plan.tasks() + " tasks at a time, transport " + plan.transport();
        return missed.isEmpty()
                ? "All targets are met (" + with + ")."
                : "Missed (" + with + "): " + String.join("; ", missed) + ".";
    }

    /** A node that hangs or is cut off the database alone may still be seen by the others, so its lease has to end. */
    private static Duration target(ClusterDemoPlan plan, ClusterFault fault) {
        return fault == ClusterFault.KILL && !plan.transport().equals("none") ? EARLY_TARGET : RECLAIM_TARGET;
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1_000.0);
    }
}
