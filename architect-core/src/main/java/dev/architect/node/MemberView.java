package dev.architect.node;

import dev.architect.check.Check;
import java.util.Set;

/**
 * The members of a cluster as one of them sees them. A view may be wrong, late, and another one elsewhere.
 *
 * @param id rises with each change that this member sees; ids of different members mean nothing to each other
 * @param members their names, this one included; empty before a transport is started and after it is closed
 */
public record MemberView(long id, Set<String> members) {

    /** Nothing seen. */
    public static final MemberView NONE = new MemberView(0, Set.of());

    /** Copies the set. */
    public MemberView {
        Check.notNegative("id", id);
        members = Set.copyOf(Check.noNulls("members", members));
    }
}
