package dev.architect.store.jdbi.ledger;

import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.cost.Price;
import dev.architect.cost.SpendDimension;
import dev.architect.model.ModelId;
import dev.architect.spend.MeteredCall;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.StoredText;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of {@link LedgerSql#metered}. What is the same in most calls is read and made once: a column that is read costs more than the price
 * of a call. Used by one thread at a time.
 */
final class MeteredReader {

    // The columns by their places, which a driver finds without looking for names.
    private static final int STARTED_AT = 1;
    private static final int CALL_ID = 2;
    private static final int PROVIDER = 3;
    private static final int MODEL = 4;
    private static final int PROMPT_TOKENS = 5;
    private static final int COMPLETION_TOKENS = 6;
    private static final int COST = 7;
    private static final int IS_UNUSUAL = 8;
    private static final int ANSWERED_PROVIDER = 9;
    private static final int ANSWERED_MODEL = 10;
    private static final int USAGE = 11;
    private static final int USAGE_SOURCE = 12;
    private static final int COST_STATUS = 13;
    private static final int COMPUTED = 14;
    private static final int SERVICE_TIER = 15;
    private static final int REGION = 16;
    private static final int GROUP = 17;

    /** So many models are remembered. */
    private static final int MOST_MODELS = 1_000;

    private final SpendDimension dimension;
    private final Map<String, Map<String, ModelId>> models = new HashMap<>();
    private int modelCount;
    private long startedAt;
    private String callId = "";

    MeteredReader(SpendDimension dimension) {
        this.dimension = dimension;
    }

    /** When the last call of a page began, in microseconds. */
    long startedAt() {
        return startedAt;
    }

    /** The id of the last call of a page. */
    String callId() {
        return callId;
    }

    /** Reads a call; {@code isLast} when it may be the last of its page. */
    MeteredCall read(ResultSet row, boolean isLast) throws SQLException {
        startedAt = row.getLong(STARTED_AT);
        if (isLast) {
            callId = row.getString(CALL_ID);
        }
        return row.getInt(IS_UNUSUAL) == 0 ? usual(row) : unusual(row);
    }

    private MeteredCall usual(ResultSet row) throws SQLException {
        ModelId model = model(row.getString(PROVIDER), row.getString(MODEL));
        TokenUsage usage = TokenUsage.of(row.getLong(PROMPT_TOKENS), row.getLong(COMPLETION_TOKENS));
        Cost cost = Cost.priced(new Money(row.getLong(COST)));
        return new MeteredCall(
                group(row, model.provider(), model, cost.status(), Price.STANDARD, ""),
                model,
                Micros.instant(startedAt),
                Price.STANDARD,
                "",
                new Metering(usage, UsageSource.REPORTED),
                cost,
                Optional.empty());
    }

    private MeteredCall unusual(ResultSet row) throws SQLException {
        String provider = row.getString(PROVIDER);
        ModelId answered = model(
                orElse(row.getString(ANSWERED_PROVIDER), provider),
                orElse(row.getString(ANSWERED_MODEL), row.getString(MODEL)));
        String json = row.getString(USAGE);
        TokenUsage usage = json == null
                ? TokenUsage.of(row.getLong(PROMPT_TOKENS), row.getLong(COMPLETION_TOKENS))
                : TokenUsage.ofJson(json);
        Cost cost = new Cost(
                CostStatus.valueOf(orElse(row.getString(COST_STATUS), CostStatus.PRICED.name())), money(row, COST));
        String tier = orElse(StoredText.decode(row.getString(SERVICE_TIER)), Price.STANDARD);
        String region = orElse(StoredText.decode(row.getString(REGION)), "");
        return new MeteredCall(
                group(row, provider, answered, cost.status(), tier, region),
                answered,
                Micros.instant(startedAt),
                tier,
                region,
                new Metering(
                        usage, UsageSource.valueOf(orElse(row.getString(USAGE_SOURCE), UsageSource.REPORTED.name()))),
                cost,
                money(row, COMPUTED));
    }

    private String group(
            ResultSet row, String provider, ModelId answered, CostStatus status, String tier, String region)
            throws SQLException {
        return switch (dimension) {
            case PROVIDER -> provider;
            case MODEL -> answered.toString();
            case PROJECT, COMPLEXITY, OUTCOME -> row.getString(GROUP);
            case USER -> String.valueOf(StoredText.decode(row.getString(GROUP)));
            case COST_STATUS -> status.name();
            case SERVICE_TIER -> tier;
            case REGION -> region;
            case TASK_TYPE -> String.valueOf(StoredText.decode(row.getString(GROUP)));
            case KEY -> AgentKey.of(String.valueOf(StoredText.decode(row.getString(GROUP))));
        };
    }

    private ModelId model(String provider, String model) {
        if (modelCount > MOST_MODELS) {
            models.clear();
            modelCount = 0;
        }
        return models.computeIfAbsent(provider, each -> new HashMap<>()).computeIfAbsent(model, each -> {
            modelCount++;
            return new ModelId(provider, each);
        });
    }

    private static String orElse(@Nullable String value, String usual) {
        return value == null ? usual : value;
    }

    private static Optional<Money> money(ResultSet row, int column) throws SQLException {
        long pico = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(new Money(pico));
    }
}
