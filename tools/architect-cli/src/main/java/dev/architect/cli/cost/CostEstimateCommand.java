package dev.architect.cli.cost;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.launch.ServerAccess;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.CountOption;
import dev.architect.cli.terminal.PipedText;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaia cost estimate}: a server knows the models and how long their answers were. */
@Command(
        name = "estimate",
        description = {
            "Prints what a request would cost now on a running server, without a call.",
            "At least, for half of the answers, and for nine of ten. Without --server it asks the one at the usual port of this machine."
        })
final class CostEstimateCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COST = "costUsd";

    private final Terminal terminal;

    @Mixin
    private final ExistingData data = new ExistingData();

    @Mixin
    private final ServerAccess server = new ServerAccess();

    @Parameters(arity = "0..1", paramLabel = "PROMPT", description = "The prompt; - reads it from the input.")
    private @Nullable String prompt;

    @Option(
            names = "--request",
            paramLabel = "FILE",
            description = "A whole chat request as JSON, in place of a prompt.")
    private @Nullable Path request;

    @Option(names = "--model", paramLabel = "MODEL", description = "The only model that may answer, as provider/model.")
    private @Nullable String model;

    @Option(
            names = "--max-output-tokens",
            paramLabel = "N",
            converter = CountOption.class,
            description = "The most tokens of the answer.")
    private @Nullable Integer maxOutputTokens;

    @Option(names = "--task-type", paramLabel = "TYPE", description = "The type of the task that it is part of.")
    private @Nullable String taskType;

    @Option(names = "--project", paramLabel = "NAME", description = "The project that it is filed under.")
    private @Nullable String project;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    CostEstimateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        ObjectNode body = body();
        if (model != null) {
            body.put("model", model);
        }
        if (maxOutputTokens != null) {
            body.put("maxOutputTokens", maxOutputTokens);
        }
        Map<String, String> parameters = new TreeMap<>();
        if (taskType != null) {
            parameters.put("taskType", taskType);
        }
        if (project != null) {
            parameters.put("project", project);
        }
        JsonNode answer =
                new ServerReports(server.namedOrUsual(data.directory())).post("/api/costs/estimate", parameters, body);
        if (json) {
            terminal.out().println(CostText.write(withTexts(answer)));
        } else {
            print(answer);
        }
        return 0;
    }

    private ObjectNode body() throws IOException {
        if ((prompt == null) == (request == null)) {
            throw new CommandFailure("PROMPT is " + (prompt == null ? "missing" : "given beside --request")
                    + ", expected a prompt or --request");
        }
        if (request == null) {
            String text = "-".equals(prompt) ? PipedText.read(terminal.in()) : prompt;
            return JSON.createObjectNode().put("prompt", text);
        }
        if (!Files.isRegularFile(request)) {
            throw new CommandFailure("--request is " + request + ", expected a file with a chat request");
        }
        try (InputStream in = Files.newInputStream(request)) {
            if (JSON.readTree(PipedText.read(in)) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException wrong) {
            throw new CommandFailure("--request is " + request + ", expected JSON: " + wrong.getOriginalMessage());
        }
        throw new CommandFailure("--request is " + request + ", expected a JSON object");
    }

    /** Amounts as texts, so that no reader rounds them. */
    private static ObjectNode withTexts(JsonNode answer) {
        ObjectNode texts = answer.deepCopy();
        for (String name : new String[] {"low", "p50", "p90"}) {
            if (texts.get(name) instanceof ObjectNode level && level.hasNonNull(COST)) {
                level.put(COST, plain(level.get(COST).decimalValue()));
            }
        }
        return texts;
    }

    private static String plain(BigDecimal usd) {
        return usd.stripTrailingZeros().toPlainString();
    }

    private void print(JsonNode answer) {
        long calls = answer.path("n").asLong();
        String method = answer.path("method").asText();
        terminal.out().println("model      " + answer.path("model").asText());
        terminal.out().println("prompt     " + answer.path("promptTokens").asLong() + " tokens");
        terminal.out()
                .println("forecast   " + (calls == 0 ? method : "by " + method + ", from " + calls + " earlier calls"));
        TextTable table = new TextTable("", "Answer tokens", "Cost", "Status");
        row(table, "at least", answer.path("low"));
        row(table, "half of them", answer.path("p50"));
        row(table, "nine of ten", answer.path("p90"));
        table.lines().forEach(terminal.out()::println);
    }

    private static void row(TextTable table, String name, JsonNode level) {
        table.row(
                name,
                Long.toString(level.path("answerTokens").asLong()),
                level.hasNonNull(COST) ? "$" + plain(level.get(COST).decimalValue()) : "",
                level.path("costStatus").asText());
    }
}
