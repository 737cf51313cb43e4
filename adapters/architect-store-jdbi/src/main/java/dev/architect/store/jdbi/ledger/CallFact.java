package dev.architect.store.jdbi.ledger;

import dev.architect.cost.CallOutcome;
import dev.architect.cost.CostStatus;
import dev.architect.cost.Price;
import dev.architect.cost.SpendDimension;
import dev.architect.store.jdbi.Columns;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What the sums need of a row of the ledger and of the attempt that made the call. Read from {@link RollupSql#FACTS}. */
final class CallFact {

    private static final int SUCCESS = 1;

    final long sequence;
    final long startedAt;
    final long epoch;
    final long duration;
    final boolean isFailed;
    final boolean isAnswered;
    final boolean isFailover;
    final CostStatus status;
    final long promptTokens;
    final long completionTokens;
    final @Nullable Long cost;
    final @Nullable Long baseline;
    private final boolean isOfTask;
    private final @Nullable Long attemptOutcome;
    private final String[] values = new String[SpendDimension.values().length];

    CallFact(ResultSet row) throws SQLException {
        this.sequence = row.getLong("sequence");
        this.startedAt = row.getLong("started_at");
        this.epoch = row.getLong("epoch");
        this.duration = row.getLong("duration");
        String outcome = orElse(row.getString("outcome"), CallOutcome.ANSWERED.name());
        this.isFailed = outcome.equals(CallOutcome.FAILED.name());
        this.isAnswered = outcome.equals(CallOutcome.ANSWERED.name());
        this.isFailover = row.getInt("is_failover") == 1;
        String costStatus = orElse(row.getString("cost_status"), CostStatus.PRICED.name());
        this.status = CostStatus.valueOf(costStatus);
        this.promptTokens = row.getLong("prompt_tokens");
        this.completionTokens = row.getLong("completion_tokens");
        this.cost = Columns.longOrNull(row, "cost");
        this.baseline = Columns.longOrNull(row, "baseline");
        this.isOfTask = Columns.longOrNull(row, "task_id") != null;
        this.attemptOutcome = Columns.longOrNull(row, "attempt_outcome");
        String provider = row.getString("provider");
        values[SpendDimension.PROVIDER.ordinal()] = provider;
        values[SpendDimension.MODEL.ordinal()] = orElse(row.getString("answered_provider"), provider) + "/"
                + orElse(row.getString("answered_model"), row.getString("model"));
        values[SpendDimension.PROJECT.ordinal()] = row.getString("project");
        values[SpendDimension.USER.ordinal()] = orElse(row.getString("user_id"), "");
        values[SpendDimension.COMPLEXITY.ordinal()] = row.getString("complexity");
        values[SpendDimension.OUTCOME.ordinal()] = outcome;
        values[SpendDimension.COST_STATUS.ordinal()] = costStatus;
        values[SpendDimension.SERVICE_TIER.ordinal()] = orElse(row.getString("service_tier"), Price.STANDARD);
        values[SpendDimension.REGION.ordinal()] = orElse(row.getString("region"), "");
        values[SpendDimension.TASK_TYPE.ordinal()] = orElse(row.getString("type_name"), "");
        values[SpendDimension.KEY.ordinal()] = AgentKey.of(values[SpendDimension.USER.ordinal()]);
    }

    private static String orElse(@Nullable String value, String usual) {
        return value == null ? usual : value;
    }

    /** The value as it is stored: those of users, tiers, regions, types and keys may have escapes. */
    String value(SpendDimension dimension) {
        return values[dimension.ordinal()];
    }

    /** Whether the answer was accepted, as far as is known. */
    boolean isAccepted() {
        return isAnswered && (!isOfTask || (attemptOutcome != null && attemptOutcome == SUCCESS));
    }

    /** Whether it may be accepted later. */
    boolean isUndecided() {
        return isAnswered && isOfTask && attemptOutcome == null;
    }
}
