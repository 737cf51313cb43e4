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
 * is several times the size of what it holds. A bit for each name's hash tells most names that are not there, so that adding
 * one hardly ever means looking at all. From {@value #MANY} fields on a table finds them, so that an object with very many
 * costs no more than it should. Not safe for use by several threads.
 */
final class CompactObjectFields extends AbstractMap<String, JsonNode> {

    private static final int FEW = 4;
    private static final int MANY = 64;

    /** Names and values in turn. */
    private Object[] fields = new Object[2 * FEW];

    private int size;

    /** A bit for each name; others may share it, and names that were removed leave theirs. */
    private long seen;

    private @Nullable Map<String, Integer> places;

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean containsKey(Object name) {
        return place(name) >= 0;
    }

    @Override
    public @Nullable JsonNode get(Object name) {
        int place = place(name);
        return place < 0 ? null : value(place);
    }

    @Override
    public @Nullable JsonNode put(String name, JsonNode value) {
        int place = place(name);
        if (place >= 0) {
            JsonNode before = value(place);
            fields[2 * place + 1] = value;
            return before;
        }
        if (2 * size == fields.length) {
            fields = Arrays.copyOf(fields, 4 * size);
        }
        seen |= bit(name);
        fields[2 * size] = name;
        fields[2 * size + 1] = value;
        size++;
        if (places != null) {
            places.put(name, size - 1);
        } else if (size == MANY) {
            places = table();
        }
        return null;
    }

    @Override
    public @Nullable JsonNode remove(Object name) {
        int place = place(name);
        return place < 0 ? null : removeAt(place);
    }

    @Override
    public void clear() {
        size = 0;
        seen = 0;
        places = null;
    }

    @Override
    public Set<Entry<String, JsonNode>> entrySet() {
        return new Entries();
    }

    private int place(Object name) {
        if (name == null || (seen & bit(name)) == 0) {
            return -1;
        }
        if (places != null) {
            return places.getOrDefault(name, -1);
        }
        for (int place = 0; place < size; place++) {
            if (fields[2 * place].equals(name)) {
                return place;
            }
        }
        return -1;
    }

    /** The upper six bits of a hash that is mixed, since names that are alike have hashes that are alike. */
    private static long bit(Object name) {
        return 1L << ((name.hashCode() * 0x9E3779B9) >>> 26);
    }

    private String name(int place) {
        return (String) fields[2 * place];
    }

    private JsonNode value(int place) {
        return (JsonNode) fields[2 * place + 1];
    }

    private JsonNode removeAt(int place) {
        JsonNode before = value(place);
        size--;
        System.arraycopy(fields, 2 * place + 2, fields, 2 * place, 2 * (size - place));
        places = size < MANY ? null : table();
        return before;
    }

    private Map<String, Integer> table() {
        Map<String, Integer> table = new HashMap<>();
        for (int place = 0; place < size; place++) {
            table.put(name(place), place);
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
