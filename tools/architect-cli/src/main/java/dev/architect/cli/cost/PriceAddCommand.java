package dev.architect.cli.cost;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.model.ModelId;
import dev.architect.routing.PriceOverride;
import dev.architect.spi.TimeSource;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaia price add}. */
@Command(
        name = "add",
        description = {
            "Puts prices of a model on top of the catalogue, for all nodes: while they count, only they do.",
            "What calls before and after that time cost stays as it is."
        })
final class PriceAddCommand implements Callable<Integer> {

    /** Who has put them there. */
    private static final String OPERATOR = "operator";

    private final Terminal terminal;

    @Mixin
    private final ExistingData data = new ExistingData();

    @Parameters(paramLabel = "MODEL", description = "The model, as provider/model.")
    @SuppressWarnings("NullAway.Init")
    private String model;

    @Option(
            names = "--tokens",
            paramLabel = "KIND=USD",
            description = {
                "Dollars for a million tokens of a kind: input, output, cacheRead, cacheWrite5m, reasoning and others of",
                "price files; may be given several times."
            })
    private Map<String, BigDecimal> tokens = new TreeMap<>();

    @Option(
            names = "--fee",
            paramLabel = "KIND=USD",
            description = "Dollars for a thousand: webSearch, webFetch or request; may be given several times.")
    private Map<String, BigDecimal> fees = new TreeMap<>();

    @Option(names = "--hour", paramLabel = "USD", description = "Dollars for an hour of the machine of the model.")
    private @Nullable BigDecimal hour;

    @Option(names = "--match", paramLabel = "WORD", description = "exact, dated or prefix; exact by default.")
    private @Nullable String match;

    @Option(names = "--service-tier", paramLabel = "TIER", description = "The service tier; standard by default.")
    private @Nullable String serviceTier;

    @Option(names = "--region", paramLabel = "REGION", description = "Where calls are served; everywhere by default.")
    private @Nullable String region;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "The first instant, such as 2026-03-01T00:00:00Z; now by default.")
    private @Nullable String from;

    @Option(names = "--until", paramLabel = "TIME", description = "The first instant after the time; none by default.")
    private @Nullable String until;

    @Option(names = "--source", required = true, paramLabel = "TEXT", description = "Where the prices were read.")
    @SuppressWarnings("NullAway.Init")
    private String source;

    @Option(
            names = "--checked",
            paramLabel = "DAY",
            description = "The day on which they were read, such as 2026-03-01; today by default.")
    private @Nullable String checked;

    PriceAddCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Instant now = TimeSource.system().wallTime();
        Instant begin = from == null ? now : CostOptions.instant("--from", from);
        String entry = CostText.write(entry(begin, now));
        PriceOverride added = data.operateWithPrices(architect -> CostOptions.checked(() -> add(architect, entry)));
        terminal.out().println("price " + added.id() + " of " + model + " counts from " + begin + " on");
        return 0;
    }

    private static PriceOverride add(Architect architect, String entry) {
        return architect.routing().add(architect.routing().prepare(entry, OPERATOR));
    }

    /** As an entry of a price file. */
    private ObjectNode entry(Instant begin, Instant now) {
        ModelId priced = CostOptions.checked(() -> ModelId.parse(model));
        if (tokens.isEmpty() && fees.isEmpty() && hour == null) {
            throw new CommandFailure("--tokens is missing, expected one such as input=3, or --fee or --hour");
        }
        ObjectNode entry = CostText.object().put("provider", priced.provider()).put("model", priced.model());
        putText(entry, "match", match);
        putText(entry, "serviceTier", serviceTier);
        putText(entry, "region", region);
        entry.put("validFrom", begin.toString());
        putText(
                entry,
                "validTo",
                until == null ? null : CostOptions.instant("--until", until).toString());
        putRates(entry, "usdPerMillionTokens", tokens);
        putRates(entry, "usdPerThousand", fees);
        if (hour != null) {
            entry.put("usdPerHour", hour);
        }
        return entry.put("source", source).put("checked", day(now).toString());
    }

    private LocalDate day(Instant now) {
        try {
            return checked == null ? LocalDate.ofInstant(now, ZoneOffset.UTC) : LocalDate.parse(checked);
        } catch (DateTimeParseException wrong) {
            throw new CommandFailure("--checked is '" + checked + "', expected a day such as 2026-03-01", wrong);
        }
    }

    private static void putText(ObjectNode entry, String name, @Nullable String text) {
        if (text != null) {
            entry.put(name, text);
        }
    }

    private static void putRates(ObjectNode entry, String name, Map<String, BigDecimal> rates) {
        if (!rates.isEmpty()) {
            ObjectNode object = entry.putObject(name);
            rates.forEach(object::put);
        }
    }
}
