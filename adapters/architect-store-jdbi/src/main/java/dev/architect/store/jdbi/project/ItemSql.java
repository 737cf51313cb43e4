package dev.architect.store.jdbi.project;

import dev.architect.project.store.ItemCondition;
import dev.architect.project.store.ItemOrder;
import dev.architect.project.store.ItemQuery;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.StoredText;
import java.util.ArrayList;
import java.util.List;

/** The statement for a query of items; every value is a parameter. */
final class ItemSql {

    private final ItemQuery query;
    private final List<Object> values = new ArrayList<>();
    private final String where;

    ItemSql(ItemQuery query, SqlDialect dialect) {
        this.query = query;
        StringBuilder conditions = new StringBuilder(" FROM item i WHERE i.project = ?");
        values.add(query.project().name());
        for (ItemCondition condition : query.conditions()) {
            conditions.append(" AND ").append(condition(condition));
        }
        if (!query.words().isEmpty()) {
            conditions.append(" AND ").append(dialect.hasWords());
            values.add(dialect.wordQuery(query.words()));
        }
        this.where = conditions.toString();
    }

    List<Object> values() {
        return values;
    }

    /** The items of the page, whose values {@link #values} has afterwards. */
    String page() {
        String column = column(query.order());
        String direction = query.isDescending() ? " DESC" : "";
        StringBuilder text = new StringBuilder("SELECT i.detail").append(where);
        query.after().ifPresent(after -> {
            text.append(" AND (").append(column).append(", i.id) ");
            text.append(query.isDescending() ? "<" : ">").append(" (?, ?)");
            values.add(query.order() == ItemOrder.POSITION ? after.value() : (Object) Long.parseLong(after.value()));
            values.add(after.id());
        });
        values.add(query.limit());
        return text.append(" ORDER BY ")
                .append(column)
                .append(direction)
                .append(", i.id")
                .append(direction)
                .append(" LIMIT ?")
                .toString();
    }

    /** How many there are; the last parameter is where counting stops. */
    String count() {
        return "SELECT count(*) FROM (SELECT 1" + where + " LIMIT ?) AS found";
    }

    private static String column(ItemOrder order) {
        return switch (order) {
            case POSITION -> "i.position";
            case NUMBER -> "i.number";
            case PRIORITY -> "i.priority";
            case DUE -> "i.due";
            case CREATED -> "i.created_at";
            case UPDATED -> "i.updated_at";
        };
    }

    private String condition(ItemCondition condition) {
        return switch (condition.aspect()) {
            case KIND -> ofColumn("i.kind", condition);
            case COLUMN -> ofColumn("i.column_id", condition);
            case PRIORITY -> ofColumn("i.priority", condition);
            case SEVERITY -> ofColumn("i.severity", condition);
            case SIZE -> ofColumn("i.size", condition);
            case REPORTER -> ofColumn("i.reporter", condition);
            case MILESTONE -> ofColumn("i.milestone", condition);
            case PARENT -> ofColumn("i.parent", condition);
            case BLOCKED -> ofColumn("i.blocked", condition);
            case ASSIGNEE -> ofTable("item_assignee x WHERE x.item = i.id", "x.actor", condition);
            case LABEL -> ofTable("item_label x WHERE x.item = i.id", "x.label", condition);
            case FIELD -> {
                values.add(condition.field());
                yield ofTable("item_field x WHERE x.item = i.id AND x.field = ?", "x.value", condition);
            }
        };
    }

    private String ofColumn(String column, ItemCondition condition) {
        if (condition.values().isEmpty()) {
            return column + (condition.isNegated() ? " IS NULL" : " IS NOT NULL");
        }
        String isOne = column + " IN (" + parameters(condition) + ")";
        return condition.isNegated() ? "(" + column + " IS NULL OR NOT " + isOne + ")" : isOne;
    }

    private String ofTable(String table, String column, ItemCondition condition) {
        String isOne = condition.values().isEmpty() ? "" : " AND " + column + " IN (" + parameters(condition) + ")";
        return (condition.isNegated() ? "NOT " : "") + "EXISTS (SELECT 1 FROM " + table + isOne + ")";
    }

    private String parameters(ItemCondition condition) {
        for (String value : condition.values()) {
            values.add(
                    condition.aspect().isNumber()
                            ? (Object) Long.parseLong(value)
                            : String.valueOf(StoredText.encode(value)));
        }
        return "?" + ", ?".repeat(condition.values().size() - 1);
    }
}
