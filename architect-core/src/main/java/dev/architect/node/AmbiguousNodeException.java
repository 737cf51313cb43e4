package dev.architect.node;

import dev.architect.check.Check;
import dev.architect.error.ArchitectException;
import java.util.List;

/** Several living nodes have the same name. Their incarnations tell them apart. */
public final class AmbiguousNodeException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final String name;

    @SuppressWarnings("serial")
    private final List<Long> incarnations;

    /**
     * Creates the exception.
     *
     * @param name what they are called
     * @param incarnations of all of them
     */
    public AmbiguousNodeException(String name, List<Long> incarnations) {
        super("name '" + name + "' stands for "
                + Check.noNulls("incarnations", incarnations).size()
                + " living nodes, expected one of the incarnations " + incarnations);
        this.name = name;
        this.incarnations = List.copyOf(incarnations);
    }

    /** What they are called. */
    public String name() {
        return name;
    }

    /** Their incarnations. */
    public List<Long> incarnations() {
        return incarnations;
    }
}
