package dev.architect.step;

import dev.architect.check.Check;
import java.time.Instant;
import java.util.Map;

/**
 * How far an attempt has come, by its worker.
 *
 * @param percent 0 to 100
 * @param note for people, at most 1,000 characters
 * @param data for programs, at most 100 entries with 10,000 characters in all
 * @param at when the worker said so, by the clock of its node
 */
public record TaskProgress(int percent, String note, Map<String, String> data, Instant at) {

    private static final int MAX_NOTE_CHARACTERS = 1_000;
    private static final int MAX_ENTRIES = 100;
    private static final int MAX_DATA_CHARACTERS = 10_000;

    /** Copies the map and checks every field. */
    public TaskProgress {
        Check.range("percent", percent, 0, 100);
        Check.atMost("note", note, MAX_NOTE_CHARACTERS);
        data = Map.copyOf(Check.noNulls("data", data));
        Check.range("data size", data.size(), 0, MAX_ENTRIES);
        int characters = 0;
        for (Map.Entry<String, String> entry : data.entrySet()) {
            characters += entry.getKey().length() + entry.getValue().length();
        }
        Check.range("data characters", characters, 0, MAX_DATA_CHARACTERS);
        Check.notNull("at", at);
    }
}
