package dev.architect.cli.cost;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.cost.ReportPeriod;
import dev.architect.spend.OutputCalibration;
import dev.architect.spend.SpendFilter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gaia cost calibration}. */
@Command(
        name = "calibration",
        description = {
            "Prints how often answers were as long as was forecast from the calls before them.",
            "Half of them should be within P50, nine of ten within P90, which soft budgets reserve."
        })
final class CostCalibrationCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final CostOptions options = new CostOptions();

    @Option(names = "--json", description = "Prints one JSON object a line.")
    private boolean json;

    CostCalibrationCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        SpendFilter filter = options.filter();
        ReportPeriod period = options.period();
        List<OutputCalibration> rows =
                new ArrayList<>(options.read(ledger -> ledger.outputCalibration(filter, period)));
        rows.add(rows.stream().reduce(new OutputCalibration("total", 0, 0, 0, 0), OutputCalibration::plus));
        if (json) {
            rows.forEach(row -> terminal.out().println(CostText.write(json(row))));
            return 0;
        }
        TextTable table = new TextTable("model", "Calls", "Cold", "Within P50", "Within P90");
        for (OutputCalibration row : rows) {
            table.row(
                    row.group(),
                    Long.toString(row.calls()),
                    Long.toString(row.cold()),
                    text(row.percentWithinP50()),
                    text(row.percentWithinP90()));
        }
        table.lines().forEach(terminal.out()::println);
        return 0;
    }

    private static String text(Optional<BigDecimal> percent) {
        return percent.map(value -> value + " %").orElse("");
    }

    private static ObjectNode json(OutputCalibration row) {
        return CostText.object()
                .put("model", row.group())
                .put("calls", row.calls())
                .put("coldCalls", row.cold())
                .put("withinP50", row.withinP50())
                .put("withinP90", row.withinP90())
                .put("percentWithinP50", row.percentWithinP50().orElse(null))
                .put("percentWithinP90", row.percentWithinP90().orElse(null));
    }
}
