package dev.architect.store.jdbi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds rows that have something in common, so that a statement can say it once for all of them. */
public final class Alike {

    private Alike() {}

    /**
     * Returns the rows in groups, each in the given order.
     *
     * @param common what the rows of a group have in common; compared by {@code equals}
     */
    public static <T, C> Collection<List<T>> groups(List<T> rows, Function<T, C> common) {
        Map<C, List<T>> groups = new LinkedHashMap<>();
        C last = null;
        @Nullable List<T> members = null;
        for (T row : rows) {
            C next = common.apply(row);
            // Usually like the one before it, which is found without a hash of all that it has.
            if (members == null || !next.equals(last)) {
                last = next;
                members = groups.computeIfAbsent(next, first -> new ArrayList<>());
            }
            members.add(row);
        }
        return groups.values();
    }
}
