package dev.architect.provider.http.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object in their order, in one array: an answer has many objects of few fields, for which a hash table
 * is several times the size of what it holds. A bit for each name's hash excludes most names that are not there, so that adding
 * one hardly ever means looking at all. From {@value #INDEX_THRESHOLD} fields on a hash table finds them, so that an object with very many
 * costs no more than it should. Not safe for use by several threads.
 */
final class CompactObjectFields extends AbstractMap<String, JsonNode> {

    private static final int INITIAL_FIELDS = 4;
    private static final int INDEX_THRESHOLD = 64;

    /** Names and values in turn. */
    private Object[] fields = new Object[2 * INITIAL_FIELDS];

    private int size;

    /** A bit for each name; others may share it, and names that were removed leave theirs. */
    private long seen;

    private @Nullable Map<String, Integer> indexes;

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean containsKey(Object name) {
        return indexOf(name) >= 0;
    }

    @Override
    public @Nullable JsonNode get(Object name) {
        int index = indexOf(name);
        return index < 0 ? null : value(index);
    }

    @Override
    public @Nullable JsonNode put(String name, JsonNode value) {
        int index = indexOf(name);
        if (index >= 0) {
            JsonNode before = value(index);
            fields[2 * index + 1] = value;
            return before;
        }
        // Names and values share the array, so 4 * size doubles it.
        if (2 * size == fields.length) {
            fields = Arrays.copyOf(fields, 4 * size);
        }
        seen |= bit(name);
        fields[2 * size] = name;
        fields[2 * size + 1] = value;
        size++;
        if (indexes != null) {
            indexes.put(name, size - 1);
        } else if (size == INDEX_THRESHOLD) {
            indexes = table();
        }
        return null;
    }

    @Override
    public @Nullable JsonNode remove(Object name) {
        int index = indexOf(name);
        return index < 0 ? null : removeAt(index);
    }

    @Override
    public void clear() {
        size = 0;
        seen = 0;
        indexes = null;
    }

    @Override
    public Set<Entry<String, JsonNode>> entrySet() {
        return new Entries();
    }

    private int indexOf(Object name) {
        // A bit that is not set proves absence; one that is set proves nothing, because others may share it.
        if (name == null || (seen & bit(name)) == 0) {
            return -1;
        }
        if (indexes != null) {
            return indexes.getOrDefault(name, -1);
        }
        for (int index = 0; index < size; index++) {
            if (fields[2 * index].equals(name)) {
                return index;
            }
        }
        return -1;
    }

    /** The upper six bits of a hash that is mixed, since names that are alike have hashes that are alike. */
    private static long bit(Object name) {
        // The factor is 2^32 divided by the golden ratio (Knuth's multiplicative hashing); 32 - 26 leaves the six bits
        // of a shift.
        return 1L << ((name.hashCode() * 0x9E3779B9) >>> 26);
    }

    private String name(int index) {
        return (String) fields[2 * index];
    }

    private JsonNode value(int index) {
        return (JsonNode) fields[2 * index + 1];
    }

    private JsonNode removeAt(int index) {
        JsonNode before = value(index);
        size--;
        System.arraycopy(fields, 2 * index + 2, fields, 2 * index, 2 * (size - index));
        // All fields behind the removed one have moved, so the table is made again; nothing in an answer removes fields
        // often.
        indexes = size < INDEX_THRESHOLD ? null : table();
        return before;
    }

    private Map<String, Integer> table() {
        Map<String, Integer> table = new HashMap<>();
        for (int index = 0; index < size; index++) {
            table.put(name(index), index);
        }
        return table;
    }

    private final class Entries extends AbstractSet<Entry<String, JsonNode>> {

        @Override
        public int size() {
            return size;
        }

        @Override
        public Iterator<Entry<String, JsonNode>> iterator() {
            return new Iterator<>() {
                private int next;

                @Override
                public boolean hasNext() {
                    return next < size;
                }

                @Override
                public Entry<String, JsonNode> next() {
                    if (next >= size) {
                        throw new NoSuchElementException("no more than " + size + " fields");
                    }
                    Entry<String, JsonNode> field = new SimpleImmutableEntry<>(name(next), value(next));
                    next++;
                    return field;
                }

                @Override
                public void remove() {
                    removeAt(--next);
                }
            };
        }
    }
}
