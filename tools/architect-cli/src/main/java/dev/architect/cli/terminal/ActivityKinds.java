package dev.architect.cli.terminal;

import dev.architect.error.DidYouMean;
import dev.architect.event.ActivityEntry;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Checks kinds of activities that a command line names. */
public final class ActivityKinds {

    private ActivityKinds() {}

    /**
     * Returns the kinds without repetitions.
     *
     * @throws CommandFailure when one of them is none, with the nearest that is
     */
    public static Set<String> checked(List<String> kinds) {
        Set<String> wanted = new LinkedHashSet<>(kinds);
        for (String kind : wanted) {
            if (!ActivityEntry.KINDS.contains(kind)) {
                throw new CommandFailure("--kind is '" + kind + "', expected "
                        + DidYouMean.of(kind, ActivityEntry.KINDS)
                                .map(nearest -> "'" + nearest + "'")
                                .orElse("one of " + String.join(", ", ActivityEntry.KINDS)));
            }
        }
        return wanted;
    }
}
