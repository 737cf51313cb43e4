package dev.architect.store.jdbi.ledger;

import dev.architect.cost.Price;
import dev.architect.cost.SpendDimension;
import dev.architect.json.JsonText;
import dev.architect.model.ModelId;
import dev.architect.spend.SpendFilter;
import dev.architect.store.jdbi.StoredText;
import java.util.ArrayList;
import java.util.List;

/** The conditions of a filter on the calls of {@code ledger l}, with their parameters. */
final class CallCondition {

    private final StringBuilder sql = new StringBuilder();
    private final List<Object> parameters = new ArrayList<>();

    CallCondition(SpendFilter filter) {
        filter.values().forEach(this::add);
        filter.task().ifPresent(task -> and("l.task_id = ?", task.value()));
        filter.failure().ifPresent(failure -> and("l.failure = ?", failure.name()));
        filter.tags().forEach((name, value) -> {
            String tag = JsonText.write(name) + ":" + JsonText.write(value);
            // The column is an object of texts without white space. A quote that is not escaped begins or ends a text,
            // and only a name has a colon
            // after it, so these characters stand nowhere else. Every database can replace; it compares case, unlike
            // LIKE.
            and("replace(l.tags, ?, '') <> l.tags", tag);
        });
    }

    private void add(SpendDimension dimension, String value) {
        switch (dimension) {
            case PROVIDER -> and("l.provider = ?", value);
            case MODEL -> {
                ModelId model = ModelId.parse(value);
                and("coalesce(l.answered_provider, l.provider) = ?", model.provider());
                and("coalesce(l.answered_model, l.model) = ?", model.model());
            }
            case PROJECT -> and("l.project = ?", value);
            case USER -> addText("l.user_id", value, "");
            case COMPLEXITY -> and("l.complexity = ?", value);
            case OUTCOME -> and("coalesce(l.outcome, 'ANSWERED') = ?", value);
            case COST_STATUS -> and("coalesce(l.cost_status, 'PRICED') = ?", value);
            case SERVICE_TIER -> addText("l.service_tier", value, Price.STANDARD);
            case REGION -> addText("l.region", value, "");
            case TASK_TYPE -> {
                if (value.isEmpty()) {
                    sql.append(" AND l.task_type IS NULL");
                } else {
                    and(
                            "l.task_type = (SELECT t.number FROM ledger_type t WHERE t.name = ?)",
                            String.valueOf(StoredText.encode(value)));
                }
            }
            case KEY -> {
                if (value.isEmpty()) {
                    sql.append(AgentKey.WITHOUT);
                } else {
                    addText("l.user_id", AgentKey.user(value), "");
                }
            }
        }
    }

    /** A column of {@link StoredText} that is NULL for {@code usual}. */
    private void addText(String column, String value, String usual) {
        if (value.equals(usual)) {
            sql.append(" AND ").append(column).append(" IS NULL");
        } else {
            and(column + " = ?", String.valueOf(StoredText.encode(value)));
        }
    }

    private void and(String condition, Object parameter) {
        sql.append(" AND ").append(condition);
        parameters.add(parameter);
    }

    /** Begins with AND; empty when every call meets it. */
    String sql() {
        return sql.toString();
    }

    /** Returns {@code first}, the parameters of the conditions, and {@code last}. */
    Object[] parameters(List<?> first, Object... last) {
        List<Object> all = new ArrayList<>(first);
        all.addAll(parameters);
        all.addAll(List.of(last));
        return all.toArray();
    }
}
