package dev.architect.planner.approval.shell;

import dev.architect.check.Check;
import java.util.List;

/**
 * What the loose reader saw between two operators: words that may be a program, its arguments and paths.
 *
 * @param words every word in its order, those behind {@code <} among them
 * @param writes the words behind {@code >}, which may be files that are written
 */
public record LooseCommand(List<String> words, List<String> writes) {

    /** Copies the lists. */
    public LooseCommand {
        words = List.copyOf(Check.noNulls("words", words));
        writes = List.copyOf(Check.noNulls("writes", writes));
    }
}
