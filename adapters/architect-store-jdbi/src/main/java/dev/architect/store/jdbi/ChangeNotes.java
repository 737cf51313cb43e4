package dev.architect.store.jdbi;

import dev.architect.change.ChangeStore;
import dev.architect.change.ChangeTopic;
import dev.architect.json.JsonText;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a transaction has changed, until it is written to the log of changes before the commit. Used by one thread. */
public final class ChangeNotes {

    /** So many entries of the log are deleted together. */
    private static final int FORGOTTEN_AT_ONCE = 64;

    private final List<Note> notes = new ArrayList<>();
    private int written;

    /** Creates an empty list. */
    public ChangeNotes() {}

    private record Note(ChangeTopic topic, String key) {}

    /**
     * A row of the log: some keys of a topic.
     *
     * @param topic the number of the topic
     * @param keys a JSON list of texts
     */
    public record Row(int topic, String keys) {}

    /** Adds a thing that was changed. */
    public void add(ChangeTopic topic, String key) {
        notes.add(new Note(topic, key));
    }

    /** Whether nothing was changed. */
    public boolean isEmpty() {
        return notes.isEmpty();
    }

    /** How many there are, for {@link #cutTo}. */
    public int size() {
        return notes.size();
    }

    /** Forgets those that were added after there were {@code size}. */
    public void cutTo(int size) {
        notes.subList(size, notes.size()).clear();
    }

    /** Returns the rows that state all of it, each key once, and forgets it. */
    public List<Row> take() {
        Map<ChangeTopic, Set<String>> byTopic = new EnumMap<>(ChangeTopic.class);
        notes.forEach(note -> byTopic.computeIfAbsent(note.topic(), topic -> new LinkedHashSet<>())
                .add(note.key()));
        notes.clear();
        List<Row> rows = new ArrayList<>();
        byTopic.forEach((topic, keys) -> {
            List<String> all = List.copyOf(keys);
            for (int from = 0; from < all.size(); from += ChangeStore.MAX_KEYS) {
                List<String> part = all.subList(from, Math.min(all.size(), from + ChangeStore.MAX_KEYS));
                rows.add(new Row(topic.number(), text(part)));
            }
        });
        written += rows.size();
        return rows;
    }

    /** Whether so many rows were taken since it was due that the oldest ones are to be deleted again. */
    public boolean isForgettingDue() {
        if (written < FORGOTTEN_AT_ONCE) {
            return false;
        }
        written = 0;
        return true;
    }

    /** Nearly all keys are numbers, and every change of a task writes one: they need no writer for all of JSON. */
    private static String text(List<String> keys) {
        StringBuilder text = new StringBuilder(16 * keys.size() + 2).append('[');
        for (String key : keys) {
            if (!isPlain(key)) {
                return JsonText.write(keys);
            }
            text.append(text.length() == 1 ? "\"" : ",\"").append(key).append('"');
        }
        return text.append(']').toString();
    }

    private static boolean isPlain(String key) {
        for (int i = 0; i < key.length(); i++) {
            char next = key.charAt(i);
            if (next < ' ' || next > '~' || next == '"' || next == '\\') {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads the keys of a row.
     *
     * @throws IllegalStateException if they are no JSON list
     */
    public static List<String> keys(String json) {
        List<String> plain = plainKeys(json);
        if (plain != null) {
            return plain;
        }
        if (!(JsonText.read(json) instanceof List<?> list)) {
            throw new IllegalStateException("keys of a change are no JSON list, expected one");
        }
        return list.stream().map(String::valueOf).toList();
    }

    /** Reads a list of texts in which nothing is escaped, as far as it is one; else null. */
    private static @Nullable List<String> plainKeys(String json) {
        int last = json.length() - 1;
        if (last < 1 || json.charAt(0) != '[' || json.charAt(last) != ']' || json.indexOf('\\') >= 0) {
            return null;
        }
        List<String> keys = new ArrayList<>();
        int at = 1;
        while (true) {
            // Without escapes each quote begins or ends a text.
            int end = at < last && json.charAt(at) == '"' ? json.indexOf('"', at + 1) : -1;
            if (end < 0) {
                return null;
            }
            keys.add(json.substring(at + 1, end));
            if (end + 1 == last) {
                return keys;
            }
            if (json.charAt(end + 1) != ',') {
                return null;
            }
            // PostgreSQL writes a space behind the comma.
            at = json.charAt(end + 2) == ' ' ? end + 3 : end + 2;
        }
    }
}
