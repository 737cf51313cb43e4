package dev.architect.cli.route;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.cost.Money;
import dev.architect.model.ModelId;
import dev.architect.record.DecisionRecord;
import dev.architect.record.DecisionResult;
import dev.architect.record.Feedback;
import dev.architect.record.FeedbackVerdict;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gaia route records}. */
@Command(
        name = "records",
        description = {
            "Lists decisions about requests and what came of them, newest first, also while a server runs on the store.",
            "There are some when the policy has records."
        })
final class RecordsCommand implements Callable<Integer> {

    private static final int MAX_LIMIT = 100_000;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);

    private final Terminal terminal;

    @Mixin
    private final RecordOptions options = new RecordOptions();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "The most records, 1 to 100,000; ${DEFAULT-VALUE} by default.")
    private int limit = 50;

    @Option(names = "--json", description = "Prints one JSON object a line.")
    private boolean json;

    RecordsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new CommandFailure("--limit is " + limit + ", expected 1.." + MAX_LIMIT);
        }
        List<DecisionRecord> records = options.read(limit);
        if (json) {
            for (DecisionRecord each : records) {
                terminal.out().println(json(each));
            }
        } else if (records.isEmpty()) {
            terminal.err().println("No decision is recorded.");
        } else {
            print(records);
        }
        return 0;
    }

    private void print(List<DecisionRecord> records) {
        TextTable table = new TextTable(
                "Time", "Request", "Complexity", "First choice", "Answered by", "Calls", "Cost", "Took", "Feedback");
        for (DecisionRecord each : records) {
            DecisionResult result = each.result();
            table.row(
                    TIME.format(each.at().atZone(ZoneId.systemDefault())),
                    each.requestId(),
                    RecordOptions.word(each.features().complexity()),
                    each.candidates().isEmpty()
                            ? "none"
                            : each.candidates().get(0).model().toString(),
                    result.answered().map(ModelId::toString).orElseGet(() -> RecordOptions.word(result.outcome())),
                    Integer.toString(result.calls()),
                    result.spent().toString(),
                    seconds(result.latency()),
                    each.feedback().map(RecordsCommand::text).orElse(""));
        }
        table.lines().forEach(terminal.out()::println);
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1_000.0);
    }

    private static String text(Feedback feedback) {
        return feedback.verdict() == FeedbackVerdict.SCORED
                ? Double.toString(feedback.score())
                : RecordOptions.word(feedback.verdict());
    }

    private static String json(DecisionRecord record) throws JsonProcessingException {
        DecisionResult result = record.result();
        ObjectNode object = JSON.createObjectNode()
                .put("sequence", record.sequence())
                .put("request", record.requestId())
                .put("at", record.at().toString())
                .put("policy", record.policyVersion())
                .put("project", record.project().name())
                .put("task", record.task().map(Object::toString).orElse(null))
                .put("complexity", RecordOptions.word(record.features().complexity()));
        ArrayNode candidates = object.putArray("candidates");
        record.candidates()
                .forEach(candidate -> candidates
                        .addObject()
                        .put("model", candidate.model().toString())
                        .put("quality", candidate.quality())
                        .put("estimateUsd", candidate.estimate().map(Money::usd).orElse(null)));
        ArrayNode exclusions = object.putArray("exclusions");
        record.exclusions()
                .forEach(exclusion -> exclusions
                        .addObject()
                        .put("model", exclusion.model().toString())
                        .put("code", RecordOptions.word(exclusion.reason())));
        object.put("outcome", RecordOptions.word(result.outcome()))
                .put("failure", result.failure().map(RecordOptions::word).orElse(null))
                .put("answered", result.answered().map(ModelId::toString).orElse(null))
                .put("position", result.position())
                .put("calls", result.calls())
                .put("costUsd", result.cost().map(Money::usd).orElse(null))
                .put("spentUsd", result.spent().usd())
                .put("latencyMs", result.latency().toMillis());
        ObjectNode feedback = record.feedback()
                .map(said -> JSON.createObjectNode()
                        .put("verdict", RecordOptions.word(said.verdict()))
                        .put("score", said.score())
                        .put("at", said.at().toString()))
                .orElse(null);
        object.set("feedback", feedback);
        return JSON.writeValueAsString(object);
    }
}
