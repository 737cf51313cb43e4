package dev.architect.cli.cost;

import dev.architect.cli.launch.ServerAccess;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cost.ReportPeriod;
import dev.architect.spend.SpendBucket;
import dev.architect.spend.SpendFilter;
import dev.architect.spend.SpendInterval;
import dev.architect.spend.SpendTotals;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gaia cost series}. */
@Command(
        name = "series",
        description = {
            "Prints a row for each minute, hour or day, those without calls included.",
            "With --server a running server is asked in place of the store."
        })
final class CostSeriesCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final CostOptions options = new CostOptions();

    @Mixin
    private final ServerAccess server = new ServerAccess();

    @Option(
            names = "--interval",
            paramLabel = "INTERVAL",
            description = "minute, hour or day, of UTC; ${DEFAULT-VALUE} by default.")
    private String interval = "day";

    @Option(names = "--json", description = "Prints one JSON object a line.")
    private boolean json;

    CostSeriesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        SpendInterval length = switch (interval) {
            case "minute" -> SpendInterval.MINUTE;
            case "hour" -> SpendInterval.HOUR;
            case "day" -> SpendInterval.DAY;
            default -> throw new CommandFailure("--interval is '" + interval + "', expected minute, hour or day");
        };
        Map<String, SpendTotals> rows = new LinkedHashMap<>();
        buckets(length).forEach(bucket -> rows.put(bucket.begin().toString(), bucket.totals()));
        CostText.print(terminal.out(), interval, "begin", rows, json);
        return 0;
    }

    private List<SpendBucket> buckets(SpendInterval length) {
        return server.named(options.directory())
                .map(client -> new ServerReports(client).series(interval, options.parameters()))
                .orElseGet(() -> {
                    SpendFilter filter = options.filter();
                    ReportPeriod period = options.period();
                    return CostOptions.checked(() -> options.read(ledger -> ledger.series(length, filter, period)));
                });
    }
}
