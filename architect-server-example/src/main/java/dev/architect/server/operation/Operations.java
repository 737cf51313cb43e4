package dev.architect.server.operation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** All operations of a server, which fit together. Immutable. */
public final class Operations {

    private static final Pattern ID = Pattern.compile("[a-z]+([A-Z][A-Za-z0-9]*)?");

    private final List<Operation> all;

    /**
     * Creates the list.
     *
     * @throws IllegalArgumentException when two have the same name, or the same method and path, or one lacks what is known of every other: a
     *     sentence about it and an answer
     */
    public Operations(List<Operation> all) {
        this.all = List.copyOf(all);
        Map<String, Operation> byId = new HashMap<>();
        Map<String, Operation> byPath = new HashMap<>();
        for (Operation each : this.all) {
            if (!ID.matcher(each.id()).matches()) {
                throw new IllegalArgumentException(
                        "id is '" + each.id() + "', expected a verb and what it is about, such as listTasks");
            }
            if (each.summary().isBlank() || each.answers().isEmpty()) {
                throw new IllegalArgumentException(each + " is not described, expected a sentence and an answer");
            }
            refuseTwice(each, byId.put(each.id(), each));
            refuseTwice(each, byPath.put(each.method() + " " + each.path().replaceAll("\\{[^}]*}", "{}"), each));
            List<String> names = Operation.namesIn(each.path());
            each.parameters().stream()
                    .filter(parameter -> parameter.place() == Parameter.Place.PATH && !names.contains(parameter.name()))
                    .findFirst()
                    .ifPresent(foreign -> {
                        throw new IllegalArgumentException(
                                each + " describes {" + foreign.name() + "}, expected a name of its path");
                    });
        }
    }

    private static void refuseTwice(Operation one, @Nullable Operation other) {
        if (other != null) {
            throw new IllegalArgumentException(one + " is there beside " + other + ", expected one of them");
        }
    }

    /** All of them. */
    public List<Operation> all() {
        return all;
    }
}
