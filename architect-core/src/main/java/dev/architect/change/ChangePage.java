package dev.architect.change;

import dev.architect.check.Check;
import java.util.List;

/**
 * What has changed since a position.
 *
 * @param isGap whether changes since that position are no longer kept, or it is of another era: what is known must be read anew
 * @param changes the first ones after the position, in order and without a gap; none when there is a gap
 * @param position the last of them; the newest of the log when there is none
 */
public record ChangePage(boolean isGap, List<RecordedChange> changes, ChangePosition position) {

    /** Copies the list. */
    public ChangePage {
        changes = List.copyOf(Check.noNulls("changes", changes));
        Check.notNull("position", position);
    }
}
