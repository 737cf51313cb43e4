package dev.architect.cli.cost;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.CountOption;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cost.GroupSpend;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.Savings;
import dev.architect.cost.SpendDimension;
import dev.architect.spend.SpendFilter;
import dev.architect.spend.SpendTotals;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gaia cost}: what calls have cost. */
@Command(
        name = "cost",
        description = {
            "Reports what calls have cost, exactly, also while a server uses the store.",
            "The store is the one that the configuration names, or the database of a data directory; with --server"
                    + " a running server is asked in its place."
        })
public final class CostCommand implements Runnable {

    private static final String TASK = "task";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private CostCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new CostCommand())
                .addSubcommand(new SummaryCommand(terminal))
                .addSubcommand(new ByCommand(terminal))
                .addSubcommand(new CostBreakdownCommand(terminal))
                .addSubcommand(new CostSeriesCommand(terminal))
                .addSubcommand(new TopCommand(terminal))
                .addSubcommand(new CostTaskCommand(terminal))
                .addSubcommand(new CostCallCommand(terminal))
                .addSubcommand(new CostEstimateCommand(terminal))
                .addSubcommand(new CostRerateCommand(terminal))
                .addSubcommand(new CostRatingsCommand(terminal))
                .addSubcommand(new CostReconcileCommand(terminal))
                .addSubcommand(new CostReconciliationsCommand(terminal))
                .addSubcommand(new CostCalibrationCommand(terminal))
                .addSubcommand(new CostExportCommand(terminal))
                .addSubcommand(new CostArchiveCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to report is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    static SpendDimension dimension(String word, String others) {
        return Arrays.stream(SpendDimension.values())
                .filter(dimension -> CostOptions.word(dimension).equals(word))
                .findFirst()
                .orElseThrow(() -> new CommandFailure("dimension is '" + word + "', expected one of " + others
                        + Arrays.stream(SpendDimension.values())
                                .map(CostOptions::word)
                                .collect(Collectors.joining(", "))));
    }

    private static Map<String, SpendTotals> rows(List<GroupSpend> groups, String by) {
        Map<String, SpendTotals> rows = new LinkedHashMap<>();
        boolean areConstants = List.of("complexity", "outcome", "cost-status").contains(by);
        groups.forEach(group -> rows.put(
                areConstants ? group.group().toLowerCase(Locale.ROOT).replace('_', '-') : group.group(),
                SpendTotals.of(group)));
        return rows;
    }

    /** {@code gaia cost summary}. */
    @Command(name = "summary", description = "Prints what was spent, the baseline and the saving, in total.")
    static final class SummaryCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final CostOptions options = new CostOptions();

        @Option(names = "--json", description = "Prints one JSON object.")
        private boolean json;

        SummaryCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            SpendFilter filter = options.filter();
            ReportPeriod period = options.period();
            SpendTotals totals =
                    SpendTotals.sum(options.read(ledger -> ledger.spendBy(SpendDimension.PROVIDER, filter, period)));
            Optional<String> percent = new Savings(totals.cost(), totals.calls().unpriced())
                    .percent()
                    .map(BigDecimal::toPlainString);
            if (json) {
                ObjectNode object = CostText.object("period", "total", totals);
                object.remove("period");
                terminal.out().println(CostText.write(object.put("savingsPercent", percent.orElse(null))));
                return 0;
            }
            terminal.out()
                    .println("spent      " + totals.cost().spent() + ", of which estimated "
                            + totals.cost().estimated());
            terminal.out()
                    .println("baseline   " + totals.cost().baseline()
                            + percent.map(saved -> ", saved " + saved + " %").orElse(""));
            terminal.out()
                    .println("calls      " + totals.calls().all() + ", failed "
                            + totals.calls().failed() + ", failovers "
                            + totals.calls().failovers() + ", unpriced "
                            + totals.calls().unpriced());
            terminal.out().println("requests   " + totals.requests());
            terminal.out()
                    .println("tokens     " + totals.tokens().input() + " in, "
                            + totals.tokens().output() + " out");
            return 0;
        }
    }

    /** {@code gaia cost by}. */
    @Command(name = "by", description = "Prints a row for each value of a dimension.")
    static final class ByCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final CostOptions options = new CostOptions();

        @Parameters(
                paramLabel = "DIMENSION",
                description = "provider, model, project, user, complexity, outcome, cost-status, service-tier, region,"
                        + " task-type or key.")
        @SuppressWarnings("NullAway.Init")
        private String by;

        @Option(names = "--json", description = "Prints one JSON object a line.")
        private boolean json;

        ByCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            SpendDimension dimension = dimension(by, "");
            SpendFilter filter = options.filter();
            ReportPeriod period = options.period();
            CostText.print(
                    terminal.out(),
                    by,
                    "group",
                    rows(options.read(ledger -> ledger.spendBy(dimension, filter, period)), by),
                    json);
            return 0;
        }
    }

    /** {@code gaia cost top}. */
    @Command(name = "top", description = "Prints what cost most, the dearest first.")
    static final class TopCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final CostOptions options = new CostOptions();

        @Parameters(
                arity = "0..1",
                paramLabel = "DIMENSION",
                description = "task, provider, model, project, user, complexity, outcome, cost-status,"
                        + " service-tier, region, task-type or key;"
                        + " ${DEFAULT-VALUE} by default.")
        private String by = TASK;

        @Option(
                names = "--limit",
                paramLabel = "N",
                converter = CountOption.class,
                description = "How many; ${DEFAULT-VALUE} by default.")
        private int limit = 10;

        @Option(names = "--json", description = "Prints one JSON object a line.")
        private boolean json;

        TopCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            SpendFilter filter = options.filter();
            ReportPeriod period = options.period();
            @Nullable SpendDimension dimension = by.equals(TASK) ? null : dimension(by, "task, ");
            List<GroupSpend> top = CostOptions.checked(() -> options.read(ledger -> dimension == null
                    ? ledger.topTasks(filter, period, limit)
                    : ledger.top(dimension, filter, period, limit)));
            CostText.print(terminal.out(), by, "group", rows(top, by), json);
            return 0;
        }
    }
}
