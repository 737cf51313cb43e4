package dev.architect.planner.approval.path;

import dev.architect.planner.check.ArgumentCheck;
import java.util.List;
import java.util.Optional;

/**
 * A path read in both orders: as a person reads it, and as the kernel does. They differ where {@code ..} follows a link.
 *
 * @param lexical the elements from the root, with {@code ..} taken away before any link is followed
 * @param physical the elements from the root, with every link followed in the order of the kernel
 * @param refused why the path must not be relied on, such as a backslash in it; empty when it may
 */
public record ResolvedPath(List<String> lexical, List<String> physical, Optional<String> refused) {

    /** Copies the lists. */
    public ResolvedPath {
        lexical = List.copyOf(ArgumentCheck.noNulls("lexical", lexical));
        physical = List.copyOf(ArgumentCheck.noNulls("physical", physical));
        ArgumentCheck.notNull("refused", refused);
    }

    /** Whether both readings lead to the same file. */
    public boolean isUnambiguous() {
        return lexical.equals(physical);
    }

    /** Returns elements from the root as text, {@code /} for none. */
    public static String text(List<String> elements) {
        return "/" + String.join("/", ArgumentCheck.noNulls("elements", elements));
    }
}
