package dev.architect.cli.cost;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cli.launch.ServerAccess;
import dev.architect.cli.launch.ServerClient;
import dev.architect.cli.terminal.CountOption;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.spend.SpendAxis;
import dev.architect.spend.SpendCell;
import dev.architect.spend.SpendFilter;
import dev.architect.spend.SpendTotals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaia cost breakdown}. */
@Command(
        name = "breakdown",
        description = {
            "Prints what calls cost by one or two dimensions, the dearest first.",
            "With --server a running server is asked in place of the store."
        })
final class CostBreakdownCommand implements Callable<Integer> {

    private static final String TEAM = "team";
    private static final String TAG = "tag:";

    private static final Comparator<SpendCell> DEAREST_FIRST = Comparator.comparing(
                    (SpendCell cell) -> cell.totals().cost().spent())
            .reversed()
            .thenComparing(SpendCell::values, SpendCell.BY_VALUES);

    private final Terminal terminal;

    @Mixin
    private final CostOptions options = new CostOptions();

    @Mixin
    private final ServerAccess server = new ServerAccess();

    @Parameters(
            arity = "0..1",
            paramLabel = "DIMENSION[,DIMENSION]",
            split = ",",
            completionCandidates = Axes.class,
            description =
                    "One or two, with a comma between them, of ${COMPLETION-CANDIDATES} and tag:NAME; provider by default.")
    private List<String> by = List.of("provider");

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = CountOption.class,
            description = "How many rows; ${DEFAULT-VALUE} by default, at most 10,000 of a server.")
    private int limit = 100;

    @Option(names = "--json", description = "Prints one JSON object a line.")
    private boolean json;

    CostBreakdownCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The names of what costs can be broken down by. */
    static final class Axes implements Iterable<String> {

        /** Creates them. */
        Axes() {}

        @Override
        public Iterator<String> iterator() {
            return Stream.concat(Arrays.stream(SpendDimension.values()).map(CostOptions::word), Stream.of(TEAM))
                    .iterator();
        }
    }

    /**
     * The rows that are printed.
     *
     * @param cells the dearest ones first
     * @param omitted how many more there are
     * @param total of all
     */
    record Rows(List<SpendCell> cells, long omitted, SpendTotals total) {}

    @Override
    public Integer call() {
        Optional<ServerClient> client = server.named(options.directory());
        Rows rows = client.isPresent()
                ? new ServerReports(client.get()).breakdown(by, limit, options.parameters())
                : ofStore();
        if (json) {
            rows.cells().forEach(this::printJson);
        } else {
            print(rows);
        }
        if (rows.omitted() > 0) {
            terminal.err().println(rows.omitted() + " more; --limit shows more of them");
        }
        return 0;
    }

    private Rows ofStore() {
        List<SpendAxis> axes = by.stream().map(CostBreakdownCommand::axis).toList();
        SpendFilter filter = options.filter();
        ReportPeriod period = options.period();
        List<SpendCell> cells =
                CostOptions.checked(() -> options.read(ledger -> ledger.breakdown(axes, filter, period)));
        return new Rows(
                cells.stream()
                        .sorted(DEAREST_FIRST)
                        .limit(limit)
                        .map(cell -> written(axes, cell))
                        .toList(),
                Math.max(0, cells.size() - limit),
                cells.stream().map(SpendCell::totals).reduce(SpendTotals.ZERO, SpendTotals::plus));
    }

    private static SpendAxis axis(String word) {
        if (word.equals(TEAM)) {
            return SpendAxis.ofTag(TEAM);
        }
        if (word.startsWith(TAG)) {
            return CostOptions.checked(() -> SpendAxis.ofTag(word.substring(TAG.length())));
        }
        return SpendAxis.of(CostCommand.dimension(word, TEAM + ", " + TAG + "NAME, "));
    }

    private static SpendCell written(List<SpendAxis> axes, SpendCell cell) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < axes.size(); i++) {
            String value = cell.values().get(i);
            values.add(axes.get(i)
                    .dimension()
                    .map(dimension -> CostOptions.written(dimension, value))
                    .orElse(value));
        }
        return new SpendCell(values, cell.totals());
    }

    private void printJson(SpendCell cell) {
        ObjectNode line = CostText.object();
        ObjectNode values = line.putObject("values");
        for (int i = 0; i < by.size(); i++) {
            values.put(by.get(i), cell.values().get(i));
        }
        terminal.out().println(CostText.write(CostText.put(line, cell.totals())));
    }

    private void print(Rows rows) {
        TextTable table = CostText.table(by);
        rows.cells().forEach(cell -> CostText.row(table, cell.values(), cell.totals()));
        List<String> total = new ArrayList<>(List.of("total"));
        while (total.size() < by.size()) {
            total.add("");
        }
        CostText.row(table, total, rows.total());
        table.lines().forEach(terminal.out()::println);
    }
}
