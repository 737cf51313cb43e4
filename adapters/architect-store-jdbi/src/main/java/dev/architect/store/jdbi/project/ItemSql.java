package dev.architect.store.jdbi.project;

import dev.architect.project.store.ItemAspect;
import dev.architect.project.store.ItemCondition;
import dev.architect.project.store.ItemOrder;
import dev.architect.project.store.ItemQuery;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.StoredText;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The statement for a query of items; every value is a parameter. Which items a page has is found in the index of places, which has every column that
 * a query names and a tenth of the bytes of the table; only the items of the page are read from the table. So a filter that few items pass costs one
 * walk through that index, whatever it names.
 */
final class ItemSql {

    /** What an item may have several of, which stands in tables of their own. */
    private static final Set<ItemAspect> OF_TABLES =
            EnumSet.of(ItemAspect.ASSIGNEE, ItemAspect.LABEL, ItemAspect.FIELD);

    private final ItemQuery query;
    private final SqlDialect dialect;
    private final List<Object> values = new ArrayList<>();
    private final String where;

    ItemSql(ItemQuery query, SqlDialect dialect) {
        this.query = query;
        this.dialect = dialect;
        StringBuilder conditions = new StringBuilder(" WHERE i.project = ?");
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
        String order = " ORDER BY " + column + direction + ", i.id" + direction;
        StringBuilder text = new StringBuilder("SELECT i.detail FROM (SELECT i.id");
        text.append(from()).append(where);
        query.after().ifPresent(after -> {
            text.append(" AND (").append(column).append(", i.id) ");
            text.append(query.isDescending() ? "<" : ">").append(" (?, ?)");
            values.add(query.order() == ItemOrder.POSITION ? after.value() : (Object) Long.parseLong(after.value()));
            values.add(after.id());
        });
        values.add(query.limit());
        return text.append(order)
                .append(" LIMIT ?) AS page JOIN item i ON i.id = page.id")
                .append(order)
                .toString();
    }

    /**
     * An order has an index of its own, which a page begins that most items are on: one without conditions, or with none but what items are not to have.
     * Whatever has other conditions is found in the index of places.
     */
    private String from() {
        boolean isOrdered = query.words().isEmpty()
                && query.conditions().stream()
                        .allMatch(condition -> condition.isNegated() && OF_TABLES.contains(condition.aspect()));
        return " FROM item i" + (isOrdered ? "" : dialect.byIndex("item_place"));
    }

    /** How many there are; the last parameter is where counting stops. */
    String count() {
        return "SELECT count(*) FROM (SELECT 1" + from() + where + " LIMIT ?) AS found";
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
            case ASSIGNEE -> ofTable("item_assignee", "", "actor", condition);
            case LABEL -> ofTable("item_label", "", "label", condition);
            case FIELD -> {
                values.add(condition.field());
                yield ofTable("item_field", "field = ?", "value", condition);
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

    private String ofTable(String table, String filter, String column, ItemCondition condition) {
        List<String> all = new ArrayList<>();
        if (condition.isNegated()) {
            // Asked for one item after the other until the page is full, which the key of the table answers.
            all.add("x.item = i.id");
        }
        if (!filter.isEmpty()) {
            all.add(filter);
        }
        if (!condition.values().isEmpty()) {
            all.add(column + " IN (" + parameters(condition) + ")");
        }
        String rows = table + " x" + (all.isEmpty() ? "" : " WHERE " + String.join(" AND ", all));
        return condition.isNegated()
                ? "NOT EXISTS (SELECT 1 FROM " + rows + ")"
                : "i.id IN (SELECT x.item FROM " + rows + ")";
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
