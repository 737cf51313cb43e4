package dev.architect.cli.route;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.model.ModelId;
import dev.architect.record.DecisionRecord;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.router.replay.PolicyReplay;
import dev.architect.router.replay.ReplayReport;
import dev.architect.router.replay.ReplayShift;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaia route replay}. */
@Command(
        name = "replay",
        description = {
            "Tells what recorded requests would have cost under another policy, or by other prices. No model is called.",
            "",
            "It is a same-token estimate of requests whose cost is known on both sides: another model would write another answer."
        })
final class ReplayCommand implements Callable<Integer> {

    private static final int MAX_LIMIT = 1_000_000;
    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);

    private final Terminal terminal;

    @Mixin
    private final RecordOptions options = new RecordOptions();

    @Parameters(paramLabel = "POLICY", description = "The other policy, as YAML.")
    @SuppressWarnings("NullAway.Init")
    private Path policy;

    @Option(
            names = "--prices",
            paramLabel = "FILE",
            description = "A price file, on top of the standard prices; these alone by default.")
    private @Nullable Path prices;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "The most records, the newest ones, 1 to 1,000,000; ${DEFAULT-VALUE} by default.")
    private int limit = 100_000;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    ReplayCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new CommandFailure("--limit is " + limit + ", expected 1.." + MAX_LIMIT);
        }
        if (prices != null && !Files.isRegularFile(prices)) {
            throw new CommandFailure("--prices is " + prices + ", expected a price file");
        }
        PolicyReplay replay = PolicyReplay.under(
                RoutingPolicy.load(policy), prices == null ? Prices.standard() : Prices.load(prices));
        List<DecisionRecord> records = options.read(limit);
        if (records.isEmpty()) {
            throw new CommandFailure("the store has no such records of decisions, expected some:"
                    + " a policy with 'records: {rate: 0.05}' leaves them");
        }
        ReplayReport report = replay.replay(records);
        if (json) {
            terminal.out().println(json(report));
        } else {
            print(report);
        }
        return 0;
    }

    private void print(ReplayReport report) {
        TextTable table =
                new TextTable("Answered by", "Would be", "Requests", "Compared", "Recorded", "Replayed", "Difference");
        for (ReplayShift shift : report.shifts()) {
            table.row(
                    shift.recorded().toString(),
                    shift.chosen().map(ModelId::toString).orElse("none"),
                    Long.toString(shift.requests()),
                    Long.toString(shift.compared()),
                    shift.recordedCost().toString(),
                    shift.replayedCost().toString(),
                    shift.delta().toString());
        }
        table.row(
                "total",
                "",
                Long.toString(report.answered()),
                Long.toString(report.compared()),
                report.recorded().toString(),
                report.replayed().toString(),
                report.delta().toString());
        table.lines().forEach(terminal.out()::println);
        terminal.out()
                .printf(
                        Locale.ROOT,
                        "%,d of %,d answered requests would go elsewhere, %,d nowhere; %.1f %% have no price on both sides%n",
                        report.changed(),
                        report.answered(),
                        report.unservable(),
                        100 * report.unpricedShare());
    }

    private static String json(ReplayReport report) throws JsonProcessingException {
        ObjectNode object = JSON.createObjectNode()
                .put("requests", report.decisions().size())
                .put("answered", report.answered())
                .put("compared", report.compared())
                .put("changed", report.changed())
                .put("unservable", report.unservable())
                .put("unpricedShare", report.unpricedShare())
                .put("recordedUsd", report.recorded().usd())
                .put("replayedUsd", report.replayed().usd())
                .put("differenceUsd", report.delta().usd());
        ArrayNode shifts = object.putArray("shifts");
        for (ReplayShift shift : report.shifts()) {
            shifts.addObject()
                    .put("model", shift.recorded().toString())
                    .put("chosen", shift.chosen().map(ModelId::toString).orElse(null))
                    .put("requests", shift.requests())
                    .put("compared", shift.compared())
                    .put("recordedUsd", shift.recordedCost().usd())
                    .put("replayedUsd", shift.replayedCost().usd())
                    .put("differenceUsd", shift.delta().usd());
        }
        return JSON.writeValueAsString(object);
    }
}
