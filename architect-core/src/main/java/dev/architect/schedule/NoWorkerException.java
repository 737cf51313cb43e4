package dev.architect.schedule;

import dev.architect.error.ArchitectException;
import java.util.Set;
import java.util.TreeSet;

/** No worker of this node performs tasks of such a type. */
final class NoWorkerException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    NoWorkerException(String type, Set<String> known) {
        super("task type is '" + type + "', expected one of " + new TreeSet<>(known));
    }
}
