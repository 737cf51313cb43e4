package dev.architect.planner.transfer;

import dev.architect.project.Actor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads names that were joined by a comma and a space. Names may hold commas themselves, so a text is read only when it can be read in exactly one way
 * as names that are known.
 */
final class KanbanPeople {

    private static final String COMMA = ", ";
    private static final int MOST_PARTS = 100;

    private final Set<String> known = new HashSet<>();
    private final Set<String> twice = new HashSet<>();

    /** Adds the name of a user. */
    void add(String name) {
        if (!known.add(name)) {
            twice.add(name);
        }
    }

    /** Returns who is named, or nobody with a finding. */
    List<Actor> read(SourceBuilder source, String place, String field, String text) {
        if (text.isBlank()) {
            return List.of();
        }
        String[] parts = text.strip().split(COMMA, -1);
        List<List<String>> ways = parts.length > MOST_PARTS ? List.of() : ways(parts);
        if (ways.size() != 1) {
            source.find(
                    place,
                    field,
                    "'" + text + "' can be read in " + (ways.isEmpty() ? "no way" : "several ways")
                            + " as names of users: it is kept beside the item");
            return List.of();
        }
        List<Actor> people = new ArrayList<>();
        for (String name : ways.get(0)) {
            if (twice.contains(name)) {
                source.find(place, field, "'" + name + "' is the name of two users: which of them is open");
            }
            Optional<Actor> person = source.person(place, field, name);
            person.ifPresent(people::add);
        }
        return people;
    }

    /** At most two ways to join parts to known names. */
    private List<List<String>> ways(String[] parts) {
        List<List<List<String>>> from = new ArrayList<>();
        for (int i = 0; i <= parts.length; i++) {
            from.add(new ArrayList<>());
        }
        from.get(parts.length).add(List.of());
        for (int start = parts.length - 1; start >= 0; start--) {
            StringBuilder name = new StringBuilder();
            for (int end = start; end < parts.length; end++) {
                name.append(end == start ? "" : COMMA).append(parts[end]);
                if (known.contains(name.toString())) {
                    for (List<String> rest : from.get(end + 1)) {
                        if (from.get(start).size() < 2) {
                            List<String> way = new ArrayList<>(List.of(name.toString()));
                            way.addAll(rest);
                            from.get(start).add(way);
                        }
                    }
                }
            }
        }
        return from.get(0);
    }
}
