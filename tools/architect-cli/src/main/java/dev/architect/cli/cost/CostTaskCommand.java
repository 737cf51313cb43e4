package dev.architect.cli.cost;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.spend.AttemptSpend;
import dev.architect.spend.SpendTotals;
import dev.architect.spend.TaskSpend;
import dev.architect.task.TaskId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaia cost task}. */
@Command(name = "task", description = "Prints what a task cost, by attempt and with each call.")
final class CostTaskCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final ExistingData data = new ExistingData();

    @Parameters(paramLabel = "ID", description = "The id of the task.")
    @SuppressWarnings("NullAway.Init")
    private String id;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    CostTaskCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        TaskId task = CostOptions.checked(() -> TaskId.parse(id));
        TaskSpend spend = data.operate(architect -> architect.ledger().spendOf(task));
        if (spend.attempts().isEmpty()) {
            throw new CommandFailure("task " + id + " has no calls, expected the id of a task that has made some");
        }
        if (json) {
            terminal.out().println(CostText.write(json(spend)));
            return 0;
        }
        Map<String, SpendTotals> rows = new LinkedHashMap<>();
        spend.attempts().forEach(attempt -> rows.put(Long.toString(attempt.epoch()), attempt.totals()));
        rows.put("all", spend.totals());
        CostText.print(terminal.out(), "Attempt", "epoch", rows, false);
        terminal.out().println();
        calls(spend).lines().forEach(terminal.out()::println);
        return 0;
    }

    private static TextTable calls(TaskSpend spend) {
        TextTable table = new TextTable(
                "Call",
                "Attempt",
                "Begin",
                "Model",
                "Outcome",
                "Tokens in",
                "Tokens out",
                "Cost",
                "Status",
                "Baseline");
        for (AttemptSpend attempt : spend.attempts()) {
            for (LedgerEntry call : attempt.calls()) {
                table.row(
                        call.callId(),
                        Long.toString(attempt.epoch()),
                        call.timing().startedAt().toString(),
                        call.route().answered().toString(),
                        CostOptions.word(call.outcome()),
                        Long.toString(call.metering().usage().promptTokens()),
                        Long.toString(call.metering().usage().completionTokens()),
                        text(call.charge().cost()),
                        CostOptions.word(call.charge().cost().status()),
                        text(call.charge().baseline()));
            }
        }
        return table;
    }

    static String text(Cost cost) {
        return cost.amount().map(Money::toString).orElse("unknown");
    }

    private static ObjectNode json(TaskSpend spend) {
        ObjectNode task = CostText.object("task", spend.task().toString(), spend.totals());
        ArrayNode attempts = task.putArray("attempts");
        for (AttemptSpend attempt : spend.attempts()) {
            ObjectNode object = CostText.object("epoch", Long.toString(attempt.epoch()), attempt.totals());
            ArrayNode calls = object.put("epoch", attempt.epoch()).putArray("calls");
            attempt.calls().forEach(call -> calls.add(json(call)));
            attempts.add(object);
        }
        return task;
    }

    /** Returns a call with its cost. */
    static ObjectNode json(LedgerEntry call) {
        return CostText.object()
                .put("callId", call.callId())
                .put("startedAt", call.timing().startedAt().toString())
                .put("answeredModel", call.route().answered().toString())
                .put("outcome", CostOptions.word(call.outcome()))
                .put("inputTokens", call.metering().usage().promptTokens())
                .put("outputTokens", call.metering().usage().completionTokens())
                .put("costStatus", CostOptions.word(call.charge().cost().status()))
                .put("costUsd", usd(call.charge().cost()))
                .put("baselineUsd", usd(call.charge().baseline()));
    }

    private static @Nullable String usd(Cost cost) {
        return cost.amount()
                .map(money -> money.usd().stripTrailingZeros().toPlainString())
                .orElse(null);
    }
}
