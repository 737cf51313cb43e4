package dev.architect.store.jdbi.ledger;

import dev.architect.cost.SpendDimension;
import dev.architect.spend.SpendAxis;
import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.StoredText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A call with its values on the axes of a breakdown. Read from {@link RollupSql#TAGGED_FACTS}. */
final class CallOnAxes {

    private final CallFact fact;
    private final List<String> values;

    CallOnAxes(List<SpendAxis> axes, ResultSet row) throws SQLException {
        this.fact = new CallFact(row);
        List<String> found = new ArrayList<>(axes.size());
        for (SpendAxis axis : axes) {
            Optional<SpendDimension> dimension = axis.dimension();
            found.add(
                    dimension.isPresent()
                            ? value(dimension.get())
                            : tag(axis.tag().orElseThrow(), row));
        }
        this.values = List.copyOf(found);
    }

    private String value(SpendDimension dimension) {
        String stored = fact.value(dimension);
        return SpendReader.isEncoded(dimension) ? String.valueOf(StoredText.decode(stored)) : stored;
    }

    private static String tag(String name, ResultSet row) throws SQLException {
        return Columns.read(row.getString("tags")).getOrDefault(name, "");
    }

    CallFact fact() {
        return fact;
    }

    /** The values, in the order of the axes. */
    List<String> values() {
        return values;
    }
}
