package dev.architect.change;

import dev.architect.check.Check;
import java.util.List;

/**
 * One entry of the log of changes: things of one topic that one or several transactions have changed.
 *
 * @param sequence its number, from 1 on; each is one more than that of the entry before
 * @param topic what was changed
 * @param keys which things, 1 to {@value ChangeStore#MAX_KEYS}, each once; what one looks like is said at the topic
 */
public record RecordedChange(long sequence, ChangeTopic topic, List<String> keys) {

    /** Checks the number and copies the list. */
    public RecordedChange {
        if (sequence < 1) {
            throw new IllegalArgumentException("sequence is " + sequence + ", expected at least 1");
        }
        Check.notNull("topic", topic);
        keys = List.copyOf(Check.noNulls("keys", keys));
        if (keys.isEmpty() || keys.size() > ChangeStore.MAX_KEYS) {
            throw new IllegalArgumentException(
                    "keys has " + keys.size() + " entries, expected 1.." + ChangeStore.MAX_KEYS);
        }
    }
}
