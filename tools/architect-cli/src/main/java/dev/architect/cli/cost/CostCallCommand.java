package dev.architect.cli.cost;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.cost.LedgerEntry;
import dev.architect.record.DecisionRecord;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaia cost call}. */
@Command(
        name = "call",
        description = {
            "Prints the calls of one request, by the id of the request or of one of its calls, and why they went",
            "where they went when the policy has recorded it."
        })
final class CostCallCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final ExistingData data = new ExistingData();

    @Parameters(paramLabel = "ID", description = "The id of the call or of its request.")
    @SuppressWarnings("NullAway.Init")
    private String id;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    CostCallCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** What is known of a request. */
    private record Found(List<LedgerEntry> calls, Optional<DecisionRecord> decision) {}

    @Override
    public Integer call() {
        Found found = data.operate(architect -> {
            String request = architect
                    .ledger()
                    .call(id)
                    .map(call -> call.origin().requestId())
                    .orElse(id);
            return new Found(
                    architect.ledger().ofRequest(request), architect.records().ofRequest(request));
        });
        if (found.calls().isEmpty()) {
            throw new CommandFailure(
                    "call " + id + " does not exist, expected the id of a call or of a request that has made one");
        }
        if (json) {
            terminal.out().println(CostText.write(json(found)));
            return 0;
        }
        table(found.calls()).lines().forEach(terminal.out()::println);
        found.decision().ifPresent(decision -> {
            terminal.out().println();
            terminal.out().println("Decision: " + candidates(decision) + exclusions(decision));
        });
        return 0;
    }

    private static TextTable table(List<LedgerEntry> calls) {
        TextTable table =
                new TextTable("Call", "Begin", "Model", "Outcome", "Tokens in", "Tokens out", "Cost", "Status");
        for (LedgerEntry call : calls) {
            table.row(
                    call.callId(),
                    call.timing().startedAt().toString(),
                    call.route().answered().toString(),
                    CostOptions.word(call.outcome()),
                    Long.toString(call.metering().usage().promptTokens()),
                    Long.toString(call.metering().usage().completionTokens()),
                    CostTaskCommand.text(call.charge().cost()),
                    CostOptions.word(call.charge().cost().status()));
        }
        return table;
    }

    private static String candidates(DecisionRecord decision) {
        return decision.candidates().stream()
                .map(candidate -> candidate.model().toString())
                .collect(Collectors.joining(", "));
    }

    private static String exclusions(DecisionRecord decision) {
        return decision.exclusions().isEmpty()
                ? ""
                : decision.exclusions().stream()
                        .map(each -> each.model() + " (" + CostOptions.word(each.reason()) + ")")
                        .collect(Collectors.joining(", ", "; without ", ""));
    }

    private static ObjectNode json(Found found) {
        ObjectNode object =
                CostText.object().put("request", found.calls().get(0).origin().requestId());
        ArrayNode calls = object.putArray("calls");
        found.calls().forEach(call -> calls.add(CostTaskCommand.json(call)));
        found.decision().ifPresent(decision -> {
            ObjectNode made = object.putObject("decision").put("policy", decision.policyVersion());
            ArrayNode candidates = made.putArray("candidates");
            decision.candidates().forEach(each -> candidates.add(each.model().toString()));
            ObjectNode excluded = made.putObject("exclusions");
            decision.exclusions()
                    .forEach(each -> excluded.put(each.model().toString(), CostOptions.word(each.reason())));
        });
        return object;
    }
}
